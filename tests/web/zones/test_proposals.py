"""小区的建议: shown with what would be different, adopted or dropped, and the yard is told."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fleet.hub import protocol as p
from fleet.hub.client import HubRefuses
from fleet.hub.devices import Standing
from fleet.hub.inbox import KeptProposal
from fleet.wire.accounts import Proposal, ProposedWords
from programme.credits import Credits
from programme.model import Broadcast, Message
from programme.shared import shared_id
from programme.zones import is_for, is_for_here
from tests.web.house import NAME, NOON, SCHEDULE, House
from tests.web.zones.fake_hub import FakeHub, zone
from web.zones.proposals import as_ours
from web.zones.proposed_times import without

TITLE, TEXT = "守好阵地", "只要还有一粒米，不往人多地方去。"


def wish(entry: str, title: str, text: str, **changes: object) -> KeptProposal:
    """Return what a yard proposes for the hub's message ``entry``."""
    words = ProposedWords(title=title, text=text)
    proposal = Proposal(id="w-1", at=NOON, entry=f"c-{entry}", revision="r1", who="李姐", note="听不清", words=words)
    values: dict[str, object] = {"device": "yard-36", "proposal": proposal, "received": NOON}
    return KeptProposal(**(values | changes))  # type: ignore[arg-type] - the fields above, by name


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the house a hub to which one yard proposes something."""
    hub = house.make_hub()
    hub.add(zone("yard-36", "火车站", NOON))
    hub.wishes = p.Proposals(proposals=(wish("stay", TITLE, TEXT),))
    return hub


def test_it_is_shown_with_who_and_why_and_the_difference(house: House, hub: FakeHub) -> None:
    """The list of zones says how many wait."""
    phone = house.logged_in()
    assert "小区提了 1 条建议" in phone.get("/zones/").text
    page = phone.get("/zones/proposals/").text
    assert "火车站的李姐提的" in page
    assert "原因：听不清" in page
    assert "<ins>" in page


def test_adopted_its_words_are_saved_and_the_yard_is_told(house: House, hub: FakeHub) -> None:
    """In that order: what could not be saved was not adopted."""
    phone = house.logged_in()
    sent = phone.send("/zones/proposals/yard-36/w-1/adopt", {"words": "谢谢"}, "/zones/proposals/")
    assert sent.status_code == 303
    assert hub.asked == []
    house.jobs.run_waiting()
    edition = house.desk.on_desk().edition
    assert edition is not None
    message = edition.programme.message("stay")
    assert message is not None
    assert message.text == TEXT
    credit = Credits(house.folder / "credits.json").of(message)
    assert credit is not None
    assert (credit.wrote, credit.approved) == ("火车站 李姐", NAME)
    assert hub.asked == [("answer", "yard-36", "w-1", True, "谢谢")]
    assert any(act.what == "zone_proposals.adopt" and act.target == "stay" for act in house.acts())


def test_words_for_an_entry_with_a_long_id_are_adopted_too(house: House, hub: FakeHub) -> None:
    """In the yards it has a shorter name than the hub's own with the mark before it."""
    long = "stay-" * 8
    house.file.write_text(SCHEDULE.replace("stay", long), encoding="utf-8")
    house.desk.look()
    proposal = replace(hub.wishes.proposals[0].proposal, entry=shared_id(long))
    hub.wishes = p.Proposals(proposals=(replace(hub.wishes.proposals[0], proposal=proposal),))
    house.logged_in().send("/zones/proposals/yard-36/w-1/adopt", {}, "/zones/proposals/")
    house.jobs.run_waiting()
    edition = house.desk.on_desk().edition
    assert edition is not None
    message = edition.programme.message(long)
    assert message is not None
    assert message.text == TEXT


def test_what_can_not_be_said_is_not_adopted(house: House, hub: FakeHub) -> None:
    """The yard is told nothing, and the proposal waits on."""
    house.studio.broken = True
    house.logged_in().send("/zones/proposals/yard-36/w-1/adopt", {}, "/zones/proposals/")
    house.jobs.run_waiting()
    assert hub.asked == []
    assert house.title_of("stay") == TITLE


def test_dropped_everything_stays_and_the_yard_is_told(house: House, hub: FakeHub) -> None:
    """With the words of whoever dropped it."""
    phone = house.logged_in()
    phone.send("/zones/proposals/yard-36/w-1/drop", {"words": "先不改"}, "/zones/proposals/")
    assert hub.asked == [("answer", "yard-36", "w-1", False, "先不改")]
    assert "没有采纳" in phone.get("/zones/proposals/").text


def test_a_hub_that_refuses_is_heard(house: House, hub: FakeHub) -> None:
    """In its own words."""
    hub.refuses = HubRefuses("现在不行", "not now")
    phone = house.logged_in()
    phone.send("/zones/proposals/yard-36/w-1/drop", {}, "/zones/proposals/")
    assert "现在不行" in phone.get("/zones/proposals/").text


def test_what_is_about_a_message_that_is_gone_can_only_be_dropped(house: House, hub: FakeHub) -> None:
    """The page says so, and the form sent by hand changes nothing."""
    hub.wishes = p.Proposals(proposals=(wish("gone", TITLE, TEXT),))
    phone = house.logged_in()
    page = phone.get("/zones/proposals/").text
    assert "原来的稿件不在了" in page
    assert "采纳，就这样改" not in page
    phone.send("/zones/proposals/yard-36/w-1/adopt", {}, "/zones/proposals/")
    house.jobs.run_waiting()
    assert hub.asked == []


@pytest.mark.parametrize("act", ["adopt", "drop"])
def test_what_was_answered_is_not_answered_again(house: House, hub: FakeHub, act: str) -> None:
    """It is on the list of those."""
    hub.wishes = p.Proposals(proposals=(wish("stay", TITLE, TEXT, adopted=True, words="谢谢"),))
    phone = house.logged_in()
    assert "答复过的" in phone.get("/zones/proposals/").text
    assert phone.send(f"/zones/proposals/yard-36/w-1/{act}", {}, "/zones/proposals/").status_code == 404
    assert hub.asked == []


def test_the_yards_own_name_is_every_yards_again() -> None:
    """Where the hub's message has {zone}, the yard saw its own name; where it has none the name stays."""
    words = ProposedWords(title="火车站通知", text="火车站的居民请注意。")
    named = Message(id="a", title="通知", text="{zone}的居民请注意！")
    assert as_ours(words, named, "火车站") == ProposedWords(title="火车站通知", text="{zone}的居民请注意。")
    assert as_ours(words, named, "") == words


def test_an_editor_sees_and_does_not_answer(house: House, hub: FakeHub) -> None:
    """To let something through is a publisher's."""
    house.file.write_text(SCHEDULE, encoding="utf-8")
    page = house.logged_in_as("editor").get("/zones/proposals/").text
    assert "火车站的李姐提的" in page
    assert "不采纳" not in page


def wish_for_times(house: House, hub: FakeHub, **changes: object) -> Broadcast:
    """Let a yard wish for another time of the hub's "morning"; return that broadcast."""
    edition = house.desk.on_desk().edition
    assert edition is not None
    morning = edition.programme.broadcast("morning")
    assert morning is not None
    wished = replace(morning, id="c-morning", messages=("c-stay",), at=time(15, 0), volume_percent=40)
    values: dict[str, object] = {"id": "w-1", "at": NOON, "entry": "c-morning", "revision": "r1", "broadcast": wished}
    proposal = Proposal(**(values | changes))  # type: ignore[arg-type] - the fields above, by name
    hub.wishes = p.Proposals(proposals=(KeptProposal(device="yard-36", proposal=proposal, received=NOON),))
    return morning


def test_another_time_is_shown_beside_the_old_and_adopted_for_all(house: House, hub: FakeHub) -> None:
    """Its messages, repeats and zones are the hub's still; then the yard is told."""
    morning = wish_for_times(house, hub)
    phone = house.logged_in()
    page = phone.get("/zones/proposals/").text
    assert "<del>07:30 · 每天 · 音量照节目单</del> <ins>15:00 · 每天 · 音量 40</ins>" in page
    assert phone.send("/zones/proposals/yard-36/w-1/adopt", {}, "/zones/proposals/").status_code == 303
    house.jobs.run_waiting()
    edition = house.desk.on_desk().edition
    assert edition is not None
    assert edition.programme.broadcast("morning") == replace(morning, at=time(15, 0), volume_percent=40)
    assert hub.asked == [("answer", "yard-36", "w-1", True, "")]


def test_a_time_that_meets_another_broadcast_is_not_adopted(house: House, hub: FakeHub) -> None:
    """The rules hold for what a yard wishes too, and it is not told that it was adopted."""
    morning = wish_for_times(house, hub)
    wished = replace(morning, id="c-morning", messages=("c-stay",), at=time(18, 30))
    wish_for_times(house, hub, broadcast=wished)
    house.logged_in().send("/zones/proposals/yard-36/w-1/adopt", {}, "/zones/proposals/")
    house.jobs.run_waiting()
    edition = house.desk.on_desk().edition
    assert edition is not None
    assert edition.programme.broadcast("morning") == morning
    assert hub.asked == []


@pytest.mark.parametrize(
    ("were", "then"),
    [
        (("all",), ("here", "yard-1", "yard-2", "yard-3")),
        (("yard-1", "yard-36"), ("yard-1",)),
        (("here", "group:east", "group:west"), ("here", "yard-1", "group:west")),
        (("group:west", "yard-36"), ("group:west",)),
    ],
)
def test_a_yard_that_wishes_not_to_air_it_is_left_out_in_one_act(
    house: House, hub: FakeHub, were: tuple[str, ...], then: tuple[str, ...]
) -> None:
    """The others air it as before, by name where it was for all or for its group; a box that is lost is not named."""
    east, west = {"groups": ("east",)}, {"groups": ("west",)}
    hub.add(zone("yard-1", "一院", NOON, **east), zone("yard-2", "二院", NOON, **west), zone("yard-3", "三院", NOON))
    hub.add(zone("yard-36", "火车站", NOON, **east), zone("yard-9", "九院", NOON, standing=Standing.LOST, **east))
    said, listed = "    text: 只要还有一粒米，不往人多地方挤。\n", "    messages: [stay]\n"
    text = SCHEDULE.replace(said, f"{said}    zones: [all]\n")
    house.file.write_text(text.replace(listed, f"{listed}    zones: [{', '.join(were)}]\n"), encoding="utf-8")
    house.desk.look()
    morning = wish_for_times(house, hub, off=True)
    assert morning.zones == were
    phone = house.logged_in()
    assert "别的小区照播，火车站不播" in phone.get("/zones/proposals/").text
    assert phone.send("/zones/proposals/yard-36/w-1/adopt", {}, "/zones/proposals/").status_code == 303
    house.jobs.run_waiting()
    edition = house.desk.on_desk().edition
    assert edition is not None
    assert edition.programme.broadcast("morning") == replace(morning, zones=then)
    assert hub.asked == [("answer", "yard-36", "w-1", True, "")]


_YARDS = ("yard-1", "yard-2", "yard-3", "yard-36")


@given(
    chosen=st.lists(st.sampled_from(["all", "here", "group:east", "group:west", *_YARDS]), min_size=1, unique=True),
    east=st.sets(st.sampled_from(_YARDS)),
    west=st.sets(st.sampled_from(_YARDS)),
)
def test_who_is_left_out_is_the_only_one_for_whom_anything_changes(
    chosen: list[str], east: set[str], west: set[str]
) -> None:
    """Whatever was chosen, and whoever is in which groups."""
    groups = {name: [one for one, those in (("east", east), ("west", west)) if name in those] for name in _YARDS}
    zones = [zone(name, name, NOON, groups=tuple(groups[name])) for name in _YARDS]
    others = without(chosen, "yard-36", zones)
    for name in _YARDS:
        assert is_for(others, name, groups[name]) is (name != "yard-36" and is_for(chosen, name, groups[name]))
    assert ("here" in others) is is_for_here(chosen)


def test_where_nobody_else_is_left_a_person_decides(house: House, hub: FakeHub) -> None:
    """It would be for nobody, and with no zones it would be this yard's."""
    assert without(("yard-36",), "yard-36", hub.zones().zones) == ()


@pytest.mark.parametrize(
    "changes", [{"off": True, "entry": "c-gone"}, {"entry": "c-gone"}], ids=["not in that yard", "gone"]
)
def test_what_a_person_has_to_do_is_answered_when_it_is_done(
    house: House, hub: FakeHub, changes: dict[str, object]
) -> None:
    """There is no button that adopts it; "done as asked" changes nothing and tells the yard."""
    morning = wish_for_times(house, hub, **changes)
    phone = house.logged_in()
    page = phone.get("/zones/proposals/").text
    assert "采纳，就这样改" not in page
    assert "已经照办" in page
    phone.send("/zones/proposals/yard-36/w-1/adopt", {}, "/zones/proposals/")
    assert hub.asked == []
    phone.send("/zones/proposals/yard-36/w-1/done", {"words": "去掉了"}, "/zones/proposals/")
    assert hub.asked == [("answer", "yard-36", "w-1", True, "去掉了")]
    edition = house.desk.on_desk().edition
    assert edition is not None
    assert edition.programme.broadcast("morning") == morning
