"""备份: download one, restore one, go back. Each asks for the password once more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from box.sentences import Sentence
from tts.clip import Progress, ReportProgress
from web.audit.auditing import note_act, recorder
from web.backup.making import pieces_of
from web.gate import user_name
from web.handed_in import handed_in
from web.jobs import Finish

backup = Blueprint("backup", __name__, url_prefix="/backup")


@backup.get("/")
def show() -> ResponseReturnValue:
    """Show the backup that was checked and waits for a decision, else what can be done."""
    return _page()


@backup.post("/download")
def download() -> ResponseReturnValue:
    """Send a backup, made while it is sent."""
    faults = _asked_again()
    if faults:
        return _page(faults), 400
    house = handed_in()
    pieces = pieces_of(
        house.arriving.room,
        ask=lambda after: house.speaker.records(changed_after=after),
        clock=house.clock,
        tell=lambda _sentence: None,
    )
    name = f"xiaolaba-{_local(house.clock.now()):%Y%m%d-%H%M}.tar"
    return Response(
        pieces,
        mimetype="application/x-tar",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@backup.post("/upload")
def upload() -> ResponseReturnValue:
    """Take a piece of a backup, or all of a small one; after the last it is checked in a job."""
    house = handed_in()
    came = request.files.get("file")
    offset = request.form.get("offset", "0", type=str)
    if came is None or not came.filename or not offset.isdecimal() or len(offset) > 15:
        return _page([_("请先选好备份文件。")]), 400
    following = house.arriving.add(came.stream, int(offset))
    if request.form.get("more") == "yes":
        return jsonify(next=following)

    def check(report: ReportProgress) -> Finish:
        sentence = Sentence("正在检查备份", "Checking the backup")
        house.arriving.check(lambda done, total: report(Progress(done >> 20, (total >> 20) + 1, sentence)))
        return Finish(page="/backup/")

    job = house.jobs.submit(_("正在检查备份"), check, back=url_for("backup.show"))
    page = url_for("work.show", job_id=job.id)
    return jsonify(page=page) if request.form.get("more") == "no" else redirect(page, 303)


@backup.post("/decide")
def decide() -> ResponseReturnValue:
    """Restore it, or forget it."""
    house = handed_in()
    if request.form.get("act") != "restore":
        house.arriving.discard()
        flash(_("没有恢复，什么都没有变。"))
        return redirect(url_for("backup.show"), 303)
    faults = _asked_again()
    if faults:
        return _page(faults), 400
    staged = house.arriving.staged
    note_act(target=staged.about.made.isoformat() if staged else "")
    return _swap(_("正在恢复"), "backup.restore", house.arriving.restore)


@backup.post("/undo")
def undo() -> ResponseReturnValue:
    """Put back what was here before the last restore."""
    faults = _asked_again()
    if faults:
        return _page(faults), 400
    return _swap(_("正在撤销恢复"), "backup.undo", handed_in().arriving.undo)


def _swap(title: str, what: str, act: Callable[[datetime], str]) -> ResponseReturnValue:
    house, record = handed_in(), recorder()

    def swap(_report: ReportProgress) -> Finish:
        record(what, act(house.clock.now()), "", "")
        house.arriving.end()
        return Finish(page="/login")

    job = house.jobs.submit(title, swap, back=url_for("backup.show"))
    return redirect(url_for("work.show", job_id=job.id), 303)


def _asked_again() -> list[str]:
    """Return what is wrong with the password that was asked for once more: who found a phone open knows none."""
    house, name, address = handed_in(), user_name(), request.remote_addr or ""
    wait = house.back_off.wait_seconds(name, address)
    if wait > 0:
        return [_("密码错了太多次，请等 %(seconds)s 秒再试。", seconds=int(wait) + 1)]
    if not house.users.check(name, request.form.get("password", "")[:200]):
        house.back_off.wrong(name, address)
        return [_("密码不对，请再输一次。")]
    house.back_off.right(name, address)
    return []


def _page(faults: Sequence[str] = ()) -> str:
    arriving = handed_in().arriving
    staged = arriving.staged
    if staged is None:
        return render_template("backup.html", faults=faults, can_be_undone=arriving.can_be_undone)
    about, made = staged.about, _local(staged.about.made)
    return render_template("backup_waiting.html", faults=faults, about=about, counts=staged.counts, made=made)


def _local(instant: datetime) -> datetime:
    edition = handed_in().desk.on_desk().edition
    return instant.astimezone(ZoneInfo(edition.programme.timezone) if edition else None)
