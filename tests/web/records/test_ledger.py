"""What a month adds up to."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from speaker.airing import Outcome, Reason
from speaker.record import Airing
from tests.web.fakes import airing
from tests.web.house import NOON
from web.records.ledger import days_without, totals_of

ENDED = [(Outcome.AIRED, Reason.NONE), (Outcome.CUT, Reason.STOPPED), (Outcome.MISSED, Reason.TOO_LATE), (None, "")]


def rows() -> st.SearchStrategy[list[Airing]]:
    """Return some rows of one month, each occurrence attempted once or twice."""
    row = st.tuples(
        st.integers(0, 27), st.sampled_from(["a", "b"]), st.integers(1, 2), st.sampled_from(ENDED), st.booleans()
    )
    return st.lists(row, max_size=30, unique_by=lambda one: one[:3]).map(
        lambda found: [
            airing(
                number,
                NOON + timedelta(days=day),
                broadcast=broadcast,
                attempt=attempt,
                outcome=outcome,
                reason=reason,
                priority="programme" if scheduled else "page",
            )
            for number, (day, broadcast, attempt, (outcome, reason), scheduled) in enumerate(found)
        ]
    )


@given(rows())
def test_every_planned_one_ended_in_one_way(airings: list[Airing]) -> None:
    """What was planned is the sum of how it ended, whatever the order of the rows."""
    totals = totals_of(airings)
    assert totals.planned == sum(totals.outcomes.values())
    assert totals.planned <= len({(row.day, row.broadcast) for row in airings if row.priority == "programme"})
    again = totals_of(airings[::-1])
    assert (again.planned, again.outcomes, again.pages) == (totals.planned, totals.outcomes, totals.pages)


def test_a_second_attempt_is_not_a_second_broadcast() -> None:
    """It counts as it ended at last; the time of both was heard."""
    totals = totals_of(
        [
            airing(1, NOON, broadcast="a", outcome=Outcome.CUT, reason=Reason.INTERRUPTED, frames_played=96_000),
            airing(2, NOON, broadcast="a", attempt=2, frames_played=480_000),
        ]
    )
    assert (totals.planned, totals.of("aired"), totals.of("cut"), totals.reasons) == (1, 1, 0, ())
    assert totals.seconds == 12


def test_reasons_are_counted_the_most_frequent_first() -> None:
    """Of broadcasts and pages alike; a page that was refused did not sound and is no page."""
    missed = {"outcome": Outcome.MISSED, "reason": Reason.TOO_LATE, "frames_played": 0}
    refused = {"outcome": Outcome.REFUSED, "reason": Reason.QUIET_HOURS, "frames_played": 0, "priority": "page"}
    totals = totals_of(
        [
            airing(1, NOON, broadcast="a", **refused),
            airing(2, NOON, broadcast="a", **missed),
            airing(3, NOON, broadcast="b", **missed),
            airing(4, NOON, broadcast=None, priority="emergency"),
        ]
    )
    assert totals.reasons == (
        (Outcome.MISSED, Reason.TOO_LATE, 2),
        (Outcome.REFUSED, Reason.QUIET_HOURS, 1),
    )
    assert (totals.pages, totals.emergencies) == (0, 1)


def test_days_of_which_nothing_is_known() -> None:
    """Both ends among them; none where the month has not begun."""
    known = [airing(1, NOON)]
    assert days_without(known, date(2026, 6, 2), date(2026, 6, 4)) == (date(2026, 6, 2), date(2026, 6, 4))
    assert days_without(known, date(2026, 7, 1), date(2026, 6, 3)) == ()
