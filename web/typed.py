"""The page for a form that was refused: what is wrong, what to do, and every word that was typed."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from web.language import page_of_ours


def is_from_a_program() -> bool:
    """Tell whether the request is one to the API, which takes no cookie and answers in JSON."""
    return request.path.startswith("/api/")


def typed_page(sentence: str, status: int) -> ResponseReturnValue:
    """Return a page that says ``sentence`` and gives back what was typed, never a password; to a program, JSON."""
    if is_from_a_program():
        return jsonify(error=sentence), status
    names = {
        "title": _("标题"),
        "text": _("内容"),
        "words": _("内容"),
        "occasion": _("事由"),
        "reason": _("原因"),
        "why": _("原因"),
        "note": _("说明"),
        "source": _("来源"),
        "author": _("撰稿人"),
        "zone": _("小区的名字"),
    }
    try:
        typed = [(field, names[field], request.form[field]) for field in names if request.form.get(field)]
    except HTTPException:  # too large to be read: the sentence says so
        typed = []
    return render_template("refused.html", sentence=sentence, typed=typed, page=_page_of_the_form()), status


def _page_of_the_form() -> str:
    """Return the address of ours on which the form stood that this request is, empty if it is not known."""
    came_from = urlsplit(request.referrer or "")
    if request.method != "POST" or came_from.netloc != request.host:
        return ""
    return page_of_ours(f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path)
