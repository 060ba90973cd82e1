"""Where the panel's pages are found: five tabs, and behind the last of them all that has none of its own."""

from __future__ import annotations

import re

import pytest

from tests.web.house import NOON, House, Phone
from tests.web.zones.fake_hub import zone
from web.people.roles import ROLES, Role
from web.permissions import MAY, may

# Asked by a script or a program, or a file to be kept: no page that somebody opens.
NO_PAGES = re.compile(r"/api/|/static/|/clips/|/state$|\.csv\b|\.xlsx\b|/healthz|/records/table")


def pages_from(phone: Phone, house: House, start: str = "/") -> set[str]:
    """Return the endpoints of all pages that links lead to, one after the other."""
    adapter = house.app.url_map.bind("localhost")
    found, todo, seen = set[str](), [start], set[str]()
    refused = []
    while todo:
        address = todo.pop()
        if address in seen or NO_PAGES.search(address):
            continue
        seen.add(address)
        endpoint, _ = adapter.match(address.partition("?")[0], method="GET")
        if endpoint in found:  # of days and versions without end, one of a kind is enough
            continue
        found.add(endpoint)
        answer = phone.get(address)
        if answer.status_code not in {200, 303}:
            refused.append(address)
        todo += [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)', answer.text)]
        answer.close()
    assert refused == []  # what is offered can be opened
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_a_role_may_open_is_found_by_following_links(house: House, role: Role) -> None:
    """Nobody has to know an address: what has none that varies is reached from today."""
    house.publish()
    house.handed_in.open_page.switch.turn(True)
    house.make_hub().add(zone("yard-3", "三号院", NOON))
    phone = house.logged_in_as(role)
    reached = pages_from(phone, house)
    roles = house.users.roles_of({"editor": "小编", "publisher": "书记", "installer": "师傅"}[role])
    adapter = house.app.url_map.bind("localhost")
    plain = {
        rule.endpoint
        for rule in house.app.url_map.iter_rules()
        if "GET" in (rule.methods or set())
        and not rule.arguments
        and rule.endpoint in MAY
        and may(roles, rule.endpoint)
        and not NO_PAGES.search(adapter.build(rule.endpoint))
    }
    assert "more.show" in plain
    assert sorted(plain - reached) == []


@pytest.mark.parametrize(
    ("role", "there", "not_there"),
    [
        ("editor", {"待审", "录音", "读音", "我的账号"}, {"插播", "用户", "操作记录"}),
        ("publisher", {"插播", "待审", "录音", "读音", "用户", "操作记录", "我的账号"}, set[str]()),
        ("installer", {"待审", "录音", "读音", "用户", "操作记录", "我的账号"}, {"插播"}),
    ],
)
def test_more_leads_each_role_to_what_it_may(house: House, role: Role, there: set[str], not_there: set[str]) -> None:
    """What somebody may not open is not offered."""
    names = set(re.findall(r'<span class="what"><b>(\w+)</b>', house.logged_in_as(role).get("/more").text))
    assert there <= names
    assert not names & not_there


@pytest.mark.parametrize(
    ("address", "tab"),
    [("/", "今天"), ("/messages/stay", "稿件"), ("/records/", "记录"), ("/more", "更多"), ("/say/", "更多")],
)
def test_there_are_five_tabs_and_one_of_them_is_where_she_is(house: House, address: str, tab: str) -> None:
    """More than five don't fit on a phone of 360 pixels."""
    page = house.logged_in().get(address).text
    tabs = re.findall(
        r'<a href="[^"]*"( aria-current="page")?><svg.*?<span>(\w+)</span>', page.split('class="tabs"')[1]
    )
    assert [name for _, name in tabs] == ["今天", "稿件", "时段", "记录", "更多"]
    assert [name for current, name in tabs if current] == [tab]


def test_what_waits_for_her_is_told_on_the_way(house: House) -> None:
    """An editor's words wait, and the line that leads there says how many."""
    editor = house.logged_in_as("editor")
    editor.change("stay", text="请待在家里。")
    house.jobs.run_waiting()
    assert "有 1 篇等您审" in house.logged_in().get("/more").text
    assert "等您审" not in editor.get("/more").text
