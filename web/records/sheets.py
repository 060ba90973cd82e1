"""Sheets of a workbook for Excel and WPS that look alike, and are fit to be printed.

Texts are written as texts and numbers as numbers: no cell can be a formula, whatever somebody typed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_A4 = 9  # as Excel counts papers
_LINE_POINTS, _TALLEST_POINTS = 15, 409  # Excel has no taller row
_MOST_NOTES_THAT_STAY = 1  # above the rows while they are scrolled: more would take the screen
_LONGEST_CELL = 32_767  # characters: what a cell holds at most


@dataclass(frozen=True)
class Column:
    """A column: its heading, and its width in characters."""

    heading: str
    width: float


class Sheets:
    """Adds sheets that look alike to a workbook: a title, headings that stay and are printed on each page, rows."""

    def __init__(self, book: Workbook, title: str) -> None:
        self._book = book
        self._title = title
        frame = {"border": 1, "text_wrap": True, "valign": "top"}
        self._large = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        self._head = book.add_format(frame | {"bold": True, "bg_color": "#EEEEEE"})
        self._cell = book.add_format(frame)
        self._note = book.add_format({"text_wrap": True, "valign": "top", "bold": True})

    def add(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str | float]],
        notes: Sequence[str] = (),
    ) -> Worksheet:
        """Return a new sheet with ``notes`` below the title, a line each, then the headings, then ``rows``."""
        sheet, last = self._book.add_worksheet(name), len(columns) - 1
        sheet.merge_range(0, 0, 0, last, "", self._large)
        sheet.write_string(0, 0, self._title, self._large)
        for number, note in enumerate(notes, 1):
            sheet.merge_range(number, 0, number, last, "", self._note)
            sheet.write_string(number, 0, note[:_LONGEST_CELL], self._note)
            sheet.set_row(number, _height(_lines(note, sum(column.width for column in columns))))
        head = 1 + len(notes)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(head, place, column.heading, self._head)
        number = head
        for number, row in enumerate(rows, head + 1):
            sheet.set_row(number, _height(max(map(_lines, row, (column.width for column in columns)))))
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, place, value[:_LONGEST_CELL], self._cell)
                else:
                    sheet.write_number(number, place, value, self._cell)
        if len(notes) <= _MOST_NOTES_THAT_STAY:
            sheet.freeze_panes(head + 1, 0)
        if number > head:
            sheet.autofilter(head, 0, number, last)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0 if not notes else head, head)
        sheet.set_footer("&C&P / &N")
        return sheet


def _height(lines: int) -> int:
    return min(lines * _LINE_POINTS, _TALLEST_POINTS)


def _lines(value: str | float, width: float) -> int:
    """Return how many lines a cell takes in a column ``width`` wide: not every program finds out by itself."""
    lines = str(value).split("\n")
    return sum(max(1, math.ceil(sum(1 + (character > "\u2e7f") for character in line) / width)) for line in lines)
