"""哪些小区: for which yards an entry of a hub's programme is. A box that is no hub is not asked."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.model import Programme
from programme.zones import is_for, is_for_here
from tests.web.house import NOON, SCHEDULE, House, new_house
from tests.web.zones.fake_hub import FakeHub, zone
from web.schedule.exception_form import mark_of
from web.zones.choosing import with_zones
from web.zones.field import both

EXAM = "exceptions:\n  - {from: 2026-06-07, to: 2026-06-09, reason: 高考, air: none}\n"


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the house a hub with two zones."""
    hub = house.make_hub()
    hub.add(zone("yard-3", "三号院", NOON, groups=("east",)), zone("yard-4", "四号院", NOON))
    return hub


def programme_of(house: House) -> Programme:
    """Return what is in the file."""
    edition = house.desk.on_desk().edition
    assert edition is not None
    return edition.programme


def chosen(house: House, address: str, **fields: str | list[str]) -> int:
    """Send the form, and do the work that it begins; return the answer's status."""
    phone = house.logged_in()
    data = {"csrf_token": phone.token()} | fields
    answer = phone.client.post(address, data=data)
    house.jobs.run_waiting()
    house.desk.look()
    return answer.status_code


def test_a_box_that_is_no_hub_is_not_asked(house: House) -> None:
    """Its messages and broadcasts are its own."""
    phone = house.logged_in()
    for address in ("/messages/stay", "/schedule/at/morning"):
        assert "哪些小区" not in phone.get(address).text
    assert phone.get("/zones/for/message/stay").status_code == 404


@pytest.mark.parametrize(
    ("fields", "zones"),
    [
        ({"whom": "all"}, ("all",)),
        ({"whom": "here"}, ()),
        ({"whom": "some", "some": ["here", "group:east", "yard-4"]}, ("here", "group:east", "yard-4")),
        ({"whom": "some", "some": ["here"]}, ()),
        ({"whom": "some", "some": ["yard-4", "yard-99"]}, ("yard-4",)),
    ],
)
def test_a_message_is_for_whom_she_chooses(
    house: House, hub: FakeHub, fields: dict[str, str | list[str]], zones: tuple[str, ...]
) -> None:
    """It is in the file; a yard that there is not is none."""
    in_no_broadcast = SCHEDULE.replace("[stay]", "[hotline]").replace("[stay, hotline]", "[hotline]")
    house.file.write_text(in_no_broadcast, encoding="utf-8")
    house.desk.look()
    assert chosen(house, "/zones/for/message/stay", **fields) == 303
    message = programme_of(house).message("stay")
    assert message is not None
    assert message.zones == zones
    act = next(act for act in house.acts() if act.what == "zone_choice.choose")
    assert act.target == "stay"


def test_the_messages_of_a_broadcast_come_along(house: House, hub: FakeHub) -> None:
    """Else the yards would have the time and nothing to say."""
    assert chosen(house, "/zones/for/broadcast/evening", whom="all", messages="too") == 303
    programme = programme_of(house)
    evening = programme.broadcast("evening")
    assert evening is not None
    assert evening.zones == ("all",)
    assert [message.zones for message in programme.messages] == [("all",), ("all",)]


def test_without_its_messages_a_broadcast_for_all_is_refused_with_the_reason(house: House, hub: FakeHub) -> None:
    """Nothing is saved."""
    chosen(house, "/zones/for/broadcast/evening", whom="all")
    evening = programme_of(house).broadcast("evening")
    assert evening is not None
    assert evening.zones == ()


def test_an_exception_is_for_whom_she_chooses(tmp_path_factory: pytest.TempPathFactory) -> None:
    """By its mark."""
    house = new_house(tmp_path_factory.mktemp("exam"), SCHEDULE + EXAM)
    house.make_hub().add(zone("yard-3", "三号院", NOON))
    (exam,) = programme_of(house).exceptions
    page = house.logged_in().get(f"/schedule/exceptions/{mark_of(exam)}").text
    assert "哪些小区" in page
    assert chosen(house, f"/zones/for/exception/{mark_of(exam)}", whom="all") == 303
    (exam,) = programme_of(house).exceptions
    assert (exam.first, exam.zones) == (date(2026, 6, 7), ("all",))


def test_nothing_chosen_is_asked_again(house: House, hub: FakeHub) -> None:
    """Nothing is saved."""
    assert chosen(house, "/zones/for/message/stay", whom="some") == 400


@pytest.mark.parametrize("address", ["message/none", "broadcast/none", "exception/none", "nothing/stay"])
def test_what_there_is_not_is_not_found(house: House, hub: FakeHub, address: str) -> None:
    """Whatever the address says."""
    assert house.logged_in().get(f"/zones/for/{address}").status_code == 404


def test_the_page_shows_what_was_chosen_and_a_yard_that_is_gone(house: House, hub: FakeHub) -> None:
    """So that saving again loses none unseen; the entry's page says it in words."""
    edition = house.desk.on_desk().edition
    assert edition is not None
    text = SCHEDULE.replace("    title: 监督举报电话\n", "    title: 监督举报电话\n    zones: [here, yard-9]\n")
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    phone = house.logged_in()
    page = phone.get("/zones/for/message/hotline").text
    assert 'value="yard-9" checked' in page
    assert 'value="yard-3" checked' not in page
    page = phone.get("/messages/hotline").text
    assert 'name="some" value="here" checked' in page
    assert 'name="some" value="yard-9" checked' in page


ZONES = st.lists(st.sampled_from(["here", "all", "group:east", "yard-3", "yard-4"]), unique=True, max_size=4)


@given(ZONES, ZONES)
def test_both_is_for_all_that_either_is_for(one: list[str], other: list[str]) -> None:
    """And for nobody else."""
    together = both(one, other)
    assert is_for_here(together) == (is_for_here(one) or is_for_here(other))
    for device, groups in (("yard-3", ()), ("yard-4", ()), ("yard-5", ("east",)), ("yard-6", ())):
        assert is_for(together, device, groups) == (is_for(one, device, groups) or is_for(other, device, groups))


def test_what_is_not_chosen_stays_as_it_was(house: House) -> None:
    """Of messages and broadcasts alike."""
    programme = programme_of(house)
    changed = with_zones(programme, "message", "stay", ("all",), carried=True)
    assert changed.broadcasts == programme.broadcasts
    assert changed.message("hotline") == programme.message("hotline")
