"""An exception as its form has it, and back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import msgspec
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from programme.checking import LONGEST_LINE, MOST_BROADCASTS
from programme.model import DayException, Programme
from web.schedule.days_form import date_in

# The nationwide university entrance examination: 7 June, until the 8th, 9th or 10th by province.
EXAM_FIRST, EXAM_LAST = (6, 7), (6, 9)
_LONGEST_FIELD = 40


@dataclass(frozen=True)
class ExceptionForm:
    """What the form holds: ``air`` is none or only, and ``broadcasts`` the ids of those that air."""

    first: str = ""
    last: str = ""
    reason: str = ""
    air: str = "none"
    broadcasts: tuple[str, ...] = ()

    def fields(self) -> list[tuple[str, str]]:
        """Return the fields as the form sends them."""
        single = [("first", self.first), ("last", self.last), ("reason", self.reason), ("air", self.air)]
        return single + [("broadcast", name) for name in self.broadcasts]


def mark_of(exception: DayException) -> str:
    """Return what tells one exception from another: they have no ids in the file."""
    return hashlib.sha256(msgspec.json.encode(exception)).hexdigest()[:16]


def marked(programme: Programme, mark: str) -> DayException | None:
    """Return the exception of that mark, or None."""
    return next((one for one in programme.exceptions if mark_of(one) == mark), None)


def exception_form_of(exception: DayException) -> ExceptionForm:
    """Return the form filled with ``exception``."""
    return ExceptionForm(
        first=exception.first.isoformat(),
        last=exception.last.isoformat(),
        reason=exception.reason,
        air="none" if exception.air == "none" else "only",
        broadcasts=() if exception.air == "none" else exception.air,
    )


def exam_form(today: date) -> ExceptionForm:
    """Return the form filled for the next 高考."""
    year = today.year if (today.month, today.day) <= EXAM_LAST else today.year + 1
    return ExceptionForm(
        first=date(year, *EXAM_FIRST).isoformat(), last=date(year, *EXAM_LAST).isoformat(), reason=_("高考")
    )


def exception_form_in(sent: MultiDict[str, str]) -> ExceptionForm:
    """Return the form in ``sent``, all bounded."""

    def one(name: str, most: int = _LONGEST_FIELD) -> str:
        return sent.get(name, "").strip()[:most]

    names = sent.getlist("broadcast")[: MOST_BROADCASTS + 1]
    return ExceptionForm(
        first=one("first"),
        last=one("last"),
        reason=one("reason", LONGEST_LINE + 1),
        air=one("air") or "none",
        broadcasts=tuple(name[:_LONGEST_FIELD] for name in names),
    )


def exception_in(form: ExceptionForm) -> tuple[DayException | None, tuple[str, ...]]:
    """Return the exception that the form describes, and what can't be understood in it; ``last`` may be left out."""
    faults: list[str] = []
    first = date_in(form.first)
    last = date_in(form.last) if form.last else first
    if first is None or last is None:
        faults.append(_("请写从哪天到哪天，比如 2026-06-07。"))
    if not form.reason:
        faults.append(_("请写原因，比如“高考”。"))
    if form.air not in {"none", "only"}:
        faults.append(_("请选全部停播，还是只播几个时段。"))
    if form.air == "only" and not form.broadcasts:
        faults.append(_("请勾选这几天还播的时段；都不播就选“全部停播”。"))
    if faults or first is None or last is None:
        return None, tuple(faults)
    only = form.broadcasts if form.air == "only" else None
    return DayException(first=first, last=last, reason=form.reason, air=only or "none"), ()
