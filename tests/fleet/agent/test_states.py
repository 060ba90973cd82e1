"""How a box stands to a hub, event by event."""

import pytest

from fleet.agent.states import Event, State, after

S, E = State, Event


@pytest.mark.parametrize(
    ("events", "stands"),
    [
        ([], S.STANDALONE),
        ([E.TICKET], S.ENROLLED),
        ([E.TICKET, E.REFUSED], S.STANDALONE),
        ([E.TICKET, E.WELCOMED], S.OFFLINE),
        ([E.TICKET, E.WELCOMED, E.CONNECTED], S.JOINED),
        ([E.TICKET, E.WELCOMED, E.CONNECTED, E.LOST, E.LOST], S.OFFLINE),
        ([E.TICKET, E.WELCOMED, E.CONNECTED, E.LOST, E.CONNECTED], S.JOINED),
        ([E.TICKET, E.WELCOMED, E.CONNECTED, E.LEAVES], S.LEFT),
        ([E.TICKET, E.WELCOMED, E.LEAVES], S.LEFT),
        ([E.TICKET, E.WELCOMED, E.LEAVES, E.TICKET], S.ENROLLED),
        ([E.TICKET, E.WELCOMED, E.DAMAGED], S.DAMAGED),
        ([E.TICKET, E.WELCOMED, E.CONNECTED, E.DAMAGED, E.TICKET], S.ENROLLED),
        ([E.TICKET, E.WELCOMED, E.DAMAGED, E.LEAVES], S.LEFT),
    ],
)
def test_the_way_of_a_box(events: list[Event], stands: State) -> None:
    """From standing alone to having left, and back in with another ticket."""
    state = S.STANDALONE
    for event in events:
        state = after(state, event)
    assert state is stands


@pytest.mark.parametrize("event", [E.CONNECTED, E.LOST, E.WELCOMED, E.DAMAGED, E.LEAVES, E.REFUSED])
def test_a_box_that_joined_nothing_stays_alone_whatever_it_hears(event: Event) -> None:
    """Nothing but a ticket begins it."""
    assert after(S.STANDALONE, event) is S.STANDALONE
