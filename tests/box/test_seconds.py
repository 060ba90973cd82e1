"""What a person reads of an instant."""

from datetime import UTC, datetime

import pytest

from box.seconds import nearest_second


@pytest.mark.parametrize(
    ("second", "microsecond", "shown"), [(59, 999_400, "07:30:00"), (0, 400_000, "07:30:00"), (0, 500_000, "07:30:01")]
)
def test_what_began_a_moment_before_it_was_due_is_shown_at_its_time(second: int, microsecond: int, shown: str) -> None:
    """The first sample of half past seven sounds half a millisecond before it: nobody reads 07:29."""
    at = datetime(2026, 3, 2, 7, 30 - (second == 59), second, microsecond, tzinfo=UTC)
    assert f"{nearest_second(at):%H:%M:%S}" == shown
