"""The schedule: seen as a week, looked at before it is saved, and never lost."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from programme.chimes import Chime
from programme.festivals import Festival
from programme.file import ProgrammeFile
from programme.model import (
    Broadcast,
    Dates,
    DayException,
    Days,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    InExceptions,
    Programme,
    RestDays,
    Weekday,
    Weekdays,
    Which,
)
from programme.timetable import cues_on
from speaker.condition import CueStatus
from tests.web.fakes import airing
from tests.web.house import House, Phone, hidden

Fields = dict[str, str | list[str]]
EVENING: Fields = {
    "at": "18:30", "kind": "every", "message": ["stay", "hotline"], "repeat": "1", "gap_seconds": "3", "chime": "bells",
    "volume": "", "grace_minutes": "10",
}  # fmt: skip


def programme_of(house: House) -> Programme:
    """Return what the file says."""
    return ProgrammeFile(house.file).read().programme


def broadcast_of(house: House, broadcast_id: str) -> Broadcast:
    """Return a broadcast as the file has it."""
    broadcast = programme_of(house).broadcast(broadcast_id)
    assert broadcast is not None
    return broadcast


def send(phone: Phone, address: str, fields: Fields, act: str = "save") -> tuple[int, str]:
    """Open the form, send it with ``fields`` as they are, follow what was read; return status and page or address."""
    page = phone.get(address).text
    answer = phone.client.post(address, data=hidden_of(page) | fields | {"act": act})
    return answer.status_code, answer.location or answer.text


def hidden_of(page: str) -> Fields:
    """Return the hidden fields that come once."""
    return {name: value for name, value in hidden(page).items() if name in {"csrf_token", "was"}}


def read_of(page: str) -> str:
    """Return the mark of the warnings that a page shows."""
    found = re.search(r'name="read" value="([^"]*)"', page)
    assert found
    return found[1]


def finish(house: House, phone: Phone, work: str) -> str:
    """Let the work be done; return the page that it ends on."""
    house.jobs.run_waiting()
    done = phone.get(work)
    return phone.get(done.location).text if done.location else done.text


def test_the_week_is_a_picture_whose_marks_lead_to_their_broadcasts(house: House) -> None:
    """Seven days, each with its two broadcasts, each day with its preview; below them the broadcasts in words."""
    page = house.logged_in().get("/schedule/").text
    assert page.count('href="/schedule/at/morning" aria-label=') == 7
    assert page.count('class="airs" href="/schedule/at/evening"') == 7
    assert 'href="/schedule/day?day=2026-06-07"' in page
    for words in ("6月1日 – 6月7日", "每天", "守好阵地、监督举报电话", "音量 80"):
        assert words in page
    assert "style=" not in page


@pytest.mark.parametrize("day", ["2026-02-30", "0000-01-01", "9999-12-31", "soon", "<script>"])
def test_a_week_or_a_day_that_is_none_is_told(house: House, day: str) -> None:
    """Today's comes instead."""
    phone = house.logged_in()
    for address in ("/schedule/", "/schedule/day"):
        page = phone.get(address, query_string={"day": day})
        assert page.status_code == 200
        assert "没有这一天" in page.text


def test_a_day_tells_what_is_played_and_what_is_not_and_why(house: House) -> None:
    """How many, how loud, how long; the exception, the weekday and the message that has expired."""
    text = house.file.read_text(encoding="utf-8")
    text = text.replace("    text: 发现", "    valid_until: 2026-06-01\n    text: 发现")
    text += "exceptions:\n  - {from: 2026-06-07, to: 2026-06-07, reason: 高考, air: [evening]}\n"
    text = text.replace("exceptions:", "  sunday:\n    at: '09:00'\n    days: [mon]\n    messages: [stay]\nexceptions:")
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    house.publish()
    page = house.logged_in().get("/schedule/day?day=2026-06-07").text
    for words in (
        "这天播 1 次，一共 3 秒。", "1 篇 · 音量 80 · 3 秒", "《监督举报电话》这天不在有效期，不播", "高考，这天停播",
        "它只在星期一播", "特殊日子：高考",
    ):  # fmt: skip
        assert words in page, words


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


def send_to(phone: Phone, address: str, fields: Fields) -> tuple[int, str]:
    """Send a form whose page is not there any more."""
    token = hidden_of(phone.get("/schedule/").text)
    answer = phone.client.post(address, data=token | fields | {"act": "save"})
    return answer.status_code, answer.text


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


def test_what_was_taken_away_or_never_was_is_told(house: House) -> None:
    """An old link leads back to the schedule with a word."""
    phone = house.logged_in()
    for address in ("/schedule/at/nobody", "/schedule/exceptions/0123456789abcdef"):
        assert "它不在了" in phone.get(phone.get(address).location).text
    for name in ("nobody", "..%2Fusers", "20260603T040000000000-00000000"):
        answer = phone.send(f"/archive/{name}/back", {}, page="/schedule/")
        assert answer.status_code in {303, 404}
        assert answer.status_code == 404 or answer.location == "/schedule/"


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


def test_a_title_with_angle_brackets_is_shown_as_it_is(house: House) -> None:
    """Nothing that somebody typed becomes part of a page."""
    text = house.file.read_text(encoding="utf-8").replace("title: 监督举报电话", "title: '<i>x</i>'")
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    phone = house.logged_in()
    for address in ("/schedule/", "/schedule/day", "/schedule/at/evening"):
        assert "<i>x" not in phone.get(address).text


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
