"""The records of a day, and the panel's copy of them."""

import csv
import io
import sqlite3
from contextlib import closing
from datetime import date, timedelta

import msgspec
import pytest

from speaker.heard import Hearing
from speaker.protocol import Records
from speaker.record import Airing, Part
from tests.web.fakes import airing
from tests.web.house import NOON, House, Phone
from web.records.copy import RecordsCopy


def test_the_day_is_shown_with_what_was_said(house: House) -> None:
    """Time, title, words, length and how it ended."""
    house.speaker.airings = (
        airing(1, NOON),
        airing(2, NOON + timedelta(minutes=5), outcome="cut", reason="stopped", origin="panel", who="王书记"),
    )
    page = house.logged_in().get("/records").text
    for words in ("12:00", "守好阵地", "待在家里", "已播", "约 10 秒", "手机播放，王书记", "没播完", "有人按了停止"):
        assert words in page


def test_what_began_half_a_millisecond_before_it_was_due_is_shown_at_its_time(house: House) -> None:
    """Airings begin so: nobody reads that the noon broadcast was at 11:59."""
    house.speaker.airings = (airing(1, NOON, started=NOON - timedelta(microseconds=600)),)
    page = house.logged_in().get("/records").text
    assert "12:00" in page
    assert "11:59" not in page


def test_what_was_cut_and_went_on_is_one_row_with_both_times(house: House) -> None:
    """When it was cut, when it went on; one that waits to go on says so, one that was dropped only when it was cut."""

    def part(begun: int, ended: int, cut_by: int | None) -> Part:
        at = [NOON + timedelta(seconds=second) for second in (begun, ended)]
        return Part(started=at[0], ended=at[1], frames_played=48_000 * (ended - begun), cut_by=cut_by)

    house.speaker.airings = (
        airing(1, NOON, parts=(part(0, 25, 2), part(36, 70, None))),
        airing(3, NOON, broadcast="second", outcome=None, parts=(part(80, 85, 4),)),
        airing(5, NOON, broadcast="third", outcome="pre-empted", reason="higher-priority", parts=(part(90, 95, 6),)),
    )
    page = house.logged_in().get("/records").text
    for words in (
        "12:00:25 被打断，12:00:36 接着播。",
        "12:01:25 被打断。",
        "等着接播",
        "让给了更要紧的广播。12:01:35 被打断。",
    ):
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


def test_a_copy_that_an_earlier_version_began_goes_on(house: House) -> None:
    """Its rows stay, also those that lack what is recorded now, and what is asked for is found by an index."""
    path = house.folder / "old.sqlite"
    old = msgspec.json.decode(msgspec.json.encode(airing(1, NOON)))
    del old["occasion"]
    with closing(sqlite3.connect(path)) as store, store:
        store.execute(
            "CREATE TABLE airing (log INTEGER NOT NULL, id INTEGER NOT NULL, change INTEGER NOT NULL,"
            " day TEXT NOT NULL, row BLOB NOT NULL, PRIMARY KEY (log, id))"
        )
        store.execute("INSERT INTO airing VALUES (1, 1, 1, '2026-06-03', ?)", (msgspec.json.encode(old),))
    store.close()
    copy = RecordsCopy(path)
    rows = [airing(1, NOON), airing(2, NOON, priority="emergency", occasion="煤气泄漏")]
    copy.fetch(lambda after: Records(airings=tuple(row for row in rows if row.change > after), more=False))
    assert [(row.id, row.occasion) for row in copy.on(date(2026, 6, 3))] == [(1, ""), (2, "煤气泄漏")]
    with closing(sqlite3.connect(path)) as store, store:
        plans = [
            str(store.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall())
            for statement in (
                "SELECT row FROM airing WHERE day BETWEEN '1' AND '2' ORDER BY day, log, id",
                "SELECT log, change FROM airing ORDER BY log DESC, change DESC LIMIT 1",
            )
        ]
    store.close()
    assert all("USING INDEX" in plan or "USING COVERING INDEX" in plan for plan in plans)


MONTH = (
    airing(1, NOON - timedelta(days=1), broadcast="morning"),
    airing(2, NOON, broadcast="morning", outcome="missed", reason="too-late", frames_played=0, started=None),
    airing(3, NOON, broadcast="evening", outcome="cut", reason="interrupted", frames_played=48_000),
    airing(4, NOON, broadcast="evening", attempt=2),
    airing(5, NOON, broadcast=None, priority="page", origin="panel", who="王书记", title="停水", text="今天停水。"),
    airing(
        6,
        NOON,
        broadcast=None,
        priority="emergency",
        origin="panel",
        who="李主任",
        title="快走",
        text="煤气泄漏，快走。",
        occasion="三号楼煤气泄漏",
    ),
    airing(7, NOON - timedelta(days=40), broadcast="morning", title="四月的"),
)


@pytest.fixture
def phone(house: House) -> Phone:
    """Give a phone at a box with a month on record."""
    house.publish()
    house.speaker.airings = MONTH
    return house.logged_in()


def test_a_month_is_a_page(phone: Phone) -> None:
    """Day by day, with what it adds up to; a day is a tap away, and so are the months beside it."""
    page = phone.get("/records?month=2026-06").text
    for words in (
        "2026年6月",
        "6月2日 星期二",
        "6月3日 星期三",
        "定时 3 次，播完 2 次，漏播 1 次；插播 1 次，应急 1 次",
    ):
        assert words in page
    assert "四月的" not in page
    assert "/records?day=2026-06-02" in page
    assert "/records?month=2026-05" in page
    assert "/records?month=2026-07" not in page
    assert "四月的" in phone.get("/records?month=2026-04").text


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("kind=emergency", ["快走", "事由：三号楼煤气泄漏"], ["停水", "漏播。"]),
        ("kind=page", ["停水"], ["快走"]),
        ("outcome=missed", ["可能停过电"], ["停水", "快走"]),
        ("broadcast=evening", ["断电或重启"], ["可能停过电", "停水"]),
        ("kind=programme&outcome=aired&broadcast=evening", ["守好阵地"], ["断电或重启", "停水"]),
        ("kind=nothing&outcome=nothing", ["停水", "快走", "可能停过电"], []),
        ("broadcast=nothing", ["没有符合条件的记录"], ["停水", "快走"]),
    ],
)
@pytest.mark.parametrize("span", ["month=2026-06", "day=2026-06-03"])
def test_some_of_the_records(phone: Phone, span: str, query: str, there: list[str], gone: list[str]) -> None:
    """By kind, outcome and broadcast, of a day as of a month; a filter that is none is no filter."""
    page = phone.get(f"/records?{span}&{query}").text
    for words in there:
        assert words in page
    for words in gone:
        assert words not in page


@pytest.mark.parametrize("span", ["month=2026-13", "month=2026-6", "month=x", "day=2026-02-30", "month=2026-06-01"])
@pytest.mark.parametrize("address", ["/records", "/records.csv", "/records/ledger"])
def test_days_that_are_none_lead_to_today(phone: Phone, address: str, span: str) -> None:
    """A broken address is no traceback."""
    assert phone.get(f"{address}?{span}").location == "/records"


@pytest.mark.parametrize("span", ["month=0001-01", "month=9999-12", "day=9999-12-31", "day=0001-01-01"])
@pytest.mark.parametrize("address", ["/records", "/records.csv", "/records/ledger"])
def test_the_ends_of_the_calendar_are_pages(phone: Phone, address: str, span: str) -> None:
    """There is nothing on record, and nothing to fall over."""
    assert phone.get(f"{address}?{span}").status_code == 200


def rows_of(content: bytes) -> list[list[str]]:
    """Return the cells of a CSV file, checking that Excel would know its encoding."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_table_has_every_word_that_was_said(phone: Phone) -> None:
    """A row each, with its reason, occasion and who, times of the courtyard, the words as they were."""
    answer = phone.get("/records.csv?month=2026-06")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "filename=records-2026-06.csv" in answer.headers["Content-Disposition"]
    heads, *rows = rows_of(answer.data)
    assert len(rows) == 6
    emergency = dict(zip(heads, rows[-1], strict=True))
    assert emergency["种类"] == "应急广播"
    assert emergency["原话"] == "煤气泄漏，快走。"
    assert emergency["事由"] == "三号楼煤气泄漏"
    assert emergency["谁"] == "李主任"
    assert emergency["开始"] == "2026-06-03 12:00:00"
    assert emergency["实播秒数"] == "10.0"
    assert len(rows_of(phone.get("/records.csv?month=2026-06&kind=page").data)) == 2
    assert len(rows_of(phone.get("/records.csv?day=2026-06-02").data)) == 2


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_no_cell_is_a_formula(house: House, sign: str) -> None:
    """What somebody wrote is shown as it is by a spreadsheet; quotes, commas and line ends stay in their cell."""
    evil = sign + 'HYPERLINK("http://x","a"),\n=1'
    house.speaker.airings = (airing(1, NOON, title=evil, text=evil, who=evil, occasion=evil),)
    heads, row = rows_of(house.logged_in().get("/records.csv").data)
    cells = dict(zip(heads, row, strict=True))
    for name in ("稿件", "原话", "谁", "事由"):
        assert cells[name] == f"'{evil}"


def test_the_ledger_of_a_month_can_be_signed(phone: Phone) -> None:
    """Zone, month, time zone, totals, every row with its reason, every wording once, and lines to sign on."""
    page = phone.get("/records/ledger?month=2026-06").text
    for words in (
        "警苑小区",
        "2026年6月",
        "Asia/Shanghai",
        "2026-06-03 12:00",
        "这个月还没有过完",
        "经办人",
        "审核人",
        "负责人",
        "可能停过电",
        "事由：三号楼煤气泄漏",
        "李主任",
        "煤气泄漏，快走。",
        "有 1 天没有任何记录，可能整天断电：6月1日 星期一。",
    ):
        assert words in page
    assert page.count("待在家里") == 1
    assert "四月的" not in page
    assert "ledger.css" in page


def test_the_ledger_has_the_columns_of_an_inspection(house: House) -> None:
    """Source, writer, approver, length and volume of every airing, and the hash of the last row; so has the table."""
    said = msgspec.structs.replace(
        airing(1, NOON).said[0], source="街道办〔2026〕3号", author="赵科长", wrote="小编", approved="王书记"
    )
    own = msgspec.structs.replace(said, author="", wrote="刘主任", approved="", source="")
    house.speaker.airings = (
        airing(1, NOON, said=(said, own), link=1, hash="a" * 64),
        airing(2, NOON, broadcast="evening", link=2, hash="b" * 64, volume_percent=65),
    )
    phone = house.logged_in()
    page = phone.get("/records/ledger").text
    for words in (
        "街道办〔2026〕3号",
        "赵科长 (小编)<br>刘主任",
        "<td>王书记</td>",
        "<td>65%</td>",
        "撰稿",
        "审核",
        "备注",
    ):
        assert words in page
    assert f"到第 2 条为止的校验码（编号 2）：{'b' * 64}" in page
    heads, row, _ = rows_of(phone.get("/records.csv").data)
    cells = dict(zip(heads, row, strict=True))
    assert [cells[name] for name in ("来源", "撰稿", "审核", "结果", "记录的校验码")] == [
        "街道办〔2026〕3号", "赵科长 (小编)\n刘主任", "王书记", "已播", "a" * 64,
    ]  # fmt: skip


def test_a_ledger_is_of_a_month_that_is_over_too(phone: Phone) -> None:
    """Without the remark, and with all its days since there are records: before the first the box was on no wall."""
    page = phone.get("/records/ledger?month=2026-04").text
    assert "还没有过完" not in page
    assert "有 6 天没有任何记录，可能整天断电：4月25日" in page
    assert "没有任何记录" not in phone.get("/records/ledger?month=2026-03").text


def test_the_ledger_says_when_it_may_not_be_whole(house: House, phone: Phone) -> None:
    """The speaker could not be asked."""
    phone.get("/records")
    house.speaker.away = True
    assert "最近的记录可能不全" in phone.get("/records/ledger").text


def test_records_show_words_as_words(house: House) -> None:
    """Whatever was said, by whoever, for whatever reason."""
    evil = '"><script>alert(1)</script>'
    house.speaker.airings = (airing(1, NOON, title=evil, text=evil, who=evil, occasion=evil, priority="emergency"),)
    phone = house.logged_in()
    for address in ("/records", "/records?month=2026-06", "/records/ledger"):
        page = phone.get(address).text
        assert "alert(1)" in page
        assert "<script>alert" not in page


HEARD = Hearing(verdict="not-heard", likeness_percent=12, above_noise_db=-0.4)


def test_what_the_microphone_says_is_shown_with_its_figures(house: House) -> None:
    """On the day's page, in the ledger and in the table; where no microphone is set, nothing is said."""
    house.speaker.airings = (airing(1, NOON, heard=HEARD), airing(2, NOON + timedelta(hours=1)))
    phone = house.logged_in()
    for address in ("/records", "/records/ledger"):
        page = phone.get(address).text
        assert page.count("话筒：没有听到（相似 12%，和播出前后一样响）") == 1
    rows = list(csv.reader(io.StringIO(phone.get("/records.csv").data.decode("utf-8-sig"))))
    assert [row[-3:] for row in rows[1:]] == [["没有听到", "12", "-0.4"], ["", "", ""]]
