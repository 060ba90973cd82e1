"""The page for a form that was refused: what is wrong, what to do, and every word that was typed."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException


def typed_page(sentence: str, status: int) -> ResponseReturnValue:
    """Return a page that says ``sentence`` and gives back what was typed, never a password."""
    names = {"title": _("标题"), "text": _("内容")}
    try:
        typed = [(field, names[field], request.form[field]) for field in names if request.form.get(field)]
    except HTTPException:  # too large to be read: the sentence says so
        typed = []
    return render_template("refused.html", sentence=sentence, typed=typed), status
