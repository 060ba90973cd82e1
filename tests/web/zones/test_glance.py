"""The list of all zones draws itself anew when something has changed, only then; 今天 tells how far an edit came."""

from __future__ import annotations

import re

import msgspec
import pytest

from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from speaker.condition import Alarm
from tests.web.house import NOON, SCHEDULE, House, Phone, new_house
from tests.web.zones.fake_hub import FakeHub, zone

FOR_ALL = SCHEDULE.replace("    title: 守好阵地   # the slogan\n", "    title: 守好阵地\n    zones: [all]\n")


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the house a hub with two zones that say what was ordered."""
    hub = house.make_hub()
    hub.add(*(well(name, words) for name, words in (("yard-3", "三号院"), ("yard-4", "四号院"))))
    return hub


def well(name: str, words: str, revision: str = "r1") -> p.Zone:
    """Return a zone that says ``revision``."""
    made = zone(name, words, NOON)
    assert made.state is not None
    return msgspec.structs.replace(made, state=msgspec.structs.replace(made.state, revision=revision))


def live(phone: Phone, key: str = "", asked: str = "") -> tuple[int, str]:
    """Ask for the part that a script draws; return the status and what came."""
    answer = phone.get(f"/zones/?live=1&key={key}{asked}")
    return answer.status_code, answer.text


def key_of(page: str) -> str:
    """Return what the page says is on it."""
    found = re.search(r'data-key="(\w+)"', page)
    assert found
    return found[1]


def test_what_is_there_already_is_not_sent_again(house: House, hub: FakeHub) -> None:
    """Also when it was heard of anew; a phone on a slow network asks every few seconds."""
    phone = house.logged_in()
    status, page = live(phone)
    assert (status, "<html" in page) == (200, False)
    house.clock.advance(5)
    hub.add(msgspec.structs.replace(hub.all["yard-3"], heard=house.clock.now()))
    assert live(phone, key_of(page)) == (204, "")


@pytest.mark.parametrize(
    "changes",
    [
        {"online": False},
        {"state": well("yard-3", "三号院", "r0").state},
        {"groups": ("west",)},
        {"zone": "三院"},
        {"standing": Standing.LOST},
        {"digits": "123456"},
    ],
)
def test_what_has_changed_is_drawn_anew(house: House, hub: FakeHub, changes: dict[str, object]) -> None:
    """Whatever of it is shown."""
    phone = house.logged_in()
    __, page = live(phone)
    hub.add(msgspec.structs.replace(hub.all["yard-3"], **changes))
    assert live(phone, key_of(page))[0] == 200


def test_only_what_is_looked_for_is_drawn_anew(house: House, hub: FakeHub) -> None:
    """The page asks for the same part again; the search itself stays on the page."""
    phone = house.logged_in()
    page = phone.get("/zones/?q=三号&group=").text
    assert "live=1&amp;q=%E4%B8%89%E5%8F%B7" in page
    assert page.index('id="q"') < page.index('id="live"')
    __, part = live(phone, asked="&q=三号")
    assert "tile-yard-3" in part
    assert "tile-yard-4" not in part


def test_today_tells_how_far_the_newest_programme_has_come(house: House, hub: FakeHub) -> None:
    """Who lacks is named, and goes from the page when it says it; a page on a phone notices."""
    phone = house.logged_in()
    hub.add(well("yard-4", "四号院", "r0"))
    page = phone.get("/").text
    assert "2 个小区里 1 个用上了" in page
    assert "还差：四号院" in page
    hub.add(well("yard-4", "四号院"))
    after = phone.get("/?live=1").text
    assert key_of(after) != key_of(page)
    assert "2 个小区都用上了" in after


def test_what_is_not_handed_over_yet_has_reached_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """After an edit the yards still say the one before, and the hub has not been told: that is no success."""
    house = new_house(tmp_path_factory.mktemp("newer"), FOR_ALL)
    house.publish()
    hub = house.make_hub()
    hub.add(well("yard-3", "三号院"))
    edition = house.desk.on_desk().edition
    assert edition is not None
    phone = house.logged_in()
    for address in ("/", "/zones/"):
        assert "正在为各小区准备" in phone.get(address).text
    too_large = Alarm(code="programme-too-large", zh="节目太大了，发不出去。", en="the programme is too large")
    hub.state = msgspec.structs.replace(hub.state, alarms=(too_large,))
    today = phone.get("/").text
    assert "还没有发给各小区" in today
    assert "节目太大了，发不出去。" in today
    hub.state = msgspec.structs.replace(hub.state, revision=edition.revision, alarms=())
    assert "1 个小区里 1 个用上了" in phone.get("/zones/").text


def test_today_comes_where_the_hub_does_not_answer(house: House, hub: FakeHub) -> None:
    """And says so; where there is no hub it says nothing of yards."""
    hub.away = True
    page = house.logged_in().get("/")
    assert page.status_code == 200
    assert "总站没有运行" in page.text
    house.hubs.clear()
    assert "小区里" not in house.logged_in().get("/").text


def test_of_very_many_the_worst_are_listed_and_the_rest_are_counted(house: House, hub: FakeHub) -> None:
    """A phone is not handed a thousand tiles; a search finds each."""
    hub.add(*(well(f"z-{number}", f"{number}院") for number in range(300)))
    hub.add(msgspec.structs.replace(hub.all["z-299"], online=False))
    phone = house.logged_in()
    page = phone.get("/zones/").text
    assert page.count('class="tile ') == 200
    assert "tile-z-299" in page
    assert "还有 102 个小区没有列出来" in page
    assert "tile-z-298" in phone.get("/zones/?q=298").text
