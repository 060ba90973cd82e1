"""What wires say, and when that is believed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speaker.contacts.line import (
    CALM_SECONDS,
    CHATTER_WINDOW_SECONDS,
    FAULT_SECONDS,
    MOST_CHANGES,
    Chatter,
    Line,
    Settling,
    line_of,
)

DEBOUNCE = 0.05


@pytest.mark.parametrize(
    ("closed", "rest_closed", "normally_open", "line"),
    [
        (False, None, True, Line.REST),
        (True, None, True, Line.ACTIVE),
        (True, None, False, Line.REST),
        (False, None, False, Line.ACTIVE),  # also a wire that is cut: such a loop can't tell the one from the other
        (False, True, True, Line.REST),
        (True, False, True, Line.ACTIVE),
        (False, False, True, Line.CUT),
        (True, True, True, Line.SHORT),
    ],
)
def test_what_the_pins_mean(closed: bool, rest_closed: bool | None, normally_open: bool, line: Line) -> None:
    """One pin knows rest and active; the two sides of a change-over contact know a fault as well."""
    assert line_of(closed, rest_closed, normally_open=normally_open) is line


def run(looks: list[tuple[float, Line]]) -> list[tuple[float, Line]]:
    """Return when the line settled to what, seen so at those seconds."""
    settling, changes = Settling(), []
    for now, line in looks:
        after = settling.seen(line, now, DEBOUNCE)
        if after.settled is not settling.settled:
            changes.append((now, after.settled))
        settling = after
    return changes


def test_a_bounce_train_is_one_change() -> None:
    """A contact that bounces for 30 ms closes once, 50 ms after its last bounce."""
    bounces = [Line.ACTIVE if step % 3 else Line.REST for step in range(30)]
    train = [Line.REST] * 100 + bounces + [Line.ACTIVE] * 100
    changes = run([(step / 1000, line) for step, line in enumerate(train)])
    assert changes == [(0.05, Line.REST), (pytest.approx(0.178, abs=0.003), Line.ACTIVE)]


def test_a_wire_is_cut_only_after_a_second() -> None:
    """A relay that changes over is open on both sides for a moment: that is no fault."""
    moment = [(step / 100, Line.CUT) for step in range(int(FAULT_SECONDS * 100))]
    assert run([*moment, (1.0, Line.ACTIVE), (1.06, Line.ACTIVE)]) == [(1.06, Line.ACTIVE)]
    assert run([*moment, (1.0, Line.CUT)]) == [(1.0, Line.CUT)]


def test_what_was_not_seen_does_not_count() -> None:
    """A line that could not be read for a while begins anew."""
    settling = Settling().seen(Line.ACTIVE, 0.0, DEBOUNCE).unseen()
    settling = settling.seen(Line.ACTIVE, 5.0, DEBOUNCE)
    assert settling.settled is None
    assert settling.seen(Line.ACTIVE, 5.06, DEBOUNCE).settled is Line.ACTIVE


looks = st.lists(st.tuples(st.floats(0.001, 0.2), st.sampled_from(Line)), max_size=120)


@given(looks)
def test_it_settles_to_what_stood_long_enough_and_to_nothing_else(steps: list[tuple[float, Line]]) -> None:
    """Whatever the wires do: each change was seen without a break for its time, and what stood so long has settled."""
    now, seen = 0.0, list[tuple[float, Line]]()
    settling = Settling()
    for wait, line in steps:
        now += wait
        seen.append((now, line))
        before, settling = settling, settling.seen(line, now, DEBOUNCE)
        unbroken = next((at for at, other in reversed(seen) if other is not line), None)
        since = min(at for at, _ in seen if unbroken is None or at > unbroken)
        needed = FAULT_SECONDS if line in {Line.CUT, Line.SHORT} else DEBOUNCE
        assert (settling.settled is line) == (before.settled is line or now - since >= needed)
        if settling.settled is not before.settled:
            assert settling.settled is line


@given(st.lists(st.floats(0.1, 200), min_size=1, max_size=120))
def test_a_contact_chatters_from_too_many_changes_on_until_it_was_still(waits: list[float]) -> None:
    """Not before, whatever the times; and a minute without a change ends it."""
    chatter, now, changes = Chatter(), 0.0, list[float]()
    for wait in waits:
        calm = chatter.passed(now + wait)
        if chatter.chatters:
            assert calm.chatters is (wait < CALM_SECONDS)
        if calm is not chatter:
            changes = []
        now += wait
        changes.append(now)
        chatter = calm.changed(now)
        recent = [at for at in changes if now - at < CHATTER_WINDOW_SECONDS]
        assert chatter.chatters or len(recent) <= MOST_CHANGES
        if chatter.chatters and not calm.chatters:
            assert len(recent) > MOST_CHANGES
    assert all(later > earlier for earlier, later in pairwise(chatter.changes))
