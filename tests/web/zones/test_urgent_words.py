"""An urgent text that names the yard: each yard has its own sound, heard before, and how long that takes is told."""

from __future__ import annotations

import json

import pytest

from fleet.hub import urgent_protocol as u
from fleet.hub.devices import Standing
from tests.web.house import House, Phone
from tests.web.say.test_say import prepared, put_up
from tests.web.zones.fake_hub import FakeHub, zone
from web.say.named import NamedWords, NamedWordsFile, named_words
from web.zones.urgent_words import meant_by

TYPED = "{zone}的居民请注意，{zone}今晚停水。"


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the panel's box a hub of three yards, and one that has not joined."""
    hub, now = house.make_hub(), house.clock.now()
    hub.add(zone("yard-1", "一号院", now, groups=("east",)), zone("yard-2", "二号院", now, groups=("east",)))
    hub.add(zone("yard-3", "三号院", now), zone("yard-4", "四号院", now, standing=Standing.INVITED))
    return hub


@pytest.fixture
def phone(house: House, hub: FakeHub) -> Phone:
    """Give the secretary's phone, with the programme on air."""
    house.publish()
    return house.logged_in()


def test_each_yard_is_given_a_sound_that_says_its_name(house: House, hub: FakeHub, phone: Phone) -> None:
    """Only those that are meant; the hub has the words as they were typed, and this yard its own."""
    choose = prepared(house, phone, TYPED).replace("/say/", "/zones/urgent/new/")
    (here,) = put_up(house)
    assert here.text == "警苑小区的居民请注意，警苑小区今晚停水。"
    work = phone.send(choose, {"zones": "group:east"}, page=choose)
    house.jobs.run_waiting()
    ((_prepare, asked),) = hub.asked
    assert isinstance(asked, u.PrepareUrgent)
    assert asked.text == TYPED
    assert [(one.name, one.zone) for one in asked.own] == [("yard-1", "一号院"), ("yard-2", "二号院")]
    said = {one.zone: house.studio.clip(TYPED.replace("{zone}", one.zone), "v").sha256 for one in asked.own}
    assert {one.zone: one.clip for one in asked.own} == said
    page = phone.get(phone.get(work.location).location).text
    assert "〔小区名〕的居民请注意" in page
    assert "听一听各小区的（2 段）" in page
    for yard, clip in said.items():
        assert f'/clips/{clip}.wav" aria-label="听{yard}的"' in page


def test_whose_name_is_heard_and_how_long_it_takes_is_told_before(house: House, hub: FakeHub, phone: Phone) -> None:
    """For one and for all of them, before anything is sent."""
    choose = prepared(house, phone, TYPED).replace("/say/", "/zones/urgent/new/")
    named_words(house.folder).keep(put_up(house)[0].id, NamedWords(text=TYPED, seconds=4.0))
    page = phone.get(choose).text
    assert "念的是“警苑小区”" in page
    assert "一个小区约 4 秒，全部约 12 秒" in page


def test_words_that_name_no_yard_are_one_sound_for_all(house: House, hub: FakeHub, phone: Phone) -> None:
    """And nothing is said of time."""
    choose = prepared(house, phone, "今晚停水。").replace("/say/", "/zones/urgent/new/")
    assert "单独念" not in phone.get(choose).text
    phone.send(choose, {"zones": "all"}, page=choose)
    house.jobs.run_waiting()
    ((_prepare, asked),) = hub.asked
    assert isinstance(asked, u.PrepareUrgent)
    assert asked.own == ()


def test_a_title_is_not_cut_within_the_mark(house: House, hub: FakeHub, phone: Phone) -> None:
    """Of a long text the first words are the title."""
    choose = prepared(house, phone, "各位居民请注意各位居民请注意各位居民请注意{zone}").replace(
        "/say/", "/zones/urgent/new/"
    )
    phone.send(choose, {"zones": "all"}, page=choose)
    house.jobs.run_waiting()
    ((_prepare, asked),) = hub.asked
    assert isinstance(asked, u.PrepareUrgent)
    assert asked.title == "各位居民请注意各位居民请注意各位居民请注意…"


def test_where_there_is_no_hub_the_yards_own_name_is_said(house: House) -> None:
    """As in a message."""
    house.publish()
    prepared(house, house.logged_in(), TYPED)
    assert put_up(house)[0].text.startswith("警苑小区的居民")


@pytest.mark.parametrize(
    ("chosen", "names"),
    [(("all",), ["yard-1", "yard-2", "yard-3"]), (("group:east",), ["yard-1", "yard-2"]), (("yard-4",), [])],
)
def test_who_is_meant_has_joined(hub: FakeHub, chosen: tuple[str, ...], names: list[str]) -> None:
    """An invited yard has no box yet."""
    assert [one.name for one in meant_by(chosen, hub.zones().zones)] == names


def test_the_newest_are_kept_and_what_is_damaged_counts_as_nothing(house: House) -> None:
    """As many as there are bulletins."""
    file = NamedWordsFile(house.folder / "words.json")
    for number in range(6):
        file.keep(f"b-{number}", NamedWords(text=f"{number}", seconds=1.0))
    assert file.find("b-1") is None
    assert file.find("b-5") == NamedWords(text="5", seconds=1.0)
    assert list(json.loads((house.folder / "words.json").read_bytes())) == ["b-2", "b-3", "b-4", "b-5"]
    (house.folder / "words.json").write_bytes(b"{")
    assert file.find("b-5") is None
