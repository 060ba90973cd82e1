"""Joining by the panel's ticket: digits, waiting, let in, turned away, taken back, gone on with after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from box.aside import put_aside
from fleet.agent.enrolling import Enrolling
from fleet.agent.standing import JOIN_TICKET, Standing, standing_in, write_standing
from fleet.agent.states import State
from fleet.enrol.asking import Answer, Ask, Rejected, Waiting
from fleet.enrol.joining import HubNotReached, Joining
from fleet.enrol.membership import MEMBERSHIP
from fleet.enrol.ticket import Ticket, encode_ticket
from tests.fakes import SetClock
from tests.fleet.wire.orders import NOW, ROOT

TICKET = Ticket(
    hosts=("192.168.1.9",),
    port=8884,
    authority=bytes(32),
    root=ROOT.public.raw,
    id="0" * 16,
    secret=bytes(16),
    name="yard-3",
    zone="三号院",
    expires=NOW,
)


class FakeHub:
    """A hub that answers as the test says."""

    def __init__(self) -> None:
        self.answer: Answer | None = Waiting()
        self.asked: list[Ask] = []

    def ask(self, ticket: Ticket, question: Ask) -> tuple[Answer, bytes]:
        """Answer, or be away."""
        self.asked.append(question)
        if self.answer is None:
            raise HubNotReached("连不上总站", "the hub can't be reached")
        return self.answer, b""


class Yard:
    """A box in no community."""

    def __init__(self, root: Path) -> None:
        self.room, self.panel = root / "fleet", root / "panel"
        self.panel.mkdir()
        self.hub = FakeHub()
        self.clock = SetClock(NOW)
        self.enrolling = self.an_enrolling()

    def an_enrolling(self) -> Enrolling:
        """Return it as a start of the agent makes it."""
        return Enrolling(self.room, self.panel, Joining(self.room, self.hub, self.clock, "0.1"), self.clock)

    def lose_membership(self) -> None:
        """Have storage damage it, of a box that was in touch with its hub."""
        self.room.mkdir()
        (self.room / MEMBERSHIP).write_bytes(b"?")
        put_aside(self.room / MEMBERSHIP, NOW)
        was = Standing(state=State.JOINED, name="yard-3", zone="三号院", hub="192.168.1.9", since=NOW)
        write_standing(self.room, was)

    def hand_in(self, content: bytes = encode_ticket(TICKET)) -> None:
        """Have a person hand a ticket in at the panel."""
        (self.panel / JOIN_TICKET).write_bytes(content)


@pytest.fixture
def yard(tmp_path):
    """Give a box that has no ticket."""
    return Yard(tmp_path)


def test_without_a_ticket_nothing_is_written(yard):
    """A box that joins nothing has no room of the agent's."""
    yard.enrolling.step()
    assert not yard.room.exists()
    assert yard.hub.asked == []


def test_the_digits_are_shown_while_somebody_has_to_confirm(yard):
    """They are the same after a restart: the key is kept."""
    yard.hand_in()
    yard.enrolling.step()
    standing = standing_in(yard.room)
    assert (standing.state, standing.zone, len(standing.digits)) == (State.ENROLLED, "三号院", 6)
    yard.enrolling = yard.an_enrolling()
    yard.enrolling.step()
    assert standing_in(yard.room).digits == standing.digits
    assert yard.hub.asked[0].ticket == yard.hub.asked[1].ticket


def test_a_hub_that_is_away_is_told_and_asked_again(yard):
    """The digits stay on the screen."""
    yard.hand_in()
    yard.hub.answer = None
    yard.enrolling.step()
    standing = standing_in(yard.room)
    assert standing.trouble.en == "the hub can't be reached"
    assert standing.digits
    yard.hub.answer = Waiting()
    yard.enrolling.step()
    assert standing_in(yard.room).trouble is None


@pytest.mark.parametrize(
    "content", [b"{}", b"", b"x" * 5000, encode_ticket(TICKET)[:-1]], ids=["no fields", "empty", "too large", "cut"]
)
def test_what_is_no_ticket_asks_nobody(yard, content):
    """It is told, where it could be one."""
    yard.hand_in(content)
    yard.enrolling.step()
    assert yard.hub.asked == []
    standing = standing_in(yard.room)
    assert standing is None or standing.state is State.STANDALONE


def test_a_ticket_that_is_turned_away_is_not_asked_with_again(yard):
    """Also after a restart; another one is."""
    yard.hand_in()
    yard.hub.answer = Rejected(why="refused", zh="总站没有同意", en="turned away")
    yard.enrolling.step()
    standing = standing_in(yard.room)
    assert (standing.state, standing.trouble.zh) == (State.STANDALONE, "总站没有同意")
    yard.enrolling = yard.an_enrolling()
    yard.enrolling.step()
    assert len(yard.hub.asked) == 1
    yard.hub.answer = Waiting()
    yard.hand_in(encode_ticket(replace(TICKET, id="1" * 16)))
    yard.enrolling.step()
    assert standing_in(yard.room).state is State.ENROLLED


def test_a_ticket_that_is_taken_back_is_forgotten(yard):
    """Its key too; the same one may be handed in again."""
    yard.hand_in()
    yard.enrolling.step()
    (yard.panel / JOIN_TICKET).unlink()
    yard.enrolling.step()
    assert standing_in(yard.room) is None
    assert list(yard.room.iterdir()) == []


def test_a_link_in_the_panels_room_is_not_followed(yard):
    """Who has the panel can't have the agent read its own key to the hub."""
    (yard.panel / "elsewhere").write_bytes(encode_ticket(TICKET))
    (yard.panel / JOIN_TICKET).symlink_to(yard.panel / "elsewhere")
    yard.enrolling.step()
    assert yard.hub.asked == []


def test_a_damaged_membership_is_told_with_what_a_person_can_do(yard):
    """By which name the hub has to add it again, also after a ticket that came to nothing."""
    yard.lose_membership()
    yard.enrolling.step()
    standing = standing_in(yard.room)
    assert (standing.state, standing.name, standing.hub) == (State.DAMAGED, "yard-3", "192.168.1.9")
    assert "as yard-3 again" in standing.trouble.en
    yard.hand_in()
    yard.hub.answer = Rejected(why="refused", zh="总站没有同意", en="turned away")
    yard.enrolling.step()
    refused = standing_in(yard.room)
    assert (refused.state, refused.trouble.en) == (State.DAMAGED, "turned away")
    (yard.panel / JOIN_TICKET).unlink()
    yard.enrolling.step()
    assert standing_in(yard.room) == standing


def test_a_damaged_membership_is_told_beside_the_ticket_it_came_by(yard):
    """The ticket is spent, so nobody asks with it; another one is asked with."""
    yard.hand_in()
    yard.hub.answer = Rejected(why="used", zh="票用过了", en="the ticket was used")
    yard.enrolling.step()
    for left in yard.room.glob("standing*"):
        left.unlink()
    (yard.room / MEMBERSHIP).write_bytes(b"?")
    put_aside(yard.room / MEMBERSHIP, NOW)
    yard.enrolling.step()
    assert standing_in(yard.room).state is State.DAMAGED
    assert len(yard.hub.asked) == 1
    yard.hub.answer = Waiting()
    yard.hand_in(encode_ticket(replace(TICKET, id="1" * 16)))
    yard.enrolling.step()
    assert standing_in(yard.room).state is State.ENROLLED
