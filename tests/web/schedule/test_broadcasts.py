"""A broadcast in its form: moved, added, its days, its messages in their order, and what is wrong with it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from programme.chimes import Chime
from programme.festivals import Festival
from programme.model import (
    Dates,
    Days,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    InExceptions,
    RestDays,
    Weekday,
    Weekdays,
    Which,
)
from tests.web.house import House
from tests.web.schedule.forms import EVENING, Fields, broadcast_of, finish, hidden_of, programme_of, read_of, send


def test_a_broadcast_can_be_moved(house: House) -> None:
    """Touched, changed, saved: the file keeps its comments, the loudspeaker has the new time, the name is on it."""
    house.publish()
    phone = house.logged_in()
    fields = EVENING | {"at": "17:45", "kind": "weekdays", "weekday": ["fri", "mon"], "volume": "60", "chime": "no"}
    status, work = send(phone, "/schedule/at/evening", fields)
    assert status == 303, work
    assert "喇叭按新的时间播" in finish(house, phone, work)
    evening = broadcast_of(house, "evening")
    assert (f"{evening.at:%H:%M}", evening.days) == ("17:45", Weekdays(days=(Weekday.MON, Weekday.FRI)))
    assert (evening.volume_percent, evening.chime) == (60, False)
    assert "# the slogan" in house.file.read_text(encoding="utf-8")
    on_air = house.publisher.on_air()
    assert on_air is not None
    assert on_air.broadcast("evening") == evening
    assert [former.author for former in house.history.entries()] == ["王书记", "file"]


@pytest.mark.parametrize(
    ("fields", "days", "coming"),
    [
        (
            {"kind": "festivals", "festival": ["国庆", "端午"]},
            Festivals(festivals=(Festival.DRAGON_BOAT, Festival.NATIONAL)),
            "6月19日 星期五、10月1日 星期四、2027年6月9日 星期三、2027年10月1日 星期五、2028年5月28日 星期日",
        ),
        (
            {"kind": "second", "weekday": ["mon"], "first_day": "2026-06-08"},
            EverySecondWeek(days=(Weekday.MON,), first=date(2026, 6, 8)),
            "6月8日 星期一、6月22日 星期一、7月6日 星期一、7月20日 星期一、8月3日 星期一",
        ),
        (
            {"kind": "month", "which": ["last", "first"], "weekday": ["fri"]},
            EveryMonth(which=(Which.FIRST, Which.LAST), days=(Weekday.FRI,)),
            "6月5日 星期五、6月26日 星期五、7月3日 星期五、7月31日 星期五、8月7日 星期五",
        ),
        (
            {"kind": "rest"},
            RestDays(),
            "6月6日 星期六、6月7日 星期日、6月13日 星期六、6月14日 星期日、6月19日 星期五",
        ),
        ({"kind": "exceptions"}, InExceptions(), "以后没有这样的日子"),
    ],
)
def test_the_days_of_the_calendar_are_chosen_and_shown(house: House, fields: Fields, days: Days, coming: str) -> None:
    """The next five dates stand in the form before it is saved, and again when it is opened."""
    phone = house.logged_in()
    status, page = send(phone, "/schedule/at/evening", EVENING | fields, act="look")
    assert (status, f"接下来是：{coming}" in page) == (200, True), page
    saved = hidden_of(phone.get("/schedule/at/evening").text) | {"read": read_of(page)} | EVENING | fields
    work = phone.client.post("/schedule/at/evening", data=saved | {"act": "save"}).location
    finish(house, phone, work)
    assert broadcast_of(house, "evening").days == days
    form = phone.get("/schedule/at/evening").text
    assert f"接下来是：{coming}" in form
    assert f'value="{fields["kind"]}" checked' in form


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"kind": "festivals"}, "请至少勾选一个节日"),
        ({"kind": "second", "weekday": ["mon"]}, "请写从哪天开始隔周播"),
        ({"kind": "month", "weekday": ["mon"]}, "请勾选每月的第几个"),
        ({"kind": "month", "which": ["first"]}, "请至少勾选一个星期几"),
        ({"kind": "never"}, "请选哪些天播"),
    ],
)
def test_days_that_are_not_complete_are_asked_for(house: House, fields: Fields, fault: str) -> None:
    """In words that say what is missing."""
    status, page = send(house.logged_in(), "/schedule/at/evening", EVENING | fields)
    assert (status, fault in page) == (400, True)


@pytest.mark.parametrize(("chosen", "written"), [("harp", Chime.HARP), ("bells", True), ("no", False)])
def test_a_chime_is_chosen_by_name(house: House, chosen: str, written: bool | Chime) -> None:
    """The usual one is written as it always was; the form shows the one that is in use."""
    phone = house.logged_in()
    _, work = send(phone, "/schedule/at/evening", EVENING | {"chime": chosen, "at": "19:00"})
    finish(house, phone, work)
    assert broadcast_of(house, "evening").chime == written
    assert f'<option value="{chosen}" selected>' in phone.get("/schedule/at/evening").text


def test_a_broadcast_can_be_added(house: House) -> None:
    """Among the others by its time, with an id that was never used."""
    phone = house.logged_in()
    status, work = send(phone, "/schedule/new", EVENING | {"at": "15:00", "kind": "dates", "date": ["2026-06-09"]})
    assert status == 303, work
    finish(house, phone, work)
    programme = programme_of(house)
    assert [f"{one.at:%H:%M}" for one in programme.broadcasts] == ["07:30", "15:00", "18:30"]
    assert programme.broadcasts[1].id == "b-260603-040000"
    assert programme.broadcasts[1].days == Dates(dates=(datetime(2026, 6, 9, tzinfo=UTC).date(),))


@pytest.mark.parametrize(
    ("act", "messages"),
    [
        ("down-0", ["hotline", "stay"]),
        ("up-1", ["hotline", "stay"]),
        ("up-0", ["stay", "hotline"]),
        ("down-1", ["stay", "hotline"]),
        ("drop-0", ["hotline"]),
        ("add", ["stay", "hotline", "hotline"]),
        ("drop-7", ["stay", "hotline"]),
    ],
)
def test_the_order_of_messages_is_changed_by_buttons_and_nothing_is_saved(
    house: House, act: str, messages: list[str]
) -> None:
    """No script is needed, and the rest of what was filled in stays."""
    before = house.file.read_bytes()
    fields = EVENING | {"added": "hotline", "at": "17:17"}
    status, page = send(house.logged_in(), "/schedule/at/evening", fields, act)
    assert status == 200
    assert re.findall(r'name="message" value="([^"]*)"', page) == messages
    assert 'value="17:17"' in page
    assert house.file.read_bytes() == before


def test_a_message_that_was_chosen_counts_without_the_button_that_puts_it_into_the_list(house: House) -> None:
    """Who chooses it and saves means it; nothing is chosen until somebody does."""
    phone = house.logged_in()
    page = phone.get("/schedule/new").text
    assert '<select name="added" aria-label="再加一篇稿件"><option value="">' in page
    fields = EVENING | {"at": "15:00", "message": [], "added": "hotline"}
    status, work = send(phone, "/schedule/new", fields)
    assert status == 303, work
    finish(house, phone, work)
    assert programme_of(house).broadcasts[1].messages == ("hotline",)


def test_dates_are_added_and_taken_away_by_buttons(house: House) -> None:
    """One more at a time; one that was typed counts also when another button is pressed."""
    phone = house.logged_in()
    fields = EVENING | {"kind": "dates", "date": ["2026-06-09", "2026-06-10"], "new_date": "2026-06-12"}
    _, page = send(phone, "/schedule/at/evening", fields, "date")
    assert re.findall(r'name="date" value="([^"]*)"', page) == ["2026-06-09", "2026-06-10", "2026-06-12"]
    _, page = send(phone, "/schedule/at/evening", fields, "undate-0")
    assert re.findall(r'name="date" value="([^"]*)"', page) == ["2026-06-10", "2026-06-12"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"at": ""}, "请写几点几分播"),
        ({"at": "25:00"}, "请写几点几分播"),
        ({"at": "<i>7:30"}, "请写几点几分播"),
        ({"kind": "weekdays"}, "请至少勾选一个星期几"),
        ({"kind": "dates"}, "请至少写一个日期"),
        ({"kind": "dates", "date": ["2026-02-30"]}, "“2026-02-30”不是日期"),
        ({"kind": "sometimes"}, "请选哪些天播"),
        ({"message": []}, "还没有选稿件"),
        ({"chime": "siren"}, "请选一种提示音"),
        ({"repeat": "often"}, "都要写数字"),
        ({"repeat": "11"}, "遍数要在 1 到 10 之间"),
        ({"volume": "101"}, "音量要在 0 到 100 之间"),
        ({"message": ["nobody"]}, "没有稿件“nobody”"),
        ({"at": "07:30"}, "两个时段不能在同一分钟"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_saved(house: House, fields: Fields, sentence: str) -> None:
    """Each fault has its sentence; the form comes back as it was filled in; the file is as it was."""
    before = house.file.read_bytes()
    status, page = send(house.logged_in(), "/schedule/at/evening", EVENING | fields)
    assert status == 400
    assert sentence in page
    assert "<i>" not in page
    assert house.file.read_bytes() == before


def test_a_broadcast_that_would_still_sound_when_the_next_is_due_is_told_by_real_lengths(house: House) -> None:
    """A clip of a second says less than an estimate of its words: what counts is what is on air."""
    text = house.file.read_text(encoding="utf-8").replace("只要还有一粒米，不往人多地方挤。", "长" * 900)
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    phone = house.logged_in()
    fields = EVENING | {"at": "07:31"}
    status, page = send(phone, "/schedule/at/evening", fields, "look")
    assert (status, "还没播完" in page) == (200, True)
    house.publish()  # the fake studio's clips take a second
    _, page = send(phone, "/schedule/at/evening", fields, "look")
    assert "还没播完" not in page
