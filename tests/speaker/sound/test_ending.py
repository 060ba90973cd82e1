"""How a rundown ended: what ended it, and whether any of it was heard, decide what is said of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from speaker.airing import Outcome, Reason, Sound
from speaker.sound.ending import ended_by, result_of
from speaker.sound.inbox import Begin, Close, Command, End
from tests.speaker.listening import rundown

NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)
PIECE = rundown(Sound(Path("a.wav"), 48_000, "a"), due=NOON)


@dataclass
class Counted:
    """So many frames have sounded, the first of them ``late`` after the instant."""

    played: int
    late: timedelta = timedelta()

    @property
    def started(self) -> datetime | None:
        """When the first one sounded."""
        return NOON + self.late if self.played else None

    @property
    def ended(self) -> datetime | None:
        """When the last one did."""
        return NOON + self.late + timedelta(seconds=self.played / 48_000) if self.played else None


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (Begin(PIECE, lambda _: None), (Outcome.PRE_EMPTED, Reason.HIGHER_PRIORITY)),
        (End(Reason.STOPPED), (Outcome.CUT, Reason.STOPPED)),
        (End(Reason.TOO_LONG), (Outcome.CUT, Reason.TOO_LONG)),
        (Close(), (Outcome.CUT, Reason.SHUT_DOWN)),
    ],
)
def test_a_command_ends_what_sounds(command: Command, told: tuple[Outcome, Reason]) -> None:
    """Another rundown pre-empts it, a stop cuts it for its reason, and so does the end of the program."""
    assert ended_by(command) == told


@pytest.mark.parametrize(
    ("reason", "heard", "unheard"),
    [
        (Reason.CARD_LOST, (Outcome.CUT, Reason.CARD_LOST), (Outcome.MISSED, Reason.CARD_MISSING)),
        (Reason.CLIP_DAMAGED, (Outcome.CUT, Reason.CLIP_DAMAGED), (Outcome.MISSED, Reason.CLIP_DAMAGED)),
        (Reason.QUIET_HOURS, (Outcome.CUT, Reason.QUIET_HOURS), (Outcome.REFUSED, Reason.QUIET_HOURS)),
        (Reason.STOPPED, (Outcome.CUT, Reason.STOPPED), (Outcome.CUT, Reason.STOPPED)),
    ],
)
def test_what_nobody_heard_was_not_cut(
    reason: Reason, heard: tuple[Outcome, Reason], unheard: tuple[Outcome, Reason]
) -> None:
    """Without a card or a whole clip it was missed, in quiet hours it was refused; a person who stops it cuts it."""
    later = NOON + timedelta(seconds=9)
    for counted, told in ((Counted(24_000), heard), (Counted(0), unheard), (None, unheard)):
        result = result_of(PIECE, Outcome.CUT, reason, counted, later)
        assert (result.outcome, result.reason) == told


def test_the_result_has_the_figures() -> None:
    """Lateness is the first frame's against the instant, and the end is the last frame's, not when it was told."""
    result = result_of(
        PIECE, Outcome.AIRED, Reason.NONE, Counted(48_000, timedelta(milliseconds=3)), NOON + timedelta(seconds=9)
    )
    assert (result.frames_played, result.lateness_ms) == (48_000, pytest.approx(3.0))
    assert result.ended == NOON + timedelta(seconds=1, milliseconds=3)


def test_what_never_sounded_ended_when_it_was_told() -> None:
    """There is no start and no lateness; the end is now."""
    result = result_of(PIECE, Outcome.MISSED, Reason.CARD_MISSING, None, NOON)
    assert (result.frames_played, result.started, result.lateness_ms, result.ended) == (0, None, None, NOON)
