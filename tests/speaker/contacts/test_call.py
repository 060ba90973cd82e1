"""A contact's call: said while it is active, with its gap, at most so often, and no more at rest."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from speaker.contacts.call import RETRY_SECONDS, Act, Call, Rules
from speaker.contacts.line import Line

RULES = Rules(most=3, gap_seconds=10, at_once=False, from_start=True)


@dataclass
class Caller:
    """A call that is driven as the station drives it. ``busy`` is a loudspeaker that refuses."""

    rules: Rules
    now: float = 0.0
    call: Call = field(default_factory=Call)
    busy: bool = False
    begun: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    stops: int = 0

    def line(self, line: Line) -> None:
        """Let the line settle to ``line``."""
        self.call, act = self.call.line_is(line, self.rules, self.now)
        self.stops += act is Act.STOP
        self.look()

    def look(self) -> None:
        """Say what is due."""
        if self.call.is_due(self.rules, self.now):
            self.call = self.call.refused(self.now)
            if not self.busy:
                self.begun.append(self.now)
                self.call = self.call.begun()

    def wait(self, seconds: float) -> None:
        """Let time pass, looked at ten times a second."""
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            self.look()

    def end(self, *, by_person: bool = False) -> None:
        """Let what is said end."""
        self.ended.append(self.now)
        self.call = self.call.ended(self.rules, self.now, by_person=by_person)
        self.look()


def at_rest(rules: Rules = RULES) -> Caller:
    """Return one whose contact is known to be at rest."""
    caller = Caller(rules)
    caller.line(Line.REST)
    return caller


def test_it_is_said_again_after_the_gap_while_it_is_active() -> None:
    """Gap after the end, not after the beginning; three times here, and then no more."""
    caller = at_rest()
    caller.line(Line.ACTIVE)
    for _ in range(5):
        caller.wait(7)
        if caller.call.saying:
            caller.end()
        caller.wait(20)
    assert [round(at) for at in caller.begun] == [0, 17, 44]
    assert (caller.call.stands, caller.call.said) == (True, 3)


def test_at_rest_it_is_said_to_its_end_and_not_again() -> None:
    """The words of a warning are not cut in half."""
    caller = at_rest()
    caller.line(Line.ACTIVE)
    caller.line(Line.REST)
    assert (caller.stops, caller.call.stands) == (0, True)
    caller.end()
    caller.wait(60)
    assert (len(caller.begun), caller.call) == (1, Call(active=False))


def test_at_rest_it_stops_at_once_where_that_is_wanted() -> None:
    """Active again before it has stopped, it goes on after the gap as the same call."""
    caller = at_rest(Rules(most=3, gap_seconds=10, at_once=True, from_start=True))
    caller.line(Line.ACTIVE)
    caller.line(Line.REST)
    assert caller.stops == 1
    caller.line(Line.ACTIVE)
    caller.end()
    caller.wait(11)
    assert [round(at) for at in caller.begun] == [0, 10]


def test_a_short_press_is_said_once_and_pressed_again_once_more() -> None:
    """A press while it is said is the same call; one after it is another."""
    caller = at_rest()
    for line in (Line.ACTIVE, Line.REST, Line.ACTIVE, Line.REST):
        caller.line(line)
        caller.wait(0.3)
    caller.end()
    caller.wait(60)
    assert len(caller.begun) == 1
    caller.line(Line.ACTIVE)
    assert len(caller.begun) == 2


def test_active_at_the_start_an_emergency_calls_and_a_page_does_not() -> None:
    """The power came back and it burns; a stuck button is heard only after it was let go."""
    emergency = Caller(RULES)
    emergency.line(Line.ACTIVE)
    assert len(emergency.begun) == 1
    page = Caller(Rules(most=3, gap_seconds=10, at_once=False, from_start=False))
    page.line(Line.ACTIVE)
    page.wait(60)
    assert (page.begun, page.call.is_stuck) == ([], True)
    page.line(Line.REST)
    page.line(Line.ACTIVE)
    assert len(page.begun) == 1


def test_what_is_refused_is_tried_again_while_it_is_active() -> None:
    """The night ends, or the card comes back, while it still burns; at rest nothing is owed."""
    caller = at_rest()
    caller.busy = True
    caller.line(Line.ACTIVE)
    caller.wait(12)
    caller.busy = False
    caller.wait(RETRY_SECONDS)
    assert len(caller.begun) == 1
    other = at_rest()
    other.busy = True
    other.line(Line.ACTIVE)
    other.line(Line.REST)
    other.busy = False
    other.wait(60)
    assert other.begun == []


def test_stop_silences_the_call_until_the_contact_was_at_rest() -> None:
    """Pressed while it is said or in the gap; a new call is heard."""
    caller = at_rest()
    caller.line(Line.ACTIVE)
    caller.end(by_person=True)
    caller.wait(60)
    assert (len(caller.begun), caller.call.silenced) == (1, True)
    caller.line(Line.REST)
    caller.line(Line.ACTIVE)
    assert len(caller.begun) == 2
    caller.end()
    caller.call = caller.call.silence()
    caller.wait(60)
    assert len(caller.begun) == 2


def test_a_fault_of_the_wires_neither_begins_nor_ends_a_call() -> None:
    """Also where the fire burns the cable."""
    caller = at_rest()
    caller.line(Line.CUT)
    caller.wait(60)
    assert caller.begun == []
    caller.line(Line.ACTIVE)
    caller.end()
    caller.line(Line.SHORT)
    caller.wait(11)
    assert len(caller.begun) == 2


acts = st.lists(
    st.one_of(
        st.sampled_from([*Line, "end", "stopped", "silence", "busy", "free"]),
        st.floats(0.2, 30),
    ),
    max_size=60,
)


@given(acts, st.integers(1, 4), st.sampled_from([1.0, 10.0]), st.booleans(), st.booleans())
def test_whatever_the_contact_does(
    steps: list[Line | str | float], most: int, gap: float, at_once: bool, from_start: bool
) -> None:
    """Said only while active, one at a time, not sooner than the gap within a call, never more than allowed.

    A contact that becomes active after rest is heard at once, unless the loudspeaker refuses.
    """
    caller = Caller(Rules(most, gap, at_once, from_start))
    line: Line | None = None
    for step in steps:
        had, before = len(caller.begun), caller.call
        if isinstance(step, Line):
            caller.line(step)
            calls = step is Line.ACTIVE and before.active is False and not before.stands
            if calls and not caller.busy:
                assert len(caller.begun) == had + 1
            if step is Line.REST and not before.saying:
                assert caller.call == Call(active=False)
            line = step if step in {Line.REST, Line.ACTIVE} else line
        elif step in {"end", "stopped"} and caller.call.saying:
            caller.end(by_person=step == "stopped")
        elif step == "silence":
            caller.call = caller.call.silence()
        elif step in {"busy", "free"}:
            caller.busy = step == "busy"
        elif isinstance(step, float):
            caller.wait(step)
        assert len(caller.begun) - len(caller.ended) in {0, 1}
        if len(caller.begun) > had:
            assert line is Line.ACTIVE
        assert caller.call.said <= most
        if caller.call.stands and caller.call.said and len(caller.begun) > len(caller.ended):
            assert caller.begun[-1] - caller.ended[-1] >= gap - 1e-6
