"""放假安排: how far the civil calendar is known, and putting in the next year by the notice that announces it."""

from __future__ import annotations

import hashlib

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.civil import known_until, with_year
from programme.model import CivilYear, Holiday, Programme
from programme.notice import LONGEST_NOTICE, NoticeUnclear, decoded, read_notice
from tts.clip import ReportProgress
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.language import listed, tell
from web.schedule.saving import save_change
from web.schedule.week import edition_on_desk
from web.schedule.words import day_title
from web.words import day_name

holidays = Blueprint("holidays", __name__, url_prefix="/schedule/holidays")

_LARGEST_FILE_BYTES = 4 * LONGEST_NOTICE


@holidays.get("/")
def show() -> ResponseReturnValue:
    """Show how far the calendar is known, and the form for the next year."""
    return _page(handed_in(), "")


@holidays.post("/")
def put() -> ResponseReturnValue:
    """Look at what a notice arranges, or save it: only what she has looked at."""
    house = handed_in()
    text = request.form.get("notice", "")[: LONGEST_NOTICE + 1].replace("\r\n", "\n")
    try:
        sent = request.files.get("file")
        if sent is not None and sent.filename:
            text = decoded(sent.stream.read(_LARGEST_FILE_BYTES))[: LONGEST_NOTICE + 1]
        if not text.strip():
            return _page(house, "", faults=(_("请贴上通知，或者选文件。"),)), 400
        year = read_notice(text)
    except NoticeUnclear as error:
        return _page(house, text, faults=tuple(tell(fault) for fault in error.faults)), 400
    if request.form.get("act") != "save" or request.form.get("read") != mark_of(year):
        return _page(house, text, year=year)
    return _save(house, year)


def mark_of(year: CivilYear) -> str:
    """Return what tells one arrangement from another: she has looked at it when the form says so."""
    return hashlib.sha256(msgspec.json.encode(year)).hexdigest()[:16]


def _save(house: HandedIn, year: CivilYear) -> ResponseReturnValue:
    author, page = user_name(), url_for("holidays.show")
    said = _("%(year)s 年的放假安排放进去了，喇叭按它播。", year=year.year)

    def changed(programme: Programme) -> Programme:
        return msgspec.structs.replace(programme, calendar=with_year(programme.calendar, year))

    def save(report: ReportProgress) -> Finish:
        return save_change(house, changed, author=author, page=page, said=said, report=report)

    job = house.jobs.submit(_("正在保存"), save, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


def _page(house: HandedIn, text: str, *, year: CivilYear | None = None, faults: tuple[str, ...] = ()) -> str:
    programme = edition_on_desk(house).programme
    return render_template(
        "holidays.html",
        text=text,
        year=year,
        mark=mark_of(year) if year else "",
        faults=faults,
        known=known_until(programme.calendar).year,
        put_in=programme.calendar[::-1],
        span=_span,
        worked=lambda one: listed(day_name(day) for day in one.workdays),
    )


def _span(holiday: Holiday) -> str:
    """Return from when until when; one day is said once."""
    first = day_title(holiday.first)
    return first if holiday.first == holiday.last else f"{first} – {day_title(holiday.last)}"
