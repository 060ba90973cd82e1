"""How a broadcast stands and why, in words for a person: the speaker's, the panel's and the command's."""

from __future__ import annotations

from datetime import datetime

from box.sentences import Sentence
from box.settings import Contact
from speaker.airing import Outcome, Reason
from speaker.condition import ClockStatus, ContactStatus
from speaker.protocol import Refused
from speaker.trust.states import Proof, Trust

_REASONS = {
    Reason.NONE: Sentence("", ""),
    Reason.STOPPED: Sentence("有人按了停止", "somebody pressed stop"),
    Reason.HIGHER_PRIORITY: Sentence("让给了更要紧的广播", "a page or an emergency took its place"),
    Reason.CARD_LOST: Sentence(
        "播到一半声卡断开了，请检查音箱的插头",
        "the sound card went away while it sounded; check the loudspeaker's plug",
    ),
    Reason.CARD_MISSING: Sentence(
        "声卡没有连接，请检查音箱的插头和电源", "the sound card is not there; check the loudspeaker's plug and power"
    ),
    Reason.CLIP_DAMAGED: Sentence(
        "声音文件坏了，请打开这篇稿件再保存一次", "a clip is damaged; open its message and save it once more"
    ),
    Reason.TOO_LONG: Sentence(
        "超过了安装人员定的最长时间，请把稿件改短一些",
        "it is longer than the installer allows at a time; make it shorter",
    ),
    Reason.DAY_USED_UP: Sentence(
        "这一天的播出时间用完了，第二天再播", "the installer's minutes for the day are used up"
    ),
    Reason.TOO_SOON: Sentence(
        "刚插播过，安装人员定了间隔，请过一会儿再播",
        "a page has just sounded; the installer wants a pause, try again later",
    ),
    Reason.QUIET_HOURS: Sentence("在安静时段里，不能出声", "these are quiet hours, nothing may sound"),
    Reason.QUIET_REQUEST: Sentence(
        "有人请求安静一会儿，到时间自动恢复；应急广播照常能播",
        "somebody asked for quiet for a while; it ends by itself, and an emergency still sounds",
    ),
    Reason.TOO_LATE: Sentence("发现得太晚，可能停过电", "found due only after its grace; was the power off?"),
    Reason.BUSY: Sentence("正在播别的，要等它结束", "something else is sounding and must end first"),
    Reason.INTERRUPTED: Sentence("播到一半断电或重启了", "power or the speaker went away while it sounded"),
    Reason.SHUT_DOWN: Sentence("播到一半，喇叭被关掉了", "the speaker was shut down while it sounded"),
    Reason.NOTHING_TO_SAY: Sentence(
        "要播的稿件都不在有效期内，请改一改日期或内容", "all its messages have expired or are not valid yet; renew them"
    ),
    Reason.UNKNOWN: Sentence(
        "找不到要播的时段或稿件，请看节目单", "there is no such broadcast or message; look at the programme"
    ),
    Reason.CLOCK_UNTRUSTED: Sentence(
        "设备不知道准确时间，为免半夜出声，暂不播出；请在“今天”页核对时间",
        "the box does not know the time, so nothing may sound; confirm the time on the page Today",
    ),
    Reason.NOTHING_ON_AIR: Sentence(
        "还没有开播，请先在管理页面上发布", "nothing has been put on air yet; publish first"
    ),
    Reason.CONTACT_ACTIVE: Sentence("外接开关触发了", "the contact became active"),
    Reason.CONTACT_AT_START: Sentence(
        "喇叭启动时，外接开关已经是触发状态", "the contact was active already when the speaker started"
    ),
    Reason.CONTACT_AT_REST: Sentence("外接开关恢复了", "the contact is at rest again"),
    Reason.CONTACT_CUT: Sentence(
        "外接开关的线断了，请检查接线", "a wire of the contact is cut; check it from end to end"
    ),
    Reason.CONTACT_SHORT: Sentence(
        "外接开关的线短路了，请检查接线", "the wires of the contact are shorted; check them from end to end"
    ),
    Reason.CONTACT_CHATTERS: Sentence(
        "外接开关时通时断，请检查触点和接线", "the contact chatters; check it and its wires"
    ),
}

_STATES = {
    "later": Sentence("待播", "later"),
    "next": Sentence("下一次", "next"),
    "sounding": Sentence("正在播", "sounding"),
    "held": Sentence("被打断，等会儿接着播", "cut, goes on afterwards"),
    Outcome.AIRED: Sentence("已播", "aired"),
    Outcome.CUT: Sentence("没播完", "cut"),
    Outcome.PRE_EMPTED: Sentence("被打断", "pre-empted"),
    Outcome.MISSED: Sentence("漏播", "missed"),
    Outcome.REFUSED: Sentence("没有播", "refused"),
    Outcome.NOTED: Sentence("记下了", "noted"),
    "not-owed": Sentence("今天不播", "not today: put on air only after its time"),
}

SILENCED = Sentence(
    "有人在设备上长按了静音，下一次定时广播后恢复；也可以在设备上短按恢复",
    "somebody silenced the box by its button, until the next broadcast; a short press ends it sooner",
)


def reason_sentence(reason: Reason) -> Sentence:
    """Return why, and what to do about it; empty for ``Reason.NONE``."""
    return _REASONS[reason]


def state_sentence(state: str) -> Sentence:
    """Return an outcome, or the state of a broadcast of the day (``CueStatus.state``), in one or two words."""
    return _STATES.get(state) or Sentence(state, state)


def standing(state: str, reason: Reason) -> Sentence:
    """Return an outcome or a state, and its reason if it has one."""
    how, why = state_sentence(state), reason_sentence(reason)
    return Sentence(f"{how.zh}（{why.zh}）", f"{how.en} ({why.en})") if reason else how


_PROOFS = {
    Proof.SYNCHRONISED: Sentence("开机后和网络核对过", "synchronised since the box was switched on"),
    Proof.CHIP: Sentence("停电时由时钟模块保持", "a clock module kept it through the power cut"),
    Proof.PERSON: Sentence("在设备上用按钮确认过", "confirmed at the box with the button"),
}


def clock_sentence(clock: ClockStatus, now: datetime) -> Sentence:
    """Return how far the clock can be believed, and why; for one that was long kept, what to do."""
    if clock.trust is Trust.UNTRUSTED:
        return Sentence("设备不知道现在几点，什么都不播", "the box does not know the time: nothing sounds")
    if clock.trust is Trust.ASSUMED:
        return Sentence("时间按本机时钟，没有核对", "the clock of this machine is taken on trust")
    if clock.trust is Trust.SYNCHRONISED:
        return Sentence("时间正在和网络核对", "the clock is synchronised")
    if clock.wants_checking:
        days = (now - clock.checked).days if clock.checked else None
        zh, en = (f"{days} 天", f"for {days} days") if days is not None else ("很久", "for long")
        return Sentence(
            f"时间{zh}没有核对了，可能差一两分钟；请和手机对一下",
            f"the clock was compared with nothing {en} and may be a minute or two off: compare it with a phone",
        )
    why = _PROOFS[clock.proof]
    return Sentence(f"时间可信（{why.zh}）", f"the clock is kept ({why.en})")


def contact_without_message(contact: Contact) -> Sentence:
    """Return what is wrong with a contact whose message is not on air today, and what to do."""
    name, message = contact.name, contact.message
    zh, en = (
        ("它触发时只响应急信号、没有话", "it would sound the emergency signal without words")
        if contact.priority == "emergency"
        else ("它触发时不会响", "it would sound nothing")
    )
    return Sentence(
        f"外接开关“{name}”要播的稿件（{message}）不在节目单里或不在有效期内，{zh}；请补上稿件，或请安装人员改设置",
        f"the message of the contact “{name}” ({message}) is not on air today: {en}. Bring it back, or have the"
        " settings changed",
    )


_LINES = {
    "unknown": Sentence("还没有读到", "not read yet"),
    "rest": Sentence("平时状态", "at rest"),
    "cut": Sentence("断线", "its wire is cut"),
    "short": Sentence("短路", "its wires are shorted"),
}


def contact_sentence(contact: ContactStatus, now: datetime) -> Sentence:
    """Return how a contact stands, and what of its call; with the reminder of a test where that is due."""
    zh, en = _call_sentence(contact) if contact.call != "none" else _LINES.get(contact.line, _ACTIVE)
    if contact.chatters:
        zh, en = f"时通时断，{zh}", f"chatters, {en}"
    elif contact.line in {"cut", "short"} and contact.call != "none":
        zh, en = f"{_LINES[contact.line].zh}，{zh}", f"{_LINES[contact.line].en}, {en}"
    if contact.wants_testing and contact.active is None:
        return Sentence(f"{zh}；从没有触发过，请试一次", f"{en}; it has never called: test it")
    if contact.wants_testing and contact.active is not None:
        days = (now - contact.active).days
        return Sentence(f"{zh}；{days} 天没有触发过，请试一次", f"{en}; it has not called for {days} days: test it")
    return Sentence(zh, en)


_ACTIVE = Sentence("触发中", "active")


def _call_sentence(contact: ContactStatus) -> Sentence:
    if contact.call == "stuck":
        return Sentence(
            "喇叭启动时就是触发状态，可能卡住了，松开或修好以后才正常",
            "it was active when the speaker started and may be stuck; it calls again after it was at rest",
        )
    if contact.call == "silenced":
        return Sentence("触发中，有人停了播放，下次触发再播", "active; somebody stopped it, the next call is heard")
    if contact.call == "used-up":
        return Sentence(f"触发中，已播满 {contact.said} 遍，不再播", f"active; said {contact.said} times, and no more")
    if contact.hindrance:
        why = reason_sentence(contact.hindrance)
        return Sentence(f"触发中，现在播不了：{why.zh}", f"active, but not heard: {why.en}")
    if contact.said == 0:
        return _ACTIVE
    return Sentence(f"触发中，播过 {contact.said} 遍", f"active; said {contact.said} times so far")


def refused(reason: Reason, sentence: Sentence | None = None) -> Refused:
    """Return the reply that says why something was not done."""
    zh, en = sentence or reason_sentence(reason)
    return Refused(reason=reason, zh=zh, en=en)
