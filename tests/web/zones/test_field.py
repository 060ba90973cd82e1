"""哪些小区 as a field of a message's and a broadcast's form: chosen where the words are, lost by nobody unseen."""

from __future__ import annotations

import pytest

from programme.model import Broadcast, Message
from tests.web.house import NOON, SCHEDULE, House, filled, hidden
from tests.web.zones.fake_hub import FakeHub, zone
from tests.web.zones.test_choosing import programme_of

ALONE = SCHEDULE.replace("[stay]", "[hotline]").replace("[stay, hotline]", "[hotline]")


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the house a hub with two zones; the message 'stay' is in no broadcast, so that it may be for anybody."""
    house.file.write_text(ALONE, encoding="utf-8")
    house.desk.look()
    hub = house.make_hub()
    hub.add(zone("yard-3", "三号院", NOON, groups=("east",)), zone("yard-4", "四号院", NOON))
    return hub


def message_of(house: House, message_id: str = "stay") -> Message:
    """Return the message in the file."""
    house.jobs.run_waiting()
    house.desk.look()
    message = programme_of(house).message(message_id)
    assert message is not None
    return message


def broadcast_of(house: House, broadcast_id: str = "evening") -> Broadcast:
    """Return the broadcast in the file."""
    house.jobs.run_waiting()
    house.desk.look()
    broadcast = programme_of(house).broadcast(broadcast_id)
    assert broadcast is not None
    return broadcast


@pytest.mark.parametrize(
    ("fields", "zones"),
    [
        ({"whom": "all"}, ("all",)),
        ({"whom": "some", "some": "group:east"}, ("group:east",)),
        ({"whom": "some", "some": "yard-9"}, None),
        ({"whom": "here"}, ()),
    ],
)
def test_it_is_chosen_where_the_words_are_written(
    house: House, hub: FakeHub, fields: dict[str, str], zones: tuple[str, ...] | None
) -> None:
    """With one saving; where nothing is chosen the form comes back as it was sent."""
    phone = house.logged_in()
    answer = phone.change("stay", text="今天停水。", **fields)
    if zones is None:
        assert answer.status_code == 400
        assert "请至少勾选一个小区" in answer.text
        assert 'value="some" checked' in answer.text
        return
    message = message_of(house)
    assert (message.text, message.zones) == ("今天停水。", zones)


def test_the_words_alone_leave_it_as_it_was(house: House, hub: FakeHub) -> None:
    """Whatever somebody chose since the form was opened."""
    phone = house.logged_in()
    opened = filled(phone.get("/messages/stay").text) | {"act": "save", "whom": "here"}
    phone.change("stay", whom="all")
    assert message_of(house).zones == ("all",)
    phone.client.post("/messages/stay", data=opened | {"text": "今天停水。"})
    message = message_of(house)
    assert (message.text, message.zones) == ("今天停水。", ("all",))


def test_who_chooses_after_somebody_else_is_asked(house: House, hub: FakeHub) -> None:
    """Nothing is replaced that she has not seen."""
    phone = house.logged_in()
    opened = filled(phone.get("/messages/stay").text) | {"act": "save"}
    phone.change("stay", whom="all")
    assert message_of(house).zones == ("all",)
    answer = phone.client.post("/messages/stay", data=opened | {"whom": "some", "some": "yard-4"})
    assert answer.status_code == 400
    assert "别人刚刚改过给哪些小区" in answer.text
    again = filled(answer.text) | {"act": "save", "whom": "some", "some": "yard-4"}
    assert phone.client.post("/messages/stay", data=again).status_code == 303
    assert message_of(house).zones == ("yard-4",)


def test_what_was_chosen_is_still_there_after_it_was_heard(house: House, hub: FakeHub) -> None:
    """It is kept with the words that were typed."""
    phone = house.logged_in()
    phone.change("stay", text="今天停水。", whom="some", some="yard-4", act="listen")
    house.jobs.run_waiting()
    page = phone.get("/messages/stay").text
    assert 'value="yard-4" checked' in page
    assert message_of(house).zones == ()


def test_a_hub_that_is_away_keeps_nobody_from_writing(house: House, hub: FakeHub) -> None:
    """The field is not there, and it stays for whom it was."""
    phone = house.logged_in()
    phone.change("stay", whom="all")
    assert message_of(house).zones == ("all",)
    hub.away = True
    assert 'name="whom"' not in phone.get("/messages/stay").text
    assert phone.change("stay", text="今天停水。", whom="here").status_code == 303
    assert message_of(house).zones == ("all",)


def test_who_may_not_choose_changes_nothing_by_sending_it(house: House, hub: FakeHub) -> None:
    """An editor writes, and for whom it is decides a publisher."""
    editor = house.logged_in_as("editor")
    assert 'name="whom"' not in editor.get("/messages/stay").text
    editor.change("stay", text="今天停水。", whom="all")
    assert message_of(house).zones == ()


def test_a_new_message_is_for_whom_she_chooses(house: House, hub: FakeHub) -> None:
    """At once, with its words."""
    phone = house.logged_in()
    form = filled(phone.get("/messages/~new").text)
    new = form | {"title": "停水", "text": "今天停水。", "act": "save", "whom": "some", "some": ["here", "yard-3"]}
    assert phone.client.post("/messages/~new", data=new).status_code == 303
    house.jobs.run_waiting()
    house.desk.look()
    assert programme_of(house).messages[-1].zones == ("here", "yard-3")


@pytest.mark.parametrize(("carry", "messages"), [("yes", ("all",)), ("", ())])
def test_a_broadcast_is_for_whom_she_chooses_and_its_messages_too_if_she_likes(
    house: House, hub: FakeHub, carry: str, messages: tuple[str, ...]
) -> None:
    """Without them the yards would have nothing to say: then it is refused with the reason, before it is saved."""
    phone = house.logged_in()
    page = phone.get("/schedule/at/evening").text
    assert 'id="for-yards"' in page
    fields = {"at": "18:30", "message": "hotline", "act": "save", "whom": "all", "read": ""} | (
        {"carry": carry} if carry else {}
    )
    answer = phone.client.post("/schedule/at/evening", data=hidden(page) | fields)
    if not carry:
        assert answer.status_code == 400
        assert broadcast_of(house).zones == ()
        return
    while answer.status_code == 409:  # what is to be read first
        read = hidden(answer.text).get("read", "")
        answer = phone.client.post("/schedule/at/evening", data=hidden(page) | fields | {"read": read})
    assert answer.status_code == 303
    assert broadcast_of(house).zones == ("all",)
    assert message_of(house, "hotline").zones == messages


def test_a_broadcast_that_is_looked_at_keeps_what_was_chosen(house: House, hub: FakeHub) -> None:
    """The form comes back with it, also when a message is added."""
    phone = house.logged_in()
    page = phone.get("/schedule/at/evening").text
    fields = {"at": "18:30", "message": "hotline", "whom": "some", "some": "group:east", "added": "stay"}
    for act in ("look", "add"):
        back = phone.client.post("/schedule/at/evening", data=hidden(page) | fields | {"act": act}).text
        assert 'value="some" checked' in back
        assert 'value="group:east" checked' in back
