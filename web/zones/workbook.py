"""The ledger of all yards as a workbook: what is missing, each yard's totals, all airings in one list, the words."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence

from flask_babel import gettext as _

from speaker.airing import Outcome
from web.language import listed
from web.records.cells import (
    Cells,
    ledger_cells,
    ledger_columns,
    reason_cells,
    signed_by,
    total_cells,
    words_cells,
    words_columns,
)
from web.records.ledger import totals_of
from web.records.sheets import Column, Sheets
from web.words import look_of
from web.zones.month import MonthOfAll


def workbook_of_all(month: MonthOfAll, missing: Sequence[tuple[str, str]]) -> bytes:
    """Return the ledger of ``month`` as an .xlsx file; ``missing`` are yards and what of theirs is not here."""
    import xlsxwriter  # noqa: PLC0415 - 3 MB that are needed once a month

    file = io.BytesIO()
    # 50,000 rows take 20 MB so, and 142 in memory (measured).
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        book.set_properties({"title": month.title, "created": month.made.replace(tzinfo=None)})
        sheets = Sheets(book, month.title)
        _yards(sheets, month, missing)
        _ledger(sheets, month, missing)
        totals = month.totals
        columns = [Column(_("项目"), 60), Column(_("数量"), 12)]
        sheets.add(_("合计"), columns, [*total_cells(totals), *reason_cells(totals)])
        sheets.add(_("原话"), words_columns(), words_cells(month.numbers))
    return file.getvalue()


def _yards(sheets: Sheets, month: MonthOfAll, missing: Sequence[tuple[str, str]]) -> None:
    told = [_("%(yard)s：%(missing)s", yard=yard, missing=what) if yard else what for yard, what in missing]
    notes = [_("还差这些小区的记录"), *told] if missing else [_("各小区的记录都到齐了。")]
    short: defaultdict[str, list[str]] = defaultdict(list)  # two yards may have one name
    for yard, what in missing:
        short[yard].append(what)
    outcomes = [outcome for outcome in Outcome if outcome is not Outcome.NOTED]
    columns = [
        Column(_("小区"), 24),
        Column(_("应播"), 7),
        *(Column(look_of(outcome).word, 9) for outcome in outcomes),
        Column(_("插播"), 7),
        Column(_("应急广播"), 9),
        Column(_("响了（分钟）"), 9),
        Column(_("还差的记录"), 40),
    ]
    rows: list[Cells] = []
    for yard, airings in month.yards:
        sums = totals_of(airings)
        ended = (sums.of(outcome) for outcome in outcomes)
        minutes = round(sums.seconds / 60, 1)
        rows.append((yard, sums.planned, *ended, sums.pages, sums.emergencies, minutes, "\n".join(short[yard])))
    sheet = sheets.add(_("各小区"), columns, rows, notes)
    for number, line in enumerate(month.remarks, 3 + len(notes) + len(rows)):
        sheet.write_string(number, 0, line)
    sheet.write_string(5 + len(notes) + len(rows) + len(month.remarks), 0, signed_by())


def _ledger(sheets: Sheets, month: MonthOfAll, missing: Sequence[tuple[str, str]]) -> None:
    columns = [Column(_("序号"), 6), Column(_("小区"), 20), *ledger_columns()]
    rows = (
        (number, yard, *ledger_cells(airing, month.zone, month.numbers))
        for number, (yard, airing) in enumerate(month.rows, 1)
    )
    named = listed(yard or what for yard, what in missing)
    note = [_("还差记录的小区，见第一页：%(yards)s", yards=named)] if missing else []
    sheets.add(_("台账"), columns, rows, note)
