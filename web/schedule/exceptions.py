"""Exceptions of the schedule: dates on which nothing airs, or only some of it."""

from __future__ import annotations

from urllib.parse import urlencode

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from programme.aside import without_exception
from programme.model import DayException, InExceptions, Programme
from tts.clip import ReportProgress
from web.day import local_day
from web.gate import user_name
from web.handed_in import HandedIn, handed_in
from web.jobs import Finish
from web.schedule.exception_form import (
    ExceptionForm,
    exam_form,
    exception_form_in,
    exception_form_of,
    exception_in,
    marked,
)
from web.schedule.foresight import Foreseeing, Foresight
from web.schedule.saving import GoneMeanwhile, put_aside, save_change
from web.schedule.week import edition_on_desk, gone
from web.schedule.words import length_words
from web.words import day_name, part_of_day

exceptions = Blueprint("exceptions", __name__, url_prefix="/schedule/exceptions")


@exceptions.get("/new")
def new() -> ResponseReturnValue:
    """Show the form of a new exception, filled for the examination where that is asked for."""
    house = handed_in()
    form = exception_form_in(request.args)
    like = request.args.get("like")
    if like == "exam":
        form = exam_form(local_day(house.clock.now(), edition_on_desk(house).programme))
    elif like == "middle-school-exam":
        form = ExceptionForm(reason=_("中考"))  # each place has its own dates: she is asked
    return _page(house, form, "", ask_dates=like == "middle-school-exam")


@exceptions.post("/new")
def add() -> ResponseReturnValue:
    """Look at, or save, a new exception."""
    return _sent(handed_in(), "")


@exceptions.get("/<mark>")
def edit(mark: str) -> ResponseReturnValue:
    """Show the form of an exception."""
    house = handed_in()
    exception = marked(edition_on_desk(house).programme, mark)
    if "first" in request.args:
        return _page(house, exception_form_in(request.args), mark if exception else "")
    return _page(house, exception_form_of(exception), mark) if exception else gone()


@exceptions.post("/<mark>")
def change(mark: str) -> ResponseReturnValue:
    """Look at, or save, a change."""
    return _sent(handed_in(), mark)


@exceptions.post("/<mark>/remove")
def remove(mark: str) -> ResponseReturnValue:
    """Take the exception away; it can be brought back."""
    house, author, page = handed_in(), user_name(), url_for("schedule.show")
    exception = marked(edition_on_desk(house).programme, mark)
    if exception is None:
        return gone()

    def take_away(report: ReportProgress) -> Finish:
        return put_aside(
            house,
            lambda programme: without_exception(programme, exception),
            author=author,
            page=lambda entry: f"{page}?undo={entry}",
            report=report,
        )

    job = house.jobs.submit(_("正在删掉例外"), take_away, back=page)
    return redirect(url_for("work.show", job_id=job.id), 303)


def with_exception(programme: Programme, exception: DayException, former: DayException | None) -> Programme:
    """Return the programme with ``exception`` in the place of ``former``, or new, by its first day."""
    if former is not None:
        every = tuple(exception if one == former else one for one in programme.exceptions)
    else:
        every = tuple(sorted((*programme.exceptions, exception), key=lambda one: one.first))
    return msgspec.structs.replace(programme, exceptions=every)


def _sent(house: HandedIn, mark: str) -> ResponseReturnValue:
    form, programme = exception_form_in(request.form), edition_on_desk(house).programme
    exception, faults = exception_in(form)
    if exception is None:
        return _page(house, form, mark, faults=faults), 400
    former = marked(programme, mark) if mark else None
    if mark and former is None:
        note = _("别人刚刚改过或者删掉了这个例外。您填的还在下面，按保存就是新加一个；现在有的都在“时段”页上。")
        return _page(house, form, "", faults=(note,)), 409
    if former is not None:  # the form does not ask which yards it is for
        exception = msgspec.structs.replace(exception, zones=former.zones)
    foresight = Foreseeing(house).of_exception(programme, with_exception(programme, exception, former), exception)
    if request.form.get("act", "look") != "save":
        return _page(house, form, mark, foresight=foresight)
    if foresight.faults:
        return _page(house, form, mark, foresight=foresight), 400
    if foresight.warnings and request.form.get("read") != foresight.mark:
        return _page(house, form, mark, foresight=foresight, ask=True), 409
    return _save(house, form, exception, former, mark)


def _save(
    house: HandedIn, form: ExceptionForm, exception: DayException, former: DayException | None, mark: str
) -> ResponseReturnValue:
    author, page, said = user_name(), url_for("schedule.show"), _("已经保存，那几天按例外播。")
    form_page = url_for("exceptions.edit", mark=mark) if mark else url_for("exceptions.new")

    def changed(programme: Programme) -> Programme:
        if former is not None and former not in programme.exceptions:
            raise GoneMeanwhile
        return with_exception(programme, exception, former)

    def save(report: ReportProgress) -> Finish:
        return save_change(house, changed, author=author, page=page, said=said, report=report)

    back = f"{form_page}?{urlencode(form.fields())}"
    job = house.jobs.submit(_("正在保存"), save, back=back, kept=_("您填的都还在，没有丢。"))
    return redirect(url_for("work.show", job_id=job.id), 303)


def _page(
    house: HandedIn,
    form: ExceptionForm,
    mark: str,
    *,
    faults: tuple[str, ...] = (),
    foresight: Foresight | None = None,
    ask: bool = False,
    ask_dates: bool = False,
) -> str:
    programme = edition_on_desk(house).programme
    former = marked(programme, mark) if mark else None
    return render_template(
        "exception.html",
        ask_dates=ask_dates,
        instead=[one.id for one in programme.broadcasts if isinstance(one.days, InExceptions)],
        form=form,
        mark=mark,
        opened_zones=former.zones if former else (),
        faults=[*faults, *(foresight.faults if foresight else ())],
        foresight=foresight,
        ask=ask,
        offered=sorted(programme.broadcasts, key=lambda one: (one.at, one.id)),
        programme=programme,
        day_name=day_name,
        length_words=length_words,
        part_of_day=part_of_day,
    )
