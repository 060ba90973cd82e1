"""The hard limits: quiet hours, loudest volume, longest times."""

from datetime import UTC, datetime, timedelta

import pytest

from box.settings import Limits
from speaker.airing import Priority, Reason
from speaker.limits import HardLimits
from tests.speaker.fakes import frames


def at(text: str) -> datetime:
    """Return that instant of Shanghai."""
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("hours", "moment", "quiet"),
    [
        ("21:30-06:30", "2026-03-02T21:29:59", False),
        ("21:30-06:30", "2026-03-02T21:30:00", True),
        ("21:30-06:30", "2026-03-03T00:00:00", True),
        ("21:30-06:30", "2026-03-03T06:29:59", True),
        ("21:30-06:30", "2026-03-03T06:30:00", False),
        ("12:00-14:00", "2026-03-02T11:59:59", False),
        ("12:00-14:00", "2026-03-02T13:59:59", True),
        ("12:00-14:00", "2026-03-02T14:00:00", False),
        ("", "2026-03-02T03:00:00", False),
        ("00:00-00:00", "2026-03-02T12:00:00", True),
    ],
)
def test_quiet_hours_hold_their_start_and_not_their_end(hours, moment, quiet):
    """They may cross midnight; none are none, and a slip that names no span is the whole day."""
    assert HardLimits(Limits(quiet_hours=hours)).is_quiet(at(moment)) is quiet


@pytest.mark.parametrize(
    ("start", "minutes", "quiet"),
    [
        ("2026-03-02T21:25:00", 5, None),
        ("2026-03-02T21:25:00", 6, "2026-03-02T21:30:00"),
        ("2026-03-02T21:29:59.900", 1, "2026-03-02T21:30:00"),
        ("2026-03-02T22:00:00", 1, "2026-03-02T22:00:00"),
        ("2026-03-02T06:30:00", 240, None),
    ],
)
def test_the_next_quiet_instant_within_a_span(start, minutes, quiet):
    """The span's end is not in it; in quiet hours it is at once."""
    found = HardLimits(Limits()).quiet_from(at(start), timedelta(minutes=minutes))
    assert found == (at(quiet) if quiet else None)


def test_quiet_hours_to_the_second():
    """Seconds in the installer's hours are kept."""
    limits = HardLimits(Limits(quiet_hours="21:30:20-06:30"))
    assert limits.quiet_from(at("2026-03-02T21:30:05"), timedelta(minutes=1)) == at("2026-03-02T21:30:20")


def test_quiet_hours_that_start_in_the_hour_that_summer_time_skips():
    """New York, 8 March 2026: there is no 02:30; the first quiet instant is 03:00 of summer time, 07:00 UTC."""
    limits = HardLimits(Limits(timezone="America/New_York", quiet_hours="02:30-06:00"))
    found = limits.quiet_from(datetime(2026, 3, 8, 6, 50, tzinfo=UTC), timedelta(hours=1))
    assert found == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "loudest", "volume"), [(100, 100, 100), (80, 50, 40), (0, 100, 0), (150, 60, 60), (-5, 60, 0)]
)
def test_volume_is_percent_of_what_the_installer_allows(asked, loudest, volume):
    """Never above it, whatever is asked."""
    assert HardLimits(Limits(loudest_percent=loudest)).volume(asked) == volume


@pytest.mark.parametrize(
    ("moment", "priority", "lengths", "night", "reason"),
    [
        ("2026-03-02T12:00:00", Priority.PROGRAMME, (20, 100), False, Reason.NONE),
        ("2026-03-02T12:00:00", Priority.PROGRAMME, (20.1, 0), False, Reason.TOO_LONG),
        ("2026-03-02T12:00:00", Priority.EMERGENCY, (20.1, 0), False, Reason.TOO_LONG),
        ("2026-03-02T12:00:00", Priority.PAGE, (20, 100.1), False, Reason.DAY_USED_UP),
        ("2026-03-02T23:00:00", Priority.PAGE, (1, 0), True, Reason.QUIET_HOURS),
        ("2026-03-02T23:00:00", Priority.EMERGENCY, (1, 0), False, Reason.QUIET_HOURS),
        ("2026-03-02T23:00:00", Priority.EMERGENCY, (1, 0), True, Reason.NONE),
        ("2026-03-02T21:29:00", Priority.PAGE, (5, 0), False, Reason.NONE),
    ],
)
def test_what_may_sound(moment, priority, lengths, night, reason):
    """Quiet hours but for an emergency where the installer says so; length and day for everybody."""
    minutes, sounded = lengths
    limits = HardLimits(Limits(emergency_at_night=night))
    answer = limits.may_sound(
        instant=at(moment), priority=priority, frames=frames(60 * minutes), sounded_today=frames(60 * sounded)
    )
    assert answer is reason


def test_the_installers_day_is_local_to_the_limits():
    """From midnight to midnight in their zone, whatever the programme's is."""
    start, end = HardLimits(Limits()).day_of(datetime(2026, 3, 2, 16, 30, tzinfo=UTC))
    assert (start, end) == (datetime(2026, 3, 2, 16, tzinfo=UTC), datetime(2026, 3, 3, 16, tzinfo=UTC))
