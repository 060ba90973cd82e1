"""What needs a person just now."""

from __future__ import annotations

from threading import Lock

from box.sentences import Sentence
from speaker.condition import Alarm

NOTHING_ON_AIR = Sentence(
    "还没有发布节目，到点不会播出；请在管理页面上发布", "nothing is on air yet; publish the programme in the panel"
)
CLOCK_UNTRUSTED = Sentence(
    "停电以后设备不知道现在几点，什么都不播。接上网络等几分钟就好；没有网络，请在“今天”页核对手机时间，再按设备上的按钮",
    "after a power cut the box does not know the time and says nothing. Connect the network and wait a few minutes;"
    " without one, send your phone's time on the page Today, then press the button on the box",
)
CLOCK_UNTRUSTED_WITHOUT_BUTTON = Sentence(
    "停电以后设备不知道现在几点，什么都不播。请接上网络等几分钟；没有网络，请安装人员加一块带电池的时钟模块",
    "after a power cut the box does not know the time and says nothing. Connect the network and wait a few minutes;"
    " without one, have a clock module with a battery added",
)
CLOCK_NOT_SET = Sentence(
    "确认的时间没有设成，请在“今天”页再发一次；还不行请重新启动设备",
    "the confirmed time could not be set: send it once more on the page Today, and restart the box if it stays so",
)
CARD_MISSING = Sentence(
    "声卡没有连接，请检查音箱插头；接好后会自动恢复",
    "the sound card is not there; check the loudspeaker's plug, it is tried again by itself",
)
CLIP_DAMAGED = Sentence(
    "有一条稿件的录音损坏，没有播全；请在管理页面上重新保存这条稿件",
    "a message's clip is damaged and was not aired whole; save that message once more in the panel",
)
LOG_LOST = Sentence(
    "播出记录不能用（损坏，或者是更新的版本写的），已另存并重新开始记录；今天早些时候的广播不再补播",
    "the as-run log can't be used (damaged, or of a later version); it is kept aside and a new one was begun,"
    " earlier broadcasts are not repeated",
)
ON_TOO_LONG = Sentence(
    "功放开得太久，已经强制关掉；请重新启动设备，若再出现请联系维护人员",
    "the amplifier was on for too long and was switched off; restart the box, and call for help if it comes again",
)
NOT_HEARD = Sentence(
    "话筒连着三次没有听到播出：请看功放的电源、音量和音箱的线；音箱确实在响的话，请看话筒的位置",
    "three airings in a row were not heard by the microphone: check the amplifier's power and volume and the"
    " loudspeaker's wires; if it does sound, check where the microphone is",
)
FAULT = Sentence(
    "播音程序内部出错，请重新启动设备；若再出现请联系维护人员",
    "the speaker failed inside; restart the box, and call for help if it comes again",
)


def contact_wire_fault(name: str, *, cut: bool) -> Sentence:
    """Return that the wires of a contact are cut or shorted."""
    if cut:
        return Sentence(
            f"外接开关“{name}”断线：两根线都不通，它触发了也可能收不到；请检查从触点到设备的接线",
            f"a wire of the contact “{name}” is cut: neither side is closed, and a call may be lost. Check the cable",
        )
    return Sentence(
        f"外接开关“{name}”短路：两根线都通，分不清是不是触发；请检查从触点到设备的接线",
        f"the wires of the contact “{name}” are shorted: both sides are closed. Check the cable",
    )


def contact_chatters(name: str) -> Sentence:
    """Return that a contact changes too often to be believed."""
    return Sentence(
        f"外接开关“{name}”时通时断，稳定一分钟以后才恢复正常；请检查触点和接线",
        f"the contact “{name}” chatters; it is believed again when it was still for a minute. Check it and its cable",
    )


class AlarmBoard:
    """The alarms that stand, each under a code that never changes. Any thread may raise and clear."""

    def __init__(self) -> None:
        self._standing: dict[str, Sentence] = {}
        self._lock = Lock()

    def put(self, code: str, sentence: Sentence) -> None:
        """Let ``sentence`` stand under ``code`` until it is cleared."""
        with self._lock:
            self._standing[code] = sentence

    def clear(self, code: str) -> None:
        """Take the alarm under ``code`` away, if it stands."""
        with self._lock:
            self._standing.pop(code, None)

    def all(self) -> tuple[Alarm, ...]:
        """Return the alarms that stand, the oldest first."""
        with self._lock:
            return tuple(Alarm(code=code, zh=words.zh, en=words.en) for code, words in self._standing.items())
