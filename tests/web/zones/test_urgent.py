"""The same words in many yards at the same second: chosen, confirmed with the PIN, followed, and stopped everywhere."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from werkzeug.test import TestResponse

from fleet.hub import urgent_protocol as u
from fleet.hub.client import HubRefuses
from fleet.wire.accounts import What
from speaker.airing import Reason
from speaker.condition import Alarm
from speaker.protocol import Refused
from tests.web.house import House, Phone
from tests.web.say.test_say import WORDS, prepared, put_up
from tests.web.zones.fake_hub import FakeHub, zone
from web.zones.urgent import seconds_ahead

PIN = "271828"


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the panel's box a hub of three yards, one of which can't be reached."""
    hub, now = house.make_hub(), house.clock.now()
    hub.add(zone("yard-1", "一号院", now, groups=("east",)), zone("yard-2", "二号院", now, groups=("east",)))
    hub.add(zone("yard-3", "三号院", now, online=False))
    return hub


@pytest.fixture
def phone(house: House, hub: FakeHub) -> Phone:
    """Give the secretary's phone, with the programme on air."""
    house.publish()
    return house.logged_in()


def sent(house: House, phone: Phone, zones: str = "all") -> str:
    """Write something, choose where, and wait until it was sent there; return the page that follows it."""
    choose = prepared(house, phone).replace("/say/", "/zones/urgent/new/")
    work = phone.send(choose, {"zones": zones}, page=choose)
    house.jobs.run_waiting()
    page: str = phone.get(work.location).location
    return page


def say(phone: Phone, page: str, **changes: str) -> TestResponse:
    """Fill the form in and send it."""
    fields = {"priority": "page", "repeat": "2", "occasion": "三号楼燃气泄漏", "pin": PIN} | changes
    return phone.send(page.partition("?")[0], fields, page=page)


def test_a_box_that_is_no_hub_has_no_such_page(house: House) -> None:
    """Nor is it offered where somebody hears what is to be said."""
    house.publish()
    phone = house.logged_in()
    page = prepared(house, phone)
    assert "/zones/urgent" not in phone.get(page).text
    assert phone.get(page.replace("/say/", "/zones/urgent/new/")).status_code == 404
    assert phone.get("/zones/urgent/u1").status_code == 404


def test_what_a_later_version_of_the_hub_has_prepared_can_be_stopped_and_not_said(
    house: House, hub: FakeHub, phone: Phone
) -> None:
    """The page says so and has no form for it; while it sounds, it has the button."""
    made = house.clock.now()
    waits = u.UrgentState(urgent="u1", newer=True, title="停水", made=made, zones=(u.UrgentZone(name="yard-1"),))
    hub.urgents["u1"] = waits
    page = phone.get("/zones/urgent/u1").text
    assert "新版本的总站" in page
    assert 'name="pin"' not in page
    hub.urgents["u1"] = msgspec.structs.replace(waits, starts_at=made)
    assert "全部停止" in phone.get("/zones/urgent/u1").text


def test_what_was_heard_is_sent_to_the_yards_and_nothing_sounds_yet(house: House, hub: FakeHub, phone: Phone) -> None:
    """The clip's name, its words and who wrote them go to the hub; the page says how many yards have it."""
    page = sent(house, phone)
    (bulletin,) = put_up(house)
    assert hub.asked == [
        (
            "prepare",
            u.PrepareUrgent(
                zones=("all",),
                title=bulletin.title,
                text=WORDS,
                clip=bulletin.clip,
                frames=bulletin.frames,
                voice=bulletin.voice,
                engine=bulletin.engine,
                who="王书记",
            ),
        )
    ]
    assert house.speaker.pages == []
    shown = phone.get(page).text
    assert "3 个小区里 0 个准备好了" in shown
    assert shown.count("等回话") == 2
    assert "联系不上" in shown
    assert "还有 2 个在取声音" in shown
    ready = tuple(u.UrgentZone(name=name, what=What.READY) for name in ("yard-1", "yard-2"))
    told = (*ready, u.UrgentZone(name="yard-3"))
    hub.urgents["u1"] = msgspec.structs.replace(hub.urgents["u1"], zones=told)
    assert "在取声音" not in phone.get(page).text


@pytest.mark.parametrize("chosen", ["", "yard-9", "group:west", "../etc"])
def test_a_yard_that_is_not_there_is_not_chosen(house: House, hub: FakeHub, phone: Phone, chosen: str) -> None:
    """Nothing is sent, and the page asks again."""
    choose = prepared(house, phone).replace("/say/", "/zones/urgent/new/")
    answer = phone.send(choose, {"zones": chosen}, page=choose)
    assert answer.status_code == 400
    assert "请选在哪些小区播" in answer.text
    assert hub.asked == []


def test_a_group_or_some_yards_can_be_chosen(house: House, hub: FakeHub, phone: Phone) -> None:
    """The form offers the groups there are."""
    choose = prepared(house, phone).replace("/say/", "/zones/urgent/new/")
    assert 'value="group:east"' in phone.get(choose).text
    sent(house, phone, "group:east")
    ((_prepare, asked),) = hub.asked
    assert isinstance(asked, u.PrepareUrgent)
    assert asked.zones == ("group:east",)


def test_with_the_pin_it_sounds_everywhere_at_one_instant_and_here_too(
    house: House, hub: FakeHub, phone: Phone
) -> None:
    """The yard of the hub itself has no agent: its own loudspeaker is asked for the same instant."""
    page = sent(house, phone)
    answer = say(phone, page, here="yes", own=put_up(house)[0].id, priority="emergency")
    assert answer.status_code == 303
    asked = hub.asked[-1][1]
    assert isinstance(asked, u.SayUrgent)
    assert (asked.pin, asked.occasion, asked.priority, asked.repeat) == (PIN, "三号楼燃气泄漏", "emergency", 2)
    (own,) = house.speaker.pages
    assert own["at"] == house.clock.now() + timedelta(seconds=asked.in_seconds)
    assert (own["priority"], own["why"]) == ("emergency", "三号楼燃气泄漏")
    shown = phone.get(answer.location).text
    assert "定在 12:00:06 开始" in shown
    assert "全部停止" in shown


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"occasion": ""}, "请写明事由"), ({"pin": ""}, "请填紧急口令"), ({"occasion": "长" * 61}, "事由")],
)
def test_it_takes_an_occasion_and_a_pin(
    house: House, hub: FakeHub, phone: Phone, changes: dict[str, str], told: str
) -> None:
    """What is missing is said; nothing is ordered."""
    answer = say(phone, sent(house, phone), **changes)
    assert answer.status_code == 400
    assert told in answer.text
    assert len(hub.asked) == 1


def test_a_wrong_pin_is_told_and_nothing_sounds_anywhere(house: House, hub: FakeHub, phone: Phone) -> None:
    """The hub's own sentence is shown; this yard's loudspeaker isn't asked either."""
    page = sent(house, phone)
    hub.refuses = HubRefuses("紧急口令不对，请再试", "the PIN is wrong, please try again")
    answer = say(phone, page, here="yes", own=put_up(house)[0].id)
    assert answer.status_code == 409
    assert "没有播：紧急口令不对，请再试。<" in answer.text
    assert house.speaker.pages == []


def test_what_was_chosen_is_still_chosen_while_the_pin_is_typed_again(house: House, hub: FakeHub, phone: Phone) -> None:
    """An emergency three times over, not in this yard, does not become a page once over that sounds here too."""
    page = sent(house, phone)
    own = put_up(house)[0].id
    assert 'name="here" value="yes" checked' in phone.get(page).text
    hub.refuses = HubRefuses("紧急口令不对，请再试。", "The PIN is wrong, please try again.")
    shown = say(phone, page, own=own, priority="emergency", repeat="3").text
    assert 'name="priority" value="emergency" checked' in shown
    assert 'name="priority" value="page">' in shown
    assert 'name="repeat" value="3" checked' in shown
    assert 'name="repeat" value="1">' in shown
    assert 'name="here" value="yes">' in shown
    assert 'value="三号楼燃气泄漏"' in shown
    assert "请再试。。" not in shown


def test_the_audit_log_has_it_in_words(house: House, hub: FakeHub, phone: Phone) -> None:
    """Where, what, how and why, and that it was stopped: no ids, and nothing that only a program understands."""
    page, title = sent(house, phone, "group:east"), put_up(house)[0].title
    say(phone, page, priority="emergency")
    phone.send("/zones/urgent/u1/stop", {"own": put_up(house)[0].id}, page=page)
    stopped, said, sent_there = house.acts()[:3]
    assert (stopped.what, stopped.target, stopped.new) == ("urgent.stop", title, "")
    assert (said.what, said.target) == ("urgent.say", title)
    assert (sent_there.what, sent_there.target, sent_there.new) == ("urgent.prepare", title, "“east”组")
    shown = phone.get("/audit").text
    for words in ("怎么播：应急广播", "播几遍：2", "事由：三号楼燃气泄漏"):
        assert words in shown


def test_neither_the_page_nor_the_audit_log_keeps_the_pin(house: House, hub: FakeHub, phone: Phone) -> None:
    """The act is there, under its name, with the occasion."""
    page = sent(house, phone)
    assert PIN not in say(phone, page, occasion="").text
    say(phone, page)
    acts = [act for act in house.acts() if act.what == "urgent.say"]
    assert len(acts) == 2
    assert all(PIN not in f"{act}" for act in acts)
    assert "三号楼燃气泄漏" in acts[0].new


def test_each_yard_says_how_far_it_is_the_gravest_first(house: House, hub: FakeHub, phone: Phone) -> None:
    """A refusal stands on top with the yard's own reason."""
    page = sent(house, phone)
    say(phone, page)
    why = Alarm(code="refused", zh="现在是安静时段", en="these are quiet hours")
    told = (
        u.UrgentZone(name="yard-1", what=What.STARTED, lateness_ms=3.0),
        u.UrgentZone(name="yard-2", what=What.REFUSED, why=why),
        u.UrgentZone(name="yard-3"),
    )
    hub.urgents["u1"] = msgspec.structs.replace(hub.urgents["u1"], zones=told)
    shown = phone.get(f"{page}&live=1").text
    assert "<html" not in shown
    places = [shown.index(words) for words in ("现在是安静时段", "没有播", "联系不上", "正在播")]
    assert places == sorted(places)
    assert "3 个小区里 1 个播了" in shown


def test_stop_reaches_every_yard_and_this_one(house: House, hub: FakeHub, phone: Phone) -> None:
    """Also those in which it is only armed; whoever may come in may silence it."""
    page, own = sent(house, phone), put_up(house)[0].id
    say(phone, page, here="yes", own=own)
    editor = house.logged_in_as("editor")
    answer = editor.send("/zones/urgent/u1/stop", {"own": own}, page=page)
    assert answer.status_code == 303
    assert hub.asked[-1] == ("stop", "u1", "小编")
    assert ("stop", "小编") in house.speaker.asked
    assert "已经让各小区停止。3 个小区里 3 个确认不响了。" in phone.get(page).text


def test_who_has_not_told_that_it_is_silent_is_not_counted_as_silent(house: House, hub: FakeHub, phone: Phone) -> None:
    """A yard that sounded when it was last heard of may sound still."""
    page = sent(house, phone)
    say(phone, page)
    told = (
        u.UrgentZone(name="yard-1", what=What.STARTED),
        u.UrgentZone(name="yard-2", what=What.STOPPED),
        u.UrgentZone(name="yard-3"),
    )
    hub.urgents["u1"] = msgspec.structs.replace(hub.urgents["u1"], zones=told, stopped=house.clock.now())
    assert "3 个小区里 1 个确认不响了" in phone.get(page).text


def test_who_lost_the_page_finds_it_again_and_stops_this_yard_too(house: House, hub: FakeHub, phone: Phone) -> None:
    """From 今天 and from 各小区, until it is stopped; without what the first page knew."""
    page = sent(house, phone)
    for address in ("/", "/zones/"):
        assert "going-on" not in phone.get(address).text
    say(phone, page, here="yes", own=put_up(house)[0].id)
    for address in ("/", "/zones/"):
        assert "正在 3 个小区插播" in phone.get(address).text
        assert 'href="/zones/urgent/u1"' in phone.get(address).text
    phone.send("/zones/urgent/u1/stop", {}, page="/zones/urgent/u1")
    assert hub.asked[-1] == ("stop", "u1", "王书记")
    assert ("stop", "王书记") in house.speaker.asked
    for address in ("/", "/zones/"):
        assert "going-on" not in phone.get(address).text


@pytest.mark.parametrize(
    ("what", "after"),
    [
        (None, (0.5, True)),
        (None, (2, False)),
        (What.ENDED, (0.5, False)),
        (What.STARTED, (2, True)),
        (What.ARMED, (2, True)),
        (What.STARTED, (31, False)),
    ],
)
def test_it_goes_on_while_somebody_may_have_it_in_hand(
    house: House, hub: FakeHub, phone: Phone, what: What | None, after: tuple[float, bool]
) -> None:
    """A yard that can't be reached does not keep it there. ``after``: minutes, and whether it does."""
    minutes, goes_on = after
    page = sent(house, phone)
    say(phone, page)
    told = msgspec.structs.replace(hub.urgents["u1"], zones=(u.UrgentZone(name="yard-3", what=what),))
    hub.urgents["u1"] = told
    assert told.starts_at is not None
    house.clock.advance((told.starts_at - house.clock.now()).total_seconds() + 60 * minutes)
    assert ("going-on" in phone.get("/").text) is goes_on


def test_a_hub_that_does_not_answer_keeps_no_stop_from_this_yard(house: House, hub: FakeHub, phone: Phone) -> None:
    """Its own loudspeaker is silenced first, then it is told that the hub was not reached."""
    page = sent(house, phone)
    say(phone, page, here="yes", own=put_up(house)[0].id)
    phone.get(page)
    hub.away = True
    phone.send("/zones/urgent/u1/stop", {}, page="/")
    assert ("stop", "王书记") in house.speaker.asked


def test_storage_that_takes_nothing_keeps_no_word_from_this_yard(house: House, hub: FakeHub, phone: Phone) -> None:
    """Only who opens the page anew has to stop it on 今天."""
    page, own = sent(house, phone), put_up(house)[0].id
    (house.folder / "urgent-here.json").mkdir()
    assert say(phone, page, here="yes", own=own).status_code == 303
    assert [page["bulletin"] for page in house.speaker.pages] == [own]


def test_a_stop_leaves_this_yard_alone_where_it_was_not_said(house: House, hub: FakeHub, phone: Phone) -> None:
    """What sounds here then is another matter."""
    page = sent(house, phone)
    say(phone, page)
    phone.send("/zones/urgent/u1/stop", {}, page="/zones/urgent/u1")
    assert ("stop", "王书记") not in house.speaker.asked


def test_a_loudspeaker_here_that_refuses_does_not_hide_that_the_others_have_their_order(
    house: House, hub: FakeHub, phone: Phone
) -> None:
    """It is said of this yard, and the page goes on to the others."""
    page = sent(house, phone)
    house.speaker.refuse = Refused(reason=Reason.QUIET_HOURS, zh="现在是安静时段", en="these are quiet hours")
    answer = say(phone, page, here="yes", own=put_up(house)[0].id)
    shown = phone.get(answer.location).text
    assert "本小区没有照做：现在是安静时段" in shown
    assert "马上就播" in shown


def test_an_editor_may_look_and_not_speak(house: House, hub: FakeHub, phone: Phone) -> None:
    """The form isn't there for them, and the act is refused."""
    page = sent(house, phone)
    editor = house.logged_in_as("editor")
    assert 'name="pin"' not in editor.get(page).text
    assert say(editor, page).status_code == 403
    assert len(hub.asked) == 1


@pytest.mark.parametrize(("yards", "seconds"), [(1, 6.006), (37, 6.222), (1_000, 12.0), (5_000, 36.0), (20_000, 60.0)])
def test_the_more_yards_the_longer_ahead_it_is_ordered(yards: int, seconds: float) -> None:
    """So that the last of them has it in time; a minute at most."""
    assert seconds_ahead(yards) == pytest.approx(seconds)
