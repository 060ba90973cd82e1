"""What is told before a broadcast is saved, and what becomes of a save that somebody else has overtaken."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from speaker.condition import CueStatus
from tests.web.fakes import airing
from tests.web.house import House
from tests.web.schedule.forms import EVENING, broadcast_of, finish, hidden_of, read_of, send


def test_quiet_hours_are_shown_before_saving_and_must_have_been_read(house: House) -> None:
    """The first save shows them with the day as it would be; the second, with the same warnings, is meant."""
    phone = house.logged_in()
    fields = EVENING | {"at": "22:00"}
    status, page = send(phone, "/schedule/at/evening", fields)
    assert status == 409
    for words in ("在安静时段里，不会响", "再按一次“保存”", "改好以后，6月3日 星期三这样播"):
        assert words in page
    status, work = send(phone, "/schedule/at/evening", fields | {"read": read_of(page)})
    assert status == 303
    finish(house, phone, work)
    assert f"{broadcast_of(house, 'evening').at:%H:%M}" == "22:00"


def test_other_warnings_than_those_that_were_read_are_shown_again(house: House) -> None:
    """Read was the night; what is to be known by now is something else."""
    phone = house.logged_in()
    _, page = send(phone, "/schedule/at/evening", EVENING | {"at": "22:00"}, "look")
    status, page = send(phone, "/schedule/at/evening", EVENING | {"volume": "0", "read": read_of(page)})
    assert status == 409
    assert "音量是 0，听不见" in page


def test_a_broadcast_that_was_aired_today_starts_tomorrow_and_that_is_said(house: House) -> None:
    """By what the speaker says, and by the panel's own records while it is away."""
    morning = EVENING | {"at": "19:00", "message": ["stay"]}
    phone = house.logged_in()
    due = datetime(2026, 6, 2, 23, 30, tzinfo=UTC)
    house.speaker.today = (CueStatus(broadcast="morning", due=due, titles=(), seconds=3.0, state="aired"),)
    _, page = send(phone, "/schedule/at/morning", morning, "look")
    assert "今天已经播过，今天不再播；改动从6月4日 星期四开始" in page
    house.speaker.today = ()
    _, page = send(phone, "/schedule/at/morning", morning, "look")
    assert "今天已经播过" not in page
    house.speaker.airings = (airing(1, datetime(2026, 6, 3, tzinfo=UTC)),)
    house.handed_in.records.fetch(lambda after: house.speaker.records(changed_after=after))
    house.speaker.away = True
    _, page = send(phone, "/schedule/at/morning", morning, "look")
    assert "今天已经播过" in page
    assert "不知道静音时段" in page


def test_a_time_that_has_passed_today_is_said(house: House) -> None:
    """It is noon: what is moved to ten starts tomorrow, what stays in the evening needs no word."""
    phone = house.logged_in()
    _, page = send(phone, "/schedule/at/evening", EVENING | {"at": "10:00"}, "look")
    assert "今天 10:00 已经过了，今天不播；从6月4日 星期四开始" in page
    _, page = send(phone, "/schedule/at/evening", EVENING | {"at": "19:00"}, "look")
    assert "没有冲突，可以保存" in page


def test_dates_that_are_all_past_are_said(house: House) -> None:
    """It would never be heard again."""
    fields = EVENING | {"kind": "dates", "date": ["2026-06-01"]}
    _, page = send(house.logged_in(), "/schedule/at/evening", fields, "look")
    assert "以后哪一天都不会播了" in page


def test_a_stale_save_shows_both_and_the_next_one_counts(house: House) -> None:
    """She sees what the other has changed and still has what she filled in."""
    hers, his = house.logged_in(), house.logged_in()
    form = hidden_of(hers.get("/schedule/at/evening").text)
    _, work = send(his, "/schedule/at/evening", EVENING | {"at": "19:00"})
    finish(house, his, work)
    stale = hers.client.post("/schedule/at/evening", data=form | EVENING | {"at": "20:00", "act": "save"})
    assert stale.status_code == 409
    assert "别人也改了这个时段" in stale.text
    assert "<dd>19:00</dd>" in stale.text
    assert 'value="20:00"' in stale.text
    again = hers.client.post(
        "/schedule/at/evening", data=hidden_of(stale.text) | EVENING | {"at": "20:00", "act": "save"}
    )
    finish(house, hers, again.location)
    assert f"{broadcast_of(house, 'evening').at:%H:%M}" == "20:00"


def test_a_change_that_is_overtaken_while_it_waits_keeps_what_was_filled_in(house: House) -> None:
    """Two saves in the queue: the second is not written over the first, and leads back to its form, filled in."""
    hers, his = house.logged_in(), house.logged_in()
    _, first = send(his, "/schedule/at/evening", EVENING | {"at": "19:00"})
    _, second = send(hers, "/schedule/at/evening", EVENING | {"at": "20:00"})
    house.jobs.run_waiting()
    failed = hers.get(second).text
    assert "别人刚刚改过这里" in failed
    back = re.search(r'class="main" href="([^"]*)"', failed)
    assert back
    form = hers.get(back[1].replace("&amp;", "&")).text
    assert 'value="20:00"' in form
    assert "<dd>19:00</dd>" in form
    assert his.get(first).status_code == 303


def test_a_change_of_something_else_meanwhile_is_no_conflict(house: House) -> None:
    """The change is made on the newest edition: both are in it."""
    hers, his = house.logged_in(), house.logged_in()
    his.change("stay", text="别人改了稿件。")
    _, work = send(hers, "/schedule/at/evening", EVENING | {"at": "20:00"})
    finish(house, hers, work)
    assert "别人改了稿件" in house.file.read_text(encoding="utf-8")
    assert f"{broadcast_of(house, 'evening').at:%H:%M}" == "20:00"


def test_a_broadcast_that_somebody_took_away_meanwhile_can_be_saved_as_new(house: House) -> None:
    """Nothing that was filled in is lost."""
    hers, his = house.logged_in(), house.logged_in()
    form = hidden_of(hers.get("/schedule/at/evening").text)
    finish(house, his, his.send("/schedule/at/evening/remove", {}, page="/schedule/").location)
    answer = hers.client.post("/schedule/at/evening", data=form | EVENING | {"at": "20:00", "act": "save"})
    assert answer.status_code == 409
    assert "按保存就是新加一个" in answer.text
    assert 'action="/schedule/new"' in answer.text
    assert 'value="20:00"' in answer.text


def test_a_broken_file_is_not_written_over(house: House) -> None:
    """The page says so before anything is tried; a save ends with the same words."""
    phone = house.logged_in()
    page = phone.get("/schedule/at/evening").text
    house.file.write_text("zone: [", encoding="utf-8")
    house.desk.look()
    assert "改坏了" in phone.get("/schedule/").text
    answer = phone.client.post("/schedule/at/evening", data=hidden_of(page) | EVENING | {"at": "20:00", "act": "save"})
    house.jobs.run_waiting()
    assert "改坏了" in phone.get(answer.location).text
    assert house.file.read_text(encoding="utf-8") == "zone: ["
