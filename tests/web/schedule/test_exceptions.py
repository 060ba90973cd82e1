"""Exceptions: ready-made ones, others in the place of the usual, looked at before they are saved."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from programme.model import DayException, InExceptions
from programme.timetable import cues_on
from tests.web.house import House
from tests.web.schedule.forms import EVENING, Fields, finish, programme_of, send, send_to


def test_the_examination_is_a_ready_made_exception(house: House) -> None:
    """Two taps; the days are silent, and the week shows it."""
    phone = house.logged_in()
    page = phone.get("/schedule/exceptions/new?like=exam").text
    for words in ('value="2026-06-07"', 'value="2026-06-09"', 'value="高考"'):
        assert words in page
    fields: Fields = {"first": "2026-06-07", "last": "2026-06-09", "reason": "高考", "air": "none"}
    status, work = send(phone, "/schedule/exceptions/new", fields)
    assert status == 303, work
    page = finish(house, phone, work)
    assert page.count('class="stopped" href=') == 2  # the Sunday
    assert [one.reason for one in programme_of(house).exceptions] == ["高考"]


def test_an_exception_is_changed_looked_at_taken_away_and_brought_back(house: House) -> None:
    """Only these, and the day as it would be before it is saved."""
    day = datetime(2026, 6, 7, tzinfo=UTC).date()
    text = house.file.read_text(encoding="utf-8")
    text += "exceptions:\n  # hers\n  - {from: 2026-06-07, to: 2026-06-07, reason: 高考, air: none}\n"
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    phone = house.logged_in()
    address = re.findall(r'href="(/schedule/exceptions/[0-9a-f]{16})"', phone.get("/schedule/").text)[0]
    fields: Fields = {"first": "2026-06-07", "last": "", "reason": "考试", "air": "only", "broadcast": ["evening"]}
    _, page = send(phone, address, fields, "look")
    assert "考试，这天停播" in page
    _, work = send(phone, address, fields)
    finish(house, phone, work)
    assert programme_of(house).exceptions == (DayException(first=day, last=day, reason="考试", air=("evening",)),)
    assert "# hers" in house.file.read_text(encoding="utf-8")
    stale_status, stale = send_to(phone, address, fields)
    assert (stale_status, "别人刚刚改过或者删掉了这个例外" in stale) == (409, True)
    address = re.findall(r'href="(/schedule/exceptions/[0-9a-f]{16})"', phone.get("/schedule/").text)[0]
    page = finish(house, phone, phone.send(f"{address}/remove", {}, page="/schedule/").location)
    assert programme_of(house).exceptions == ()
    undo = re.search(r'action="(/archive/[^"]*/back)"', page)
    assert undo
    finish(house, phone, phone.send(undo[1], {}, page="/schedule/").location)
    assert [one.reason for one in programme_of(house).exceptions] == ["考试"]


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"first": "", "reason": "r"}, 400, "请写从哪天到哪天"),
        ({"first": "2026-06-07", "reason": ""}, 400, "请写原因"),
        ({"first": "2026-06-07", "reason": "r", "air": "only"}, 400, "请勾选这几天还播的时段"),
        ({"first": "2026-06-07", "reason": "r", "air": "x"}, 400, "请选全部停播"),
        ({"first": "2026-06-07", "last": "2026-06-06", "reason": "r"}, 400, "晚于结束"),
        ({"first": "2026-06-07", "reason": "r" * 100}, 400, "太长"),
        ({"first": "2026-06-07", "reason": "r", "air": "only", "broadcast": ["x"]}, 400, "没有广播时段“x”"),
        ({"first": "2020-06-07", "reason": "r"}, 409, "这些日子都过去了"),
    ],
)
def test_what_is_wrong_with_an_exception_is_told(house: House, fields: Fields, status: int, sentence: str) -> None:
    """Before anything is saved."""
    answer, page = send(house.logged_in(), "/schedule/exceptions/new", fields)
    assert (answer, sentence in page) == (status, True), page


def test_the_middle_school_exam_asks_for_its_dates(house: House) -> None:
    """Each place has its own; that of the university is filled in."""
    phone = house.logged_in()
    page = phone.get("/schedule/exceptions/new?like=middle-school-exam").text
    assert 'value="中考"' in page
    assert "各地中考的日期不一样" in page
    assert 'name="first" type="date" value=""' in page
    assert 'value="2026-06-07"' in phone.get("/schedule/exceptions/new?like=exam").text
    assert "like=middle-school-exam" in phone.get("/schedule/").text


def test_an_exception_airs_others_in_the_place_of_the_usual(house: House) -> None:
    """A broadcast that is kept for exceptions is offered as such, and airs on the days that name it."""
    phone = house.logged_in()
    fields = EVENING | {"at": "12:40", "kind": "exceptions", "message": ["stay"]}
    status, work = send(phone, "/schedule/new", fields)
    assert status == 303, work
    finish(house, phone, work)
    (instead,) = [one for one in programme_of(house).broadcasts if isinstance(one.days, InExceptions)]
    page = phone.get("/schedule/exceptions/new").text
    assert page.count("平时不播</small>") == 1
    exam: Fields = {
        "first": "2026-06-07",
        "last": "2026-06-09",
        "reason": "高考",
        "air": "only",
        "broadcast": [instead.id],
    }
    _, work = send(phone, "/schedule/exceptions/new", exam)
    finish(house, phone, work)
    assert [len(cues_on(programme_of(house), date(2026, 6, day))) for day in (6, 7, 9, 10)] == [2, 1, 1, 2]
    assert "只播 12:40" in phone.get("/schedule/").text
