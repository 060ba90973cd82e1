"""Orders that don't go out are told."""

from __future__ import annotations

from fleet.hub.late_orders import LATE_AFTER_ROUNDS, LateOrders


def test_what_goes_out_in_a_minute_is_nobodys_business() -> None:
    """An edit for a town waits for seconds; a rest between two of them begins the minute anew."""
    late = LateOrders()
    rounds = [70_000] * (LATE_AFTER_ROUNDS - 1)
    assert [late.look(waiting) for waiting in (*rounds, 0, *rounds)] == [None] * (2 * len(rounds) + 1)


def test_what_does_not_go_out_is_told_until_it_does() -> None:
    """The sentence has how many wait now."""
    late = LateOrders()
    told = [late.look(waiting) for waiting in (*[9] * (LATE_AFTER_ROUNDS - 1), 8, 7, 0)]
    assert told[-4:-3] == [None]
    assert [alarm and alarm.en[:2] for alarm in told[-3:]] == ["8 ", "7 ", None]
