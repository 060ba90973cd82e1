"""The ledger of a month as a workbook for Excel and WPS: the columns that inspectors ask for, totals, and the words.

Texts are written as texts and numbers as numbers: no cell can be a formula, whatever somebody typed.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from programme.publication import SAMPLE_RATE_HZ
from speaker.airing import Outcome
from speaker.record import Airing
from web.language import listed, tell
from web.records.ledger import approvers, sources, wording, writers
from web.records.month import Month
from web.words import KINDS, ORIGINS, day_name, heard_words, look_of, month_name, why

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_A4 = 9  # as Excel counts papers
_LINE_POINTS, _TALLEST_POINTS = 15, 409  # Excel has no taller row
_LONGEST_CELL = 32_767  # characters: what a cell holds at most


@dataclass(frozen=True)
class _Column:
    """A column: its heading, and its width in characters."""

    heading: str
    width: float


class _Sheets:
    """Adds sheets that look alike to a workbook: a title, headings that stay and are printed on each page, rows."""

    def __init__(self, book: Workbook, title: str) -> None:
        self._book = book
        self._title = title
        frame = {"border": 1, "text_wrap": True, "valign": "top"}
        self._large = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        self._head = book.add_format(frame | {"bold": True, "bg_color": "#EEEEEE"})
        self._cell = book.add_format(frame)

    def add(self, name: str, columns: Sequence[_Column], rows: Sequence[Sequence[str | float]]) -> Worksheet:
        """Return a new sheet with ``rows``, the first of them in the third line."""
        sheet = self._book.add_worksheet(name)
        sheet.merge_range(0, 0, 0, len(columns) - 1, "", self._large)
        sheet.write_string(0, 0, self._title, self._large)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(1, place, column.heading, self._head)
        for number, row in enumerate(rows, 2):
            lines = max(_lines(value, column.width) for value, column in zip(row, columns, strict=True))
            sheet.set_row(number, min(lines * _LINE_POINTS, _TALLEST_POINTS))
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, place, value[:_LONGEST_CELL], self._cell)
                else:
                    sheet.write_number(number, place, value, self._cell)
        sheet.freeze_panes(2, 0)
        if rows:
            sheet.autofilter(1, 0, 1 + len(rows), len(columns) - 1)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 1)
        sheet.set_footer("&C&P / &N")
        return sheet


def workbook_of(month: Month) -> bytes:
    """Return the ledger of ``month`` as an .xlsx file."""
    import xlsxwriter  # noqa: PLC0415 - 3 MB that are needed once a month

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": _title(month), "created": month.made.replace(tzinfo=None)})
        sheets = _Sheets(book, _title(month))
        _ledger(sheets, month)
        _totals(sheets, month)
        _words(sheets, month)
    return file.getvalue()


def _ledger(sheets: _Sheets, month: Month) -> None:
    columns = [
        _Column(_("序号"), 5),
        _Column(_("日期"), 11),
        _Column(_("应播"), 7),
        _Column(_("实播"), 9),
        _Column(_("内容"), 34),
        _Column(_("来源"), 24),
        _Column(_("时长（秒）"), 8),
        _Column(_("音量（%）"), 8),
        _Column(_("撰稿"), 14),
        _Column(_("审核"), 10),
        _Column(_("结果"), 8),
        _Column(_("备注"), 30),
    ]
    rows = [(number, *_row(airing, month)) for number, airing in enumerate(month.airings, 1)]
    sheet = sheets.add(_("台账"), columns, rows)
    for number, line in enumerate(_remarks(month), 4 + len(rows)):
        sheet.write_string(number, 0, line)
    line = "_" * 12
    signed = (" " * 8).join(f"{who} {line}" for who in (_("经办人"), _("审核人"), _("负责人"), _("日期")))
    sheet.write_string(6 + len(rows) + len(_remarks(month)), 0, signed)


def _row(airing: Airing, month: Month) -> tuple[str | float, ...]:
    due, started = (
        instant.astimezone(month.zone) if instant else None
        for instant in (airing.due, airing.started if airing.frames_played else None)
    )
    remarks = [
        tell(KINDS[airing.priority]) if airing.priority != "programme" else "",
        _("%(origin)s，%(who)s", origin=tell(ORIGINS[airing.origin]), who=airing.who)
        if airing.who
        else tell(ORIGINS[airing.origin]),
        _("事由：%(why)s", why=airing.occasion) if airing.occasion else "",
        why(airing.reason),
        heard_words(airing),
    ]
    return (
        airing.day.isoformat(),
        f"{due:%H:%M}" if due else "",
        f"{started:%H:%M:%S}" if started else "",
        _titles(airing, month),
        "\n".join(sources(airing)),
        round(airing.frames_played / SAMPLE_RATE_HZ, 1),
        airing.volume_percent,
        "\n".join(writers(airing)),
        "\n".join(approvers(airing)),
        look_of(airing.outcome).word,
        "\n".join(line for line in remarks if line),
    )


def _titles(airing: Airing, month: Month) -> str:
    """Return what was said, each with the number of its wording where it has one; else what the row is of."""
    numbers = [month.numbers.get(wording(one)) for one in airing.said]
    titles = [
        f"{one.title} [{number}]" if number else one.title for one, number in zip(airing.said, numbers, strict=True)
    ]
    return "\n".join(titles) or (airing.who if airing.outcome is Outcome.NOTED else _("（没有稿件）"))


def _totals(sheets: _Sheets, month: Month) -> None:
    totals = month.totals
    rows: list[tuple[str | float, ...]] = [(_("应播（次）"), totals.planned)]
    rows += [(look_of(outcome).word, totals.of(outcome)) for outcome in Outcome if outcome is not Outcome.NOTED]
    rows += [
        (_("插播"), totals.pages),
        (_("应急广播"), totals.emergencies),
        (_("一共响了（分钟）"), round(totals.seconds / 60, 1)),
    ]
    loud = month.loud
    if loud.mean_dba is not None and loud.share is not None and loud.reading is not None:
        rows += [
            (_("窗前的等效声级，每天 16 小时平均（分贝(A)，估算）"), round(loud.mean_dba, 1)),
            (_("上限（分贝(A)）"), loud.ceiling_dba),
            (_("用掉上限的（%）"), round(loud.share * 100)),
            (_("超过上限的天数"), len(loud.over)),
        ]
    rows += [
        (_("%(outcome)s：%(why)s", outcome=look_of(outcome).word, why=why(reason)), count)
        for outcome, reason, count in totals.reasons
    ]
    sheets.add(_("合计"), [_Column(_("项目"), 60), _Column(_("数量"), 12)], rows)


def _words(sheets: _Sheets, month: Month) -> None:
    columns = [_Column(_("编号"), 6), _Column(_("标题"), 24), _Column(_("播出的原话"), 80), _Column("SHA-256", 68)]
    rows = [
        (number, title, text or _("（录音，没有写下原话）"), clip)
        for (title, text, clip), number in month.numbers.items()
    ]
    sheets.add(_("原话"), columns, rows)


def _lines(value: str | float, width: float) -> int:
    """Return how many lines a cell takes in a column ``width`` wide: not every program finds out by itself."""
    lines = str(value).split("\n")
    return sum(max(1, math.ceil(sum(1 + (character > "\u2e7f") for character in line) / width)) for line in lines)


def _title(month: Month) -> str:
    return _("%(zone)s播出台账 %(month)s", zone=month.zone_name, month=month_name(month.choice.first))


def _remarks(month: Month) -> list[str]:
    """Return what is to be known of the whole, a line each."""
    lines = [_("制表：%(at)s（%(timezone)s）", at=f"{month.made:%Y-%m-%d %H:%M}", timezone=month.zone.key)]
    if month.is_unfinished:
        lines.append(_("这个月还没有过完，以下是到制表时为止的记录。"))
    if not month.fresh:
        lines.append(_("制表时联系不上播音程序，最近的记录可能不全。"))
    if month.unknown_days:
        days = listed(day_name(day) for day in month.unknown_days)
        told = _("有 %(count)s 天没有任何记录，可能整天断电：%(days)s。", count=len(month.unknown_days), days=days)
        lines.append(told)
    last = month.last
    if last:
        told = _("到第 %(link)s 条为止的校验码（编号 %(id)s）：%(hash)s", link=last.link, id=last.id, hash=last.hash)
        lines.append(told)
    return lines
