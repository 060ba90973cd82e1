"""放回上一次好的: where the programme file is broken, a person lets the last good edition take its place."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.audit.auditing import note_act
from web.handed_in import handed_in

mending = Blueprint("mending", __name__, url_prefix="/mending")


@mending.post("/")
def put_back() -> ResponseReturnValue:
    """Put the last good programme back; the broken file is kept beside it."""
    note_act()
    if handed_in().desk.put_back():
        flash(_("放回去了，可以照常修改。坏的文件另存着。"))
    else:
        flash(_("节目文件已经是好的，没有动它。"))
    return redirect(url_for("today.show"), 303)
