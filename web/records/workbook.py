"""The ledger of a month as a workbook for Excel and WPS: what inspectors ask for, totals, and the words."""

from __future__ import annotations

import io

from flask_babel import gettext as _

from web.language import listed
from web.records.cells import (
    ledger_cells,
    ledger_columns,
    reason_cells,
    signed_by,
    total_cells,
    words_cells,
    words_columns,
)
from web.records.month import Month
from web.records.sheets import Column, Sheets
from web.words import day_name, month_name


def workbook_of(month: Month) -> bytes:
    """Return the ledger of ``month`` as an .xlsx file."""
    import xlsxwriter  # noqa: PLC0415 - 3 MB that are needed once a month

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": _title(month), "created": month.made.replace(tzinfo=None)})
        sheets = Sheets(book, _title(month))
        _ledger(sheets, month)
        _totals(sheets, month)
        sheets.add(_("原话"), words_columns(), words_cells(month.numbers))
    return file.getvalue()


def _ledger(sheets: Sheets, month: Month) -> None:
    columns = [Column(_("序号"), 5), *ledger_columns()]
    rows = [
        (number, *ledger_cells(airing, month.zone, month.numbers)) for number, airing in enumerate(month.airings, 1)
    ]
    sheet = sheets.add(_("台账"), columns, rows)
    for number, line in enumerate(_remarks(month), 4 + len(rows)):
        sheet.write_string(number, 0, line)
    sheet.write_string(6 + len(rows) + len(_remarks(month)), 0, signed_by())


def _totals(sheets: Sheets, month: Month) -> None:
    rows = total_cells(month.totals)
    loud = month.loud
    if loud.mean_dba is not None and loud.share is not None and loud.reading is not None:
        rows += [
            (_("窗前的等效声级，每天 16 小时平均（分贝(A)，估算）"), round(loud.mean_dba, 1)),
            (_("上限（分贝(A)）"), loud.ceiling_dba),
            (_("用掉上限的（%）"), round(loud.share * 100)),
            (_("超过上限的天数"), len(loud.over)),
        ]
    sheets.add(_("合计"), [Column(_("项目"), 60), Column(_("数量"), 12)], [*rows, *reason_cells(month.totals)])


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
