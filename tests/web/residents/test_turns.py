"""A whole yard behind one router is served; whoever asks without end is held off, and holds off nobody else."""

from hypothesis import given
from hypothesis import strategies as st

from web.residents.turns import BY_ADDRESS, IN_ALL, MOST_ADDRESSES, Pace, Turns

PHONES, ANSWERS_A_VISIT = 37, 7  # the page, and three messages that are listened to in two pieces each


class Watch:
    """A clock that is wound by hand."""

    seconds = 100.0

    def __call__(self) -> float:
        """Return what it shows."""
        return self.seconds


def test_a_yard_behind_one_router_reads_and_listens_at_once() -> None:
    """All of them in the same instant; and again a little later."""
    watch = Watch()
    turns = Turns(watch)
    for _quarter in range(3):
        assert all(turns.take("192.0.2.1") for _ in range(PHONES * ANSWERS_A_VISIT))
        watch.seconds += 75


def test_who_asks_without_end_is_held_off_and_nobody_else() -> None:
    """A machine that tries a thousand times a second gets its pace; a phone beside it is served."""
    watch = Watch()
    turns = Turns(watch)
    served = 0
    for _ in range(10_000):
        watch.seconds += 0.001
        served += turns.take("192.0.2.66")
    assert BY_ADDRESS.at_once <= served <= BY_ADDRESS.at_once + 10 * BY_ADDRESS.a_second
    assert turns.take("192.0.2.7")


def test_many_addresses_together_are_held_to_what_the_panel_can_spare() -> None:
    """IPv6 gives one machine as many addresses as it likes; only so many are remembered."""
    watch = Watch()
    turns = Turns(watch)
    served = sum(turns.take(f"2001:db8::{number:x}") for number in range(3 * MOST_ADDRESSES))
    assert served == IN_ALL.at_once
    watch.seconds += 1
    assert sum(turns.take(f"2001:db8:1::{number:x}") for number in range(100)) == IN_ALL.a_second


@given(st.lists(st.floats(min_value=0, max_value=5), max_size=60))
def test_never_more_than_the_pace_allows(waits: list[float]) -> None:
    """Whatever the instants, no stretch of time has more answers than ``at_once`` and what has grown since."""
    watch, pace = Watch(), Pace(at_once=3, a_second=1)
    turns, begun, served = Turns(watch, by_address=pace), watch.seconds, 0
    for wait in waits:
        watch.seconds += wait
        served += turns.take("192.0.2.1")
        assert served <= pace.at_once + (watch.seconds - begun) * pace.a_second + 1e-6
