"""建议修改 for a broadcast of the community: time, days, volume, or not here; never changed in the yard itself."""

from __future__ import annotations

from datetime import time

import pytest
from werkzeug.test import TestResponse

from fleet.agent.standing import Answered, write_answers
from fleet.agent.wishes import WishesSending
from fleet.wire.accounts import Proposal, decode, encode
from fleet.wire.topics import Outward
from programme.model import EveryDay, Weekday, Weekdays
from programme.wish import MOST_WISHES
from tests.programme.test_together import SHARED
from tests.web.house import House, Phone
from web.rounds import Rounds

PAGE = "/shared/times/c-morning"
AS_IT_IS = {"at": "07:30", "kind": "keep", "volume": "", "note": ""}


def wished(phone: Phone, **fields: str) -> TestResponse:
    """Send the form."""
    return phone.send(PAGE, AS_IT_IS | fields, PAGE)


@pytest.fixture
def joined(house: House) -> House:
    """Give a house whose hub has sent something."""
    house.publisher.shared = SHARED
    house.publish()
    return house


def test_it_is_reached_from_the_schedule_and_shows_what_it_says(joined: House) -> None:
    """When, how loud, and each message with its own page."""
    phone = joined.logged_in()
    assert f'href="{PAGE}"' in phone.get("/schedule/").text
    page = phone.get(PAGE).text
    assert "07:30 · 每天" in page
    assert 'href="/shared/c-notice"' in page
    assert phone.get("/shared/times/morning").status_code == 404
    assert phone.get("/shared/times/c-nothing").status_code == 404


@pytest.mark.parametrize(
    ("fields", "at", "days", "volume"),
    [
        ({"at": "15:00"}, time(15, 0), EveryDay(), None),
        ({"kind": "weekdays", "weekday": "mon"}, time(7, 30), Weekdays(days=(Weekday.MON,)), None),
        ({"volume": "40"}, time(7, 30), EveryDay(), 40),
    ],
)
def test_a_wish_goes_to_the_hub_as_a_proposal(
    joined: House, fields: dict[str, str], at: time, days: object, volume: int | None
) -> None:
    """Through the agent, in the form that the hub reads; what is on air stays as it is."""
    phone = joined.logged_in()
    before = joined.publisher.on_air()
    assert wished(phone, note="三点才有人", **fields).status_code == 303
    assert joined.publisher.on_air() == before
    sent: list[Proposal] = []
    WishesSending(joined.handed_in.fleet, joined.folder, joined.clock, sent.append).step()
    (proposal,) = (decode(Outward.PROPOSAL, encode(one)) for one in sent)
    assert isinstance(proposal, Proposal)
    assert (proposal.entry, proposal.revision, proposal.note) == ("c-morning", "h1", "三点才有人")
    assert proposal.words is None
    assert proposal.broadcast is not None
    assert (proposal.broadcast.at, proposal.broadcast.days, proposal.broadcast.volume_percent) == (at, days, volume)
    assert not proposal.off
    act = joined.acts()[0]
    assert (act.what, act.target) == ("shared_times.propose", "c-morning")
    assert "等社区答复" in phone.get(PAGE).text


def test_not_here_is_a_wish_too(joined: House) -> None:
    """Nothing else of the form counts for it."""
    assert wished(joined.logged_in(), off="yes").status_code == 303
    (wish,) = joined.handed_in.wishes.waiting()
    assert (wish.off, wish.broadcast) == (True, SHARED.broadcasts[0])


@pytest.mark.parametrize(
    "fields",
    [{}, {"at": "25:00"}, {"at": ""}, {"volume": "101"}, {"volume": "x"}, {"kind": "weekdays"}],
    ids=["nothing changed", "no time", "empty", "too loud", "no number", "no day"],
)
def test_what_can_not_be_wished_comes_back_filled_in(joined: House, fields: dict[str, str]) -> None:
    """Nothing is kept of it."""
    answer = wished(joined.logged_in(), note="为什么呢", **fields)
    assert answer.status_code == 400
    assert "为什么呢" in answer.text
    assert joined.handed_in.wishes.waiting() == ()


def test_wishes_without_end_are_refused(joined: House) -> None:
    """With those about words, together."""
    phone = joined.logged_in()
    for number in range(MOST_WISHES):
        assert wished(phone, at=f"09:{number:02}").status_code == 303
    assert wished(phone, at="10:00").status_code == 409


def test_the_hubs_answer_is_shown(joined: House) -> None:
    """On the same page."""
    phone = joined.logged_in()
    wished(phone, at="15:00")
    (wish,) = joined.handed_in.wishes.waiting()
    joined.handed_in.fleet.mkdir(parents=True, exist_ok=True)
    write_answers(joined.handed_in.fleet, (Answered(proposal=wish.id, adopted=False, words="七点半都在家"),))
    Rounds(joined.handed_in, joined.publisher).go()
    page = phone.get(PAGE).text
    assert "社区没有采纳这条建议" in page
    assert "七点半都在家" in page


def test_an_editor_may_look_and_not_wish(joined: House) -> None:
    """Times are a publisher's here as well."""
    phone = joined.logged_in_as("editor")
    assert "建议修改" not in phone.get(PAGE).text
    assert wished(phone, at="15:00").status_code == 403
