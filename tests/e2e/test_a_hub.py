"""The pages of a hub of thirty-seven yards, in both languages, by day and by night, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from threading import Thread

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from fleet.hub import protocol as p
from fleet.hub import urgent_protocol as u
from fleet.hub.devices import Standing
from fleet.hub.inbox import KeptAiring, KeptReport
from fleet.wire.accounts import Report, What
from fleet.wire.documents import SharedMessage, SharedProgramme, Travels
from fleet.wire.topics import Inward
from programme.model import Broadcast
from speaker.airing import Outcome, Reason
from speaker.condition import Alarm
from speaker.trust.states import Trust
from tests.e2e.inspection import axe_faults, faults_of, shoot, too_wide
from tests.e2e.test_every_page import OF_A_HUB, is_page
from tests.e2e.visits import DESKTOP, PHONE
from tests.programme.test_together import NOTICE
from tests.web.fakes import airing
from tests.web.house import House, new_house
from tests.web.say.test_say import prepared
from tests.web.zones.fake_hub import FakeHub, zone
from tests.web.zones.test_proposals import wish

ILL = "yard-36"  # the yard whose own page is looked at
NIGHT_WORDS = "今晚八点到十点停水，请提前存水。老人和孩子家里，请邻居帮忙提一桶。"


@dataclass(frozen=True)
class HubPanel:
    """A hub's panel that is served, and the addresses of its pages by their endpoints."""

    house: House
    address: str
    pages: dict[str, str]
    cookie: str

    def visit(self, browser: Browser, **options: object) -> Page:
        """Return a page on a device on which the secretary is logged in."""
        context = browser.new_context(base_url=self.address, **options)  # type: ignore[arg-type]  # passed on as they are
        context.add_cookies([{"name": "xiaolaba", "value": self.cookie, "url": self.address}])
        return context.new_page()


@pytest.fixture(scope="module")
def hub_panel(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubPanel]:
    """Serve a hub of thirty-seven yards, most of them well; something is being said in all."""
    house = new_house(tmp_path_factory.mktemp("hub"))
    house.publish()
    urgent_of(house)
    day_of(house.hubs[-1])
    phone = house.logged_in()
    bulletin = prepared(house, phone, NIGHT_WORDS).rpartition("/")[2]
    filled = {"bulletin_id": bulletin, "urgent_id": "u1", "device": ILL, "kind": "broadcast", "entry": "morning"}
    adapter = house.app.url_map.bind("localhost")
    rules = [rule for rule in house.app.url_map.iter_rules() if rule.endpoint.startswith(OF_A_HUB)]
    pages = {
        rule.endpoint: adapter.build(rule.endpoint, {name: filled[name] for name in rule.arguments})
        for rule in rules
        if "GET" in (rule.methods or ())
    }
    cookie = phone.client.get_cookie("xiaolaba")
    assert cookie is not None
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield HubPanel(house, f"http://127.0.0.1:{server.server_port}", pages, cookie.value)
    server.shutdown()
    thread.join()
    server.server_close()


def urgent_of(house: House) -> None:
    """Make the box a hub of thirty-seven yards, and have something said in them that most are through with."""
    hub, now = house.make_hub(), house.clock.now()
    hub.add(*(zone(f"yard-{number:02}", f"警苑小区第{number}院", now, groups=("east",)) for number in range(1, 35)))
    hub.add(zone("yard-35", "河边旧家属院（原纺织厂）", now, online=False, heard=now - timedelta(hours=5)))
    state = hub.all["yard-34"].state
    assert state is not None
    ill = Alarm(code="card", zh="声卡没有连接，请检查音箱插头", en="no sound card: check the plug")
    hub.add(
        zone(
            ILL,
            "火车站",
            now,
            state=msgspec.structs.replace(state, card="missing", clock=Trust.UNTRUSTED, stand_ins=3, alarms=(ill,)),
        ),
        zone("yard-37", "新来的", now, standing=Standing.INVITED, online=False, state=None, digits="482913"),
    )
    told = [u.UrgentZone(name=f"yard-{number:02}", what=What.ENDED, lateness_ms=4.0) for number in range(1, 35)]
    quiet = Alarm(code="refused", zh="现在是安静时段", en="these are quiet hours")
    told += [u.UrgentZone(name="yard-35"), u.UrgentZone(name="yard-36", what=What.REFUSED, why=quiet)]
    hub.urgents["u1"] = u.UrgentState(
        urgent="u1", title="停水", text=NIGHT_WORDS, who="王书记", made=now, starts_at=now, zones=tuple(told)
    )


def day_of(hub: FakeHub) -> None:
    """Give the yard whose page is looked at a day, records, and what became of orders."""
    now = hub.clock.now()
    shared = SharedProgramme(
        revision="r1",
        published=now,
        zone="火车站",
        messages=(SharedMessage(message=NOTICE, travels=Travels(sha256="cd" * 32, size=1000)),),
        broadcasts=(Broadcast(id="c-morning", at=time(7, 30), messages=(NOTICE.id,)),),
    )
    hub.programmes[ILL] = p.Issued(programme=shared, issued=now, waiting=("hotline",))
    rows = (
        airing(1, now, title="早安", outcome=Outcome.AIRED),
        airing(2, now, title="停水通知，请各家各户提前存水", outcome=Outcome.CUT, reason=Reason.STOPPED),
    )
    hub.kept = p.Records(airings=tuple(KeptAiring(device=ILL, log="l", airing=row) for row in rows), more=False)
    took = Report(of=7, channel=Inward.PROGRAMME, what=What.APPLIED, at=now, revision="r1")
    late = Report(of=8, channel=Inward.URGENT, what=What.TOO_LATE, at=now)
    hub.wishes = p.Proposals(proposals=(wish("stay", "守好阵地，人人有责", "只要还有一粒米，不往人多的地方去。"),))
    hub.told = p.Reports(reports=tuple(KeptReport(device=ILL, report=one, received=now) for one in (late, took)))


@pytest.mark.parametrize(("language", "locale"), [("zh", "zh-CN"), ("en", "en-GB")])
def test_every_page_of_a_hub_is_fit_for_a_phone(
    browser: Browser, hub_panel: HubPanel, language: str, locale: str
) -> None:
    """No serious finding of axe-core by day or night, nothing wider than 360 px, nothing too small for a thumb."""
    page = hub_panel.visit(browser, locale=locale, **PHONE)
    found = []
    for endpoint, address in hub_panel.pages.items():
        if not is_page(page, address):
            continue
        page.emulate_media(color_scheme="light")
        faults = faults_of(page)
        shoot(page, f"{language}/phone/{endpoint}")
        page.emulate_media(color_scheme="dark")
        faults += [f"dark: {one}" for one in axe_faults(page, "color-contrast")]
        found += [f"{endpoint}: {one}" for one in faults]
    page.context.close()
    assert not found, "\n".join(found)


def test_every_page_of_a_hub_fits_a_desk(browser: Browser, hub_panel: HubPanel) -> None:
    """Nothing is wider than the window."""
    page = hub_panel.visit(browser, locale="zh-CN", **DESKTOP)
    found = []
    for endpoint, address in hub_panel.pages.items():
        if is_page(page, address):
            found += [f"{endpoint}: {one}" for one in too_wide(page)]
            shoot(page, f"zh/desktop/{endpoint}")
    page.context.close()
    assert not found, "\n".join(found)


def test_the_list_draws_itself_anew_and_disturbs_nobody(browser: Browser, hub_panel: HubPanel) -> None:
    """What changed is there without a reload; the words being typed, what was opened and what stood in view stay."""
    page, hub = hub_panel.visit(browser, locale="zh-CN", **PHONE), hub_panel.house.hubs[-1]
    was = hub.all["yard-01"]
    page.goto("/zones/")
    page.get_by_label("找小区").fill("火车")
    page.locator("#applied-missing summary").click()
    low = page.locator("#tile-yard-20")
    low.scroll_into_view_if_needed()
    before = low.bounding_box()
    hub.add(msgspec.structs.replace(was, online=False))
    expect(page.locator("#state-offline b")).to_have_text("2")
    after = low.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2
    expect(page.get_by_label("找小区")).to_have_value("火车")
    expect(page.locator("#applied-missing")).to_have_attribute("open", "")
    hub.add(was)
    page.context.close()


def test_a_touch_on_the_keyboard_stays_where_it_was(browser: Browser, hub_panel: HubPanel) -> None:
    """Who goes from tile to tile with the keyboard is not thrown back to the top of the page."""
    page, hub = hub_panel.visit(browser, locale="zh-CN", **DESKTOP), hub_panel.house.hubs[-1]
    was = hub.all["yard-01"]
    page.goto("/zones/")
    page.locator("#tile-yard-20").focus()
    hub.add(msgspec.structs.replace(was, online=False))
    expect(page.locator("#state-offline b")).to_have_text("2")
    expect(page.locator("#tile-yard-20")).to_be_focused()
    hub.add(was)
    page.context.close()


def test_today_follows_an_edit_without_a_reload(browser: Browser, hub_panel: HubPanel) -> None:
    """The last yard that lacks is named, and then it is told that all have it."""
    page, hub = hub_panel.visit(browser, locale="zh-CN", **PHONE), hub_panel.house.hubs[-1]
    every = dict(hub.all)
    said = {
        name: msgspec.structs.replace(one, waiting=(), state=msgspec.structs.replace(one.state, revision=one.ordered))
        for name, one in every.items()
        if one.state is not None
    }
    hub.all.update(said | {"yard-36": msgspec.structs.replace(said["yard-36"], waiting=("hotline",))})
    page.goto("/")
    expect(page.locator("#applied")).to_contain_text("36 个小区里 35 个用上了")
    expect(page.locator("#applied")).to_contain_text("还差：火车站")
    hub.all.update(said)
    expect(page.locator("#applied")).to_contain_text("36 个小区都用上了")
    hub.all.update(every)
    page.context.close()


def test_stop_is_found_from_today_and_reaches_who_has_only_armed_it(browser: Browser, hub_panel: HubPanel) -> None:
    """Thirty-seven yards are armed, the page was lost: two touches, and every one of them has stopped."""
    page, house = hub_panel.visit(browser, locale="zh-CN", **PHONE), hub_panel.house
    hub, now = house.hubs[-1], house.clock.now()
    armed = tuple(u.UrgentZone(name=name, what=What.ARMED) for name in hub.all)
    hub.urgents["u2"] = u.UrgentState(
        urgent="u2", title="停水", text=NIGHT_WORDS, made=now, starts_at=now + timedelta(seconds=6), zones=armed
    )
    page.goto("/")
    page.get_by_role("link", name="看情况，或者全部停止").click()
    expect(page.get_by_role("status")).to_contain_text("37 个小区里 37 个在等那一秒")
    page.get_by_role("button", name="全部停止").click()
    expect(page.get_by_role("status").first).to_contain_text("已经让各小区停止")
    expect(page.locator(".lines .badge")).to_have_text(["停了"])
    expect(page.locator(".lines b")).to_have_text(["37 个小区"])
    assert {one.what for one in hub.urgents["u2"].zones} == {What.STOPPED}
    del hub.urgents["u2"]
    page.context.close()
