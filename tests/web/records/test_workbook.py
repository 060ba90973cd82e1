"""The ledger as a workbook: the columns that inspectors ask for, totals, the words, and no cell that is a formula."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from speaker.airing import Outcome, Reason
from speaker.record import Said
from tests.web.fakes import airing
from tests.web.house import NOON, House

_NAMESPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
BAD = "=HYPERLINK(1)"


def sheets_of(content: bytes) -> dict[str, list[list[str]]]:
    """Return the cells of a workbook by the names of its sheets, a list for each row, as they stand in the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        shared = "xl/sharedStrings.xml"
        strings = [_text(one) for one in _parsed(file.read(shared))] if shared in file.namelist() else []
        names = [one.attrib["name"] for one in _parsed(file.read("xl/workbook.xml")).iter() if "sheetId" in one.attrib]
        found = {}
        for number, name in enumerate(names, 1):
            sheet = _parsed(file.read(f"xl/worksheets/sheet{number}.xml"))
            assert sheet.find(".//m:f", _NAMESPACE) is None, "a formula"
            found[name] = [
                [_cell(cell, strings) for cell in row.iterfind("m:c", _NAMESPACE)]
                for row in sheet.iterfind(".//m:row", _NAMESPACE)
            ]
        return found


def _parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 - of our own making


def _text(element: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in element.iterfind(".//m:t", _NAMESPACE))


def _cell(cell: ElementTree.Element, strings: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = cell.find("m:v", _NAMESPACE)
    text = value.text or "" if value is not None else ""
    return strings[int(text)] if cell.get("t") == "s" else text


@pytest.fixture
def sheets(house: House) -> dict[str, list[list[str]]]:
    """Return the workbook of a month with one airing by everybody, a missed one and a page."""
    house.publish()
    said = Said(
        message="stay", title="守好阵地", text=BAD, clip="0" * 64, voice="v", engine="e", stand_in=False,
        source=BAD, author="赵科长", wrote="小陈", approved="王书记",
    )  # fmt: skip
    house.speaker.airings = (
        airing(1, NOON, said=(said,), link=1, hash="f" * 64),
        airing(2, NOON, broadcast="evening", outcome=Outcome.MISSED, reason=Reason.TOO_LATE, frames_played=0),
        airing(3, NOON, priority="page", origin="panel", who=BAD, broadcast=None, due=None, occasion="停水"),
    )
    answer = house.logged_in().get("/records/ledger.xlsx?month=2026-06")
    assert answer.status_code == 200
    assert "filename=ledger-2026-06.xlsx" in answer.headers["Content-Disposition"]
    assert re.search(r"filename\*=UTF-8''\S+", answer.headers["Content-Disposition"])
    return sheets_of(answer.data)


def test_each_airing_is_a_row_with_what_inspectors_ask_for(sheets: dict[str, list[list[str]]]) -> None:
    """As typed: what looks like a formula is text."""
    title, heads, first, second, third, *rest = sheets["台账"]
    assert title[0] == "警苑小区播出台账 2026年6月"
    assert heads == [
        "序号",
        "日期",
        "应播",
        "实播",
        "内容",
        "来源",
        "时长（秒）",
        "音量（%）",
        "撰稿",
        "审核",
        "结果",
        "备注",
    ]
    assert first[:10] == [
        "1", "2026-06-03", "12:00", "12:00:00", "守好阵地 [1]", BAD, "10", "80", "赵科长 (小陈)", "王书记",
    ]  # fmt: skip
    assert second[10] == "漏播"
    assert second[3] == ""
    assert third[11] == f"插播\n手机播放，{BAD}\n事由：停水"
    told = [cells[0] for cells in rest]
    assert any("制表：2026-06-03 12:00（Asia/Shanghai）" in line for line in told)
    assert any("f" * 64 in line for line in told)
    assert any("经办人" in line for line in told)


def test_the_totals_have_the_reasons(sheets: dict[str, list[list[str]]]) -> None:
    """Planned, each outcome, pages, minutes, and why what was missed was."""
    totals = dict(cells for cells in sheets["合计"] if len(cells) == 2 and cells[1])
    assert totals["应播（次）"] == "2"
    assert totals["漏播"] == "1"
    assert totals["插播"] == "1"
    assert totals["一共响了（分钟）"] == "0.3"
    assert any(name.startswith("漏播：") and count == "1" for name, count in totals.items())


def test_the_words_stand_under_their_numbers(sheets: dict[str, list[list[str]]]) -> None:
    """With the hash of what was heard."""
    assert ["1", "守好阵地", BAD, "0" * 64] in sheets["原话"]


def test_a_month_of_nothing_is_a_workbook_too(house: House) -> None:
    """And one that is none leads to the records."""
    phone = house.logged_in()
    assert len(sheets_of(phone.get("/records/ledger.xlsx?month=2026-05").data)) == 3
    assert phone.get("/records/ledger.xlsx?month=2026-13").status_code == 303
    assert phone.get("/records/ledger.xlsx").status_code == 200


def test_it_is_in_the_readers_language(house: House) -> None:
    """Headings and sheets."""
    phone = house.logged_in()
    content = phone.get("/records/ledger.xlsx?month=2026-06", headers={"Accept-Language": "en"}).data
    assert list(sheets_of(content)) == ["Ledger", "Totals", "Words"]
