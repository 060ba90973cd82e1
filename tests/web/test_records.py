"""The records of a day, and the panel's copy of them."""

from datetime import date, timedelta

from speaker.protocol import Airing, Records
from tests.web.fakes import airing
from tests.web.house import NOON, House
from web.records_copy import RecordsCopy


def test_the_day_is_shown_with_what_was_said(house: House) -> None:
    """Time, title, words, length and how it ended."""
    house.speaker.airings = (
        airing(1, NOON),
        airing(2, NOON + timedelta(minutes=5), outcome="cut", reason="stopped", origin="panel", who="王书记"),
    )
    page = house.logged_in().get("/records").text
    for words in ("12:00", "守好阵地", "待在家里", "已播", "约 10 秒", "手机播放，王书记", "没播完", "有人按了停止"):
        assert words in page


def test_the_copy_can_be_read_while_the_speaker_is_away(house: House) -> None:
    """What was copied stays, and the page says that it may be old."""
    house.speaker.airings = (airing(1, NOON),)
    phone = house.logged_in()
    phone.get("/records")
    house.speaker.away = True
    page = phone.get("/records").text
    assert "守好阵地" in page
    assert "上次抄下来的" in page


def test_other_days_are_a_tap_away(house: House) -> None:
    """Yesterday has its own page; tomorrow has none."""
    house.speaker.airings = (airing(1, NOON - timedelta(days=1), title="昨天的"),)
    phone = house.logged_in()
    today = phone.get("/records").text
    assert "昨天的" not in today
    assert "/records?day=2026-06-02" in today
    assert "后一天" not in today
    assert "昨天的" in phone.get("/records?day=2026-06-02").text


def test_a_day_that_is_none_leads_to_today(house: House) -> None:
    """A broken address is no traceback."""
    assert house.logged_in().get("/records?day=2026-02-31").location == "/records"
    assert house.logged_in().get("/records?day=0001-01-01").status_code == 200


def test_the_copy_follows_changes_of_a_row(house: House) -> None:
    """A row that was sounding and then ended is one row, as it is now; the pages of an answer are all asked for."""
    copy = RecordsCopy(house.folder / "copy.sqlite")
    rows = [airing(number, NOON, outcome=None) for number in (1, 2, 3)]
    asked = []

    def ask(after: int) -> Records:
        asked.append(after)
        newer = [row for row in rows if row.change > after]
        return Records(airings=tuple(newer[:2]), more=len(newer) > 2)

    copy.fetch(ask)
    rows.append(airing(1, NOON, change=4))
    del rows[0]
    copy.fetch(ask)
    assert asked == [0, 2, 2, 3]
    assert [row.outcome for row in copy.on(date(2026, 6, 3))] == ["aired", None, None]


def test_a_log_that_began_anew_is_copied_beside_the_old_one(house: House) -> None:
    """The speaker's log was lost: what the panel had of it stays, and the new rows come too."""
    copy = RecordsCopy(house.folder / "copy.sqlite")
    for rows in ([airing(1, NOON), airing(2, NOON)], [], [airing(1, NOON, title="新的")]):

        def ask(after: int, rows: list[Airing] = rows) -> Records:
            return Records(airings=tuple(row for row in rows if row.change > after), more=False)

        copy.fetch(ask)
        copy.fetch(ask)
    assert [row.said[0].title for row in copy.on(date(2026, 6, 3))] == ["守好阵地", "守好阵地", "新的"]
