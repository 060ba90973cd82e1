"""What is said of a machine whose power was cut: each thing that may be broken is seen, and a whole one passes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from speaker.airing import Outcome, Reason
from speaker.record import Airing
from tests.machine.judged import at_night, behind, heard_at_night, lost_rows, lost_words, twice, unrecorded

MORNING = datetime(2026, 1, 17, 7, 30, tzinfo=UTC)
NIGHT = (datetime(2026, 1, 17, 8, 0, tzinfo=UTC), datetime(2026, 1, 17, 8, 12, tzinfo=UTC))
ROW = Airing(
    id=1,
    change=2,
    priority="programme",
    origin="schedule",
    who="",
    broadcast="morning",
    day=date(2026, 1, 17),
    attempt=1,
    due=MORNING,
    started=MORNING,
    ended=MORNING + timedelta(seconds=40),
    outcome=Outcome.AIRED,
    reason=Reason.NONE,
    frames=48_000,
    frames_played=48_000,
    lateness_ms=0.1,
    volume_percent=80,
    revision="r",
    said=(),
    hash="abc",
)


def but(**changes: object) -> Airing:
    """Return the row with something else in it."""
    return msgspec.structs.replace(ROW, **changes)


def test_a_row_that_had_ended_is_there_as_it_was() -> None:
    """Gone or changed is broken; one that still sounded then may have any end now."""
    assert lost_rows([ROW], [ROW, but(id=2)]) == []
    assert lost_rows([but(outcome=None, hash="")], [ROW]) == []
    assert len(lost_rows([ROW], [])) == 1
    assert len(lost_rows([ROW], [but(hash="abd")])) == 1


def test_an_occurrence_is_completed_once_and_begun_twice_at_most() -> None:
    """A page has no occurrence, and may be played as often as somebody likes."""
    cut = but(outcome=Outcome.CUT)
    assert twice([cut, but(id=2)]) == []
    assert twice([but(origin="panel"), but(origin="panel")]) == []
    assert twice([ROW, but(day=date(2026, 1, 18))]) == []
    assert len(twice([ROW, ROW])) == 1
    assert len(twice([cut, cut, cut])) == 1


def test_nothing_is_on_record_as_heard_in_quiet_hours() -> None:
    """From their first moment to their last; what was refused there was not heard."""
    inside = NIGHT[0] + timedelta(minutes=3)
    assert at_night([ROW, but(started=NIGHT[1], ended=None)], NIGHT) == []
    assert at_night([but(started=inside, ended=inside, frames_played=0, outcome=Outcome.REFUSED)], NIGHT) == []
    assert len(at_night([but(started=inside, ended=inside)], NIGHT)) == 1
    assert len(at_night([but(ended=inside)], NIGHT)) == 1
    assert at_night([but(ended=NIGHT[0])], NIGHT) == []
    assert len(at_night([but(ended=NIGHT[0] + timedelta(milliseconds=1))], NIGHT)) == 1


@pytest.mark.parametrize(("minutes", "heard"), [(-1, 0), (0, 0), (1, 1), (11, 1), (12, 0)])
def test_the_card_itself_was_still_in_quiet_hours(minutes: int, heard: int) -> None:
    """Whatever the log says: it is seen running or not."""
    assert len(heard_at_night([NIGHT[0] + timedelta(minutes=minutes)], NIGHT)) == heard


def test_what_was_due_is_on_record() -> None:
    """Aired, missed or refused, but with an outcome; what is due now has its time yet."""
    due = {"morning": MORNING}
    before, after = MORNING - timedelta(hours=1), MORNING + timedelta(hours=1)
    assert unrecorded([ROW], due, before, after) == []
    assert unrecorded([], due, before, MORNING + timedelta(minutes=5)) == []
    assert unrecorded([], due, MORNING + timedelta(minutes=1), after) == []
    assert len(unrecorded([], due, before, after)) == 1
    assert len(unrecorded([but(outcome=None)], due, before, after)) == 1


def test_words_are_the_last_acknowledged_or_newer() -> None:
    """What was handed in and not answered may have been kept or not."""
    assert lost_words("甲", ["乙"], "甲") == []
    assert lost_words("甲", ["乙"], "乙") == []
    assert len(lost_words("甲", ["乙"], "从前")) == 1


def test_a_counter_is_on_the_disk_before_it_is_told() -> None:
    """For each channel; one that is not there counts as nothing."""
    assert behind("the agent's", {"urgent": 5, "keys": 1}, "told", {"urgent": 5}) == []
    assert len(behind("the agent's", {"urgent": 4}, "told", {"urgent": 5, "programme": 1})) == 2
