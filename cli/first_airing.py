"""The first airing: once, so that the person who tries ``run`` hears it (or finds the recording)."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from box.sentences import Sentence
from cli.log import airings
from programme.model import Broadcast
from programme.publication import SAMPLE_RATE_HZ, Publication
from speaker.airing import Outcome
from speaker.client import SpeakerClient
from speaker.protocol import Refused, Status
from speaker.record import Airing
from speaker.words import standing


class FirstAiring:
    """Asks for the first broadcast once in the life of a data folder, and follows it to its end."""

    def __init__(self, client: SpeakerClient, publication: Publication, air: Path) -> None:
        self._client = client
        self._publication = publication
        self._air = air
        self._airing: int | None = None

    @property
    def sounds(self) -> bool:
        """Tell whether it is on, as far as is known."""
        return self._airing is not None

    def ask(self, status: Status) -> Sentence | None:
        """Ask for it if it has never been; return what to tell about it, None where there is nothing to.

        With a real card in quiet hours it is not asked for; where it only records, any hour will do.
        """
        broadcast = first_of(self._publication)
        if broadcast is None or any(_counts(row) for row in airings(self._client)):
            return None
        if status.quiet_now and status.card != "recorder":
            return _waits(broadcast.id, self._publication.timezone, status)
        reply = self._client.play(broadcast=broadcast.id, origin="first-airing", who="run")
        if isinstance(reply, Refused):
            return Sentence(f"第一次试播没有播：{reply.zh}", f"the first airing was refused: {reply.en}")
        self._airing = reply.airing
        return Sentence(
            f"正在试播第一个时段（{broadcast.id}），只播这一次",
            f"airing the first broadcast ({broadcast.id}), this once",
        )

    def follow(self, status: Status) -> Sentence | None:
        """Return what became of it once it has ended, None until then."""
        if self._airing is None:
            return None
        row = next(iter(self._client.records(after=self._airing - 1, most=1).airings), None)
        if row is None or row.outcome is None:
            return None
        self._airing = None
        outcome = standing(row.outcome, row.reason)
        seconds = round(row.frames_played / SAMPLE_RATE_HZ)
        zh, en = f"试播：{outcome.zh}，{seconds} 秒", f"first airing: {outcome.en}, {seconds} s"
        if status.card == "recorder":
            return Sentence(f"{zh}，录音在 {self._air}/", f"{en}, recorded to {self._air}/")
        return Sentence(zh, en)


def first_of(publication: Publication) -> Broadcast | None:
    """Return the earliest broadcast of a day."""
    return min(publication.broadcasts, key=lambda broadcast: broadcast.at, default=None)


def _counts(row: Airing) -> bool:
    return row.origin == "first-airing" and row.outcome is not Outcome.REFUSED


def _waits(broadcast_id: str, timezone: str, status: Status) -> Sentence:
    zone = ZoneInfo(timezone)
    end = status.quiet_hours.partition("-")[2].strip()
    at = status.next_due.astimezone(zone).strftime("%H:%M") if status.next_due else "—"
    return Sentence(
        f"现在是安静时段（{status.quiet_hours}），不试播。{end} 以后想听：./xiaolaba play {broadcast_id}，"
        f"或在面板上按“马上播”；下一次按时播出是 {at}",
        f"quiet hours now ({status.quiet_hours}): no first airing. To hear it after {end}:"
        f" ./xiaolaba play {broadcast_id}, or “play now” in the panel; the next scheduled one is at {at}",
    )
