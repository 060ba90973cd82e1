"""What the verdicts of the microphone come to: into the as-run log, and alarms where a person is needed."""

from __future__ import annotations

from box.sentences import Sentence
from speaker.alarms import NOT_HEARD, AlarmBoard
from speaker.asrun.log import AsRunLog
from speaker.heard import Hearing, why_not_listened

NOT_HEARD_IN_A_ROW = 3  # one may be a lorry's fault; with four broadcasts a day, this is told within the day
_AT_MOST_BETWEEN = 20  # that nobody could listen to
_MICROPHONES_FAULT = frozenset({"missing", "busy", "denied", "unfit", "lost", "deaf", "failed", "too-slow"})


class HearingWatch:
    """Takes the verdicts, on the station's thread."""

    def __init__(self, log: AsRunLog, alarms: AlarmBoard) -> None:
        self._log = log
        self._alarms = alarms

    def take(self, listening: int, hearing: Hearing) -> None:
        """Write the verdict and tell what needs a person. Raises LogUnwritable."""
        fault = hearing.verdict == "not-listened" and hearing.why in _MICROPHONES_FAULT
        if fault:
            why = why_not_listened(hearing)
            self._alarms.put(
                "microphone", Sentence(f"听不到播出：{why.zh}", f"nobody listens to what is aired: {why.en}")
            )
        elif hearing.verdict != "not-listened":
            self._alarms.clear("microphone")
        if self._log.hear(listening, hearing):
            self.look()

    def look(self) -> None:
        """Raise or clear the alarm about what was not heard, by what is on record."""
        last = self._log.last_hearings(NOT_HEARD_IN_A_ROW + _AT_MOST_BETWEEN)
        judged = [one.verdict for one in last if one.verdict != "not-listened"][:NOT_HEARD_IN_A_ROW]
        if len(judged) == NOT_HEARD_IN_A_ROW and set(judged) == {"not-heard"}:
            self._alarms.put("not-heard", NOT_HEARD)
        else:
            self._alarms.clear("not-heard")
