"""A broadcast that was taken away comes back in one tap, and what can not says why."""

from __future__ import annotations

import re

from tests.web.house import House
from tests.web.schedule.forms import EVENING, finish, programme_of, send


def test_a_broadcast_is_taken_away_and_brought_back_in_one_tap(house: House) -> None:
    """The page offers it at once, and the list of what was taken away later; it comes back as it was."""
    house.publish()
    before = programme_of(house)
    phone = house.logged_in()
    page = finish(house, phone, phone.send("/schedule/at/morning/remove", {}, page="/schedule/").location)
    assert "07:30 的时段已经删掉" in page
    assert [one.id for one in programme_of(house).broadcasts] == ["evening"]
    assert house.publisher.on_air().broadcasts == programme_of(house).broadcasts  # type: ignore[union-attr] - published
    assert "王书记删的" in phone.get("/schedule/").text
    undo = re.search(r'action="(/archive/[^"]*/back)"', page)
    assert undo
    page = finish(house, phone, phone.send(undo[1], {}, page="/schedule/").location)
    assert "已经拿回来了" in page
    assert "删掉的" not in page
    assert programme_of(house) == before


def test_what_can_not_come_back_says_why_and_is_kept(house: House) -> None:
    """Another is at that minute now."""
    phone = house.logged_in()
    page = finish(house, phone, phone.send("/schedule/at/evening/remove", {}, page="/schedule/").location)
    _, work = send(phone, "/schedule/new", EVENING)
    finish(house, phone, work)
    undo = re.search(r'action="(/archive/[^"]*/back)"', page)
    assert undo
    page = finish(house, phone, phone.send(undo[1], {}, page="/schedule/").location)
    assert "两个时段不能在同一分钟" in page
    assert undo[1] in phone.get("/schedule/").text


def test_nothing_is_archived_that_was_not_taken_away(house: House) -> None:
    """Two who press at once: the second is told, and one entry is there."""
    phone = house.logged_in()
    first = phone.send("/schedule/at/evening/remove", {}, page="/schedule/").location
    second = phone.send("/schedule/at/evening/remove", {}, page="/schedule/").location
    house.jobs.run_waiting()
    assert "别人刚刚改过这里" in phone.get(second).text
    assert phone.get(first).status_code == 303
    assert len(house.handed_in.archive.entries()) == 1


def test_what_was_taken_away_or_never_was_is_told(house: House) -> None:
    """An old link leads back to the schedule with a word."""
    phone = house.logged_in()
    for address in ("/schedule/at/nobody", "/schedule/exceptions/0123456789abcdef"):
        assert "它不在了" in phone.get(phone.get(address).location).text
    for name in ("nobody", "..%2Fusers", "20260603T040000000000-00000000"):
        answer = phone.send(f"/archive/{name}/back", {}, page="/schedule/")
        assert answer.status_code in {303, 404}
        assert answer.status_code == 404 or answer.location == "/schedule/"
