"""社区总站: the ticket is handed in, the digits are shown, and then how the box stands."""

from __future__ import annotations

import io
import os
from datetime import timedelta

import pytest

from box.sentences import Sentence
from fleet.agent.standing import JOIN_TICKET, Standing, write_standing
from fleet.agent.states import State
from tests.web.house import NOON, House, Phone

TICKET = '{"version":1}'


def stands(house: House, state: State, **more: object) -> None:
    """Let the agent have written how the box stands."""
    fields = {"name": "yard-3", "zone": "三号院", "hub": "192.168.1.9", "since": NOON - timedelta(hours=1)}
    house.handed_in.fleet.mkdir(parents=True, exist_ok=True)
    write_standing(house.handed_in.fleet, Standing(state=state, **(fields | more)))


def installer(house: House) -> Phone:
    """Return the installer's phone."""
    return house.logged_in_as("installer")


def test_a_ticket_is_handed_in_as_a_file_or_as_text(house: House) -> None:
    """It lies in the panel's room for the agent, and the act is on record."""
    phone = installer(house)
    file = {"ticket": (io.BytesIO(TICKET.encode()), "xiaolaba-join.json")}
    assert phone.send("/community/join", file, "/community/").status_code == 303
    assert (house.folder / JOIN_TICKET).read_text(encoding="utf-8") == TICKET
    assert house.acts()[0].what == "joining.join"
    phone.send("/community/give-up", {}, "/community/")
    assert not (house.folder / JOIN_TICKET).exists()
    phone.send("/community/join", {"text": f" {TICKET}\n"}, "/community/")
    assert (house.folder / JOIN_TICKET).read_text(encoding="utf-8") == TICKET


def test_nothing_and_too_much_are_no_ticket(house: House) -> None:
    """The page says what is wanted."""
    phone = installer(house)
    for text in ("", "x" * 5000):
        phone.send("/community/join", {"text": text}, "/community/")
        assert not (house.folder / JOIN_TICKET).exists()
    assert "请选总站给的入网票" in phone.get("/community/").text


def test_what_is_on_a_ticket_is_in_no_record(house: House) -> None:
    """It lets a box in, for a day: the audit log says who handed one in, also where it was no good."""
    phone = installer(house)
    for text in (TICKET, f"{TICKET} {'x' * 5000}"):
        phone.send("/community/join", {"text": text}, "/community/")
        act = house.acts()[0]
        assert (act.what, act.target, act.new) == ("joining.join", JOIN_TICKET, "")


def test_the_digits_are_shown_while_it_joins(house: House) -> None:
    """In two groups, as the hub shows them."""
    phone = installer(house)
    phone.send("/community/join", {"text": TICKET}, "/community/")
    assert "请在总站上核对" in phone.get("/community/").text
    stands(house, State.ENROLLED, digits="123456")
    assert "123 456" in phone.get("/community/").text


@pytest.mark.parametrize("state", [State.STANDALONE, State.DAMAGED])
def test_what_was_turned_away_or_damaged_is_told_with_the_form(house: House, state: State) -> None:
    """Another ticket may be handed in."""
    phone = installer(house)
    stands(house, state, trouble=Sentence("票用过了", "the ticket was used"))
    page = phone.get("/community/").text
    assert "票用过了" in page
    assert 'name="ticket"' in page


def test_a_ticket_that_was_just_handed_in_is_not_told_off_for_the_one_before(house: House) -> None:
    """For some seconds nobody has asked the hub by it; then what is told is told of it."""
    phone = installer(house)
    stands(house, State.STANDALONE, trouble=Sentence("票用过了", "the ticket was used"))
    phone.send("/community/join", {"text": TICKET}, "/community/")
    now = NOON.timestamp()
    os.utime(house.folder / JOIN_TICKET, (now, now))
    page = phone.get("/community/").text
    assert "请在总站上核对" in page
    assert "票用过了" not in page
    os.utime(house.folder / JOIN_TICKET, (now - 13, now - 13))
    page = phone.get("/community/").text
    assert "票用过了" in page
    assert 'name="ticket"' in page


def test_a_member_sees_how_it_stands_and_the_ticket_is_gone(house: House) -> None:
    """Online, or offline with what goes on meanwhile; whoever is logged in may look."""
    (house.folder / JOIN_TICKET).write_text(TICKET, encoding="utf-8")
    stands(house, State.JOINED)
    page = house.logged_in().get("/community/").text
    assert "在线" in page
    assert "192.168.1.9" in page
    assert not (house.folder / JOIN_TICKET).exists()
    stands(house, State.OFFLINE)
    assert "连不上，照常播这里已有的" in house.logged_in().get("/community/").text


def test_joining_is_the_installers(house: House) -> None:
    """Who may write words may not give the box to a community."""
    phone = house.logged_in_as("editor")
    assert 'name="ticket"' not in phone.get("/community/").text
    assert phone.send("/community/join", {"text": TICKET}, "/community/").status_code == 403
