"""What became of an order to a zone, in words."""

from __future__ import annotations

from box.sentences import Sentence
from fleet.wire.accounts import Report, What
from fleet.wire.topics import Inward
from web.words import Look

_LOOKS = {
    What.TAKEN: Look(Sentence("收到了", "received"), "tick", "quiet"),
    What.APPLIED: Look(Sentence("用上了", "applied"), "tick", "good"),
    What.READY: Look(Sentence("准备好了", "ready"), "tick", "quiet"),
    What.ARMED: Look(Sentence("到点就播", "armed"), "clock", "next"),
    What.STARTED: Look(Sentence("开始播了", "started"), "sound", "now"),
    What.ENDED: Look(Sentence("播完了", "ended"), "tick", "good"),
    What.STOPPED: Look(Sentence("停了", "stopped"), "stop", "quiet"),
    What.TOO_LATE: Look(Sentence("到得太晚，没播", "too late, not played"), "cross", "bad"),
    What.REFUSED: Look(Sentence("没有照办", "refused"), "cross", "bad"),
}
_ABOUT = {
    Inward.KEYS: Sentence("总站的钥匙", "the hub's keys"),
    Inward.PROGRAMME: Sentence("节目", "programme"),
    Inward.URGENT: Sentence("全体插播", "urgent announcement"),
    Inward.ACKNOWLEDGED: Sentence("记录的回执", "receipt for records"),
    Inward.ANSWERS: Sentence("对建议的答复", "answers to proposals"),
}


def report_look(report: Report) -> tuple[Sentence, Look]:
    """Return what the report is about, and what became of it."""
    return _ABOUT[report.channel], _LOOKS[report.what]
