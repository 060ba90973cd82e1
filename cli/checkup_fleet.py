"""What ``doctor`` and ``status`` tell of this box's hub, where it has joined one."""

from __future__ import annotations

from datetime import datetime, timedelta

from box.aside import all_aside
from box.checkup import Finding
from box.folders import Folders
from box.sentences import Sentence
from fleet.agent.standing import Standing, standing_in
from fleet.agent.states import State
from tts.unfitted import unfitted_in

_MOST_TITLES = 3
DAMAGE_IS_TOLD = timedelta(days=7)
LONG_AWAY = timedelta(hours=1)  # a router that was restarted is back long before


def check_up_fleet(folders: Folders, now: datetime) -> list[Finding]:
    """Return how this box stands to its hub, and what storage has damaged of it; nothing where it never joined one."""
    return [*_stands(folders, now), *_damaged(folders, now)]


def _damaged(folders: Folders, now: datetime) -> list[Finding]:
    names = sorted({one.name for one in all_aside(folders.fleet) if now - one.at < DAMAGE_IS_TOLD})
    if not names:
        return []
    what = Sentence(
        f"联网的文件在存储卡上坏过，坏的另存着：{'、'.join(names)}",
        f"files of the fleet were damaged on the storage and put aside: {', '.join(names)}",
    )
    return [
        Finding("fleet-files", "wrong", what, Sentence("检查存储卡，最好换一张", "check the storage, or replace it"))
    ]


def _stands(folders: Folders, now: datetime) -> list[Finding]:
    standing = standing_in(folders.fleet)
    if standing is None:
        return []
    if standing.state is State.DAMAGED and standing.trouble is not None:
        mend = Sentence(
            "交入网票：在面板的 设置 → 社区总站，或者 xiaolaba join",
            "hand in the ticket: Settings → Community hub on the panel, or: xiaolaba join",
        )
        return [Finding("fleet", "wrong", standing.trouble, mend)]
    if standing.trouble is not None:
        mend = Sentence("看联网程序的日志：journalctl -u xiaolaba-fleet", "its log: journalctl -u xiaolaba-fleet")
        return [Finding("fleet", "wrong", standing.trouble, mend)]
    what = standing_sentence(standing)
    if standing.state is State.ENROLLED:
        mend = Sentence("请总站的人核对，一样就确认", "have somebody at the hub compare and confirm them")
        return [Finding("fleet", "note", what, mend)]
    if standing.state is State.JOINED:
        return [Finding("fleet", "good", what)]
    mend = Sentence(
        f"检查到总站 {standing.hub} 的网络；离线时照常播出已有的节目",
        f"check the network to the hub, {standing.hub}; what is here is aired meanwhile",
    )
    return [Finding("fleet", "wrong" if now - standing.since > LONG_AWAY else "note", what, mend)]


def check_up_fitting(folders: Folders) -> list[Finding]:
    """Return which of the hub's messages could not be fitted to this box's loudspeaker; nothing where all could."""
    found = unfitted_in(folders.panel)
    if not found:
        return []
    titles = [one.title for one in found[:_MOST_TITLES]]
    zh, en = "、".join(f"“{title}”" for title in titles), ", ".join(titles)
    more_zh, more_en = ("等", ", …") if len(found) > _MOST_TITLES else ("", "")
    what = Sentence(
        f"社区统一的稿件有 {len(found)} 篇没能调成适合这里喇叭的声音，照原样播：{zh}{more_zh}（{found[-1].why.zh}）",
        f"{len(found)} of the hub's messages could not be fitted to this loudspeaker and are aired as they came:"
        f" {en}{more_en} ({found[-1].why.en})",
    )
    mend = Sentence(
        "一天以后再发布时会再试；一直这样就看面板的日志：journalctl -u xiaolaba-panel",
        "it is tried again with what is published a day later; if it stays so, see: journalctl -u xiaolaba-panel",
    )
    return [Finding("fitting", "note", what, mend)]


def standing_sentence(standing: Standing) -> Sentence:
    """Return how the box stands to its hub."""
    since = f"{standing.since.astimezone():%Y-%m-%d %H:%M}"
    who = f"{standing.zone}（{standing.name}）"
    if standing.state is State.JOINED:
        missing = standing.missing
        zh, en = (f"，还有 {missing} 段声音没收到", f", {missing} clips still to come") if missing else ("", "")
        return Sentence(
            f"社区总站 {standing.hub}：在线，从 {since} 起，叫 {who}{zh}",
            f"hub {standing.hub}: online since {since} as {standing.name}{en}",
        )
    if standing.state is State.ENROLLED:
        return Sentence(
            f"正在加入社区总站 {standing.hub}，六位数字是 {standing.digits}",
            f"joining the hub {standing.hub}; the six digits are {standing.digits}",
        )
    if standing.state is State.DAMAGED:
        return Sentence(
            f"入网资料坏了，从 {since} 起收不到社区总站的新内容，要请总站再添加一次",
            f"the membership is damaged: nothing new from the hub since {since}; it has to add this box once more",
        )
    if standing.state in {State.LEFT, State.STANDALONE}:
        return Sentence("没有加入社区总站", "this box is in no community")
    return Sentence(
        f"社区总站 {standing.hub}：连不上，从 {since} 起，叫 {who}",
        f"hub {standing.hub}: not reached since {since}, as {standing.name}",
    )
