"""The page for a form that was refused: what is wrong, what to do, and every word that was typed."""

from __future__ import annotations

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException


def is_from_a_program() -> bool:
    """Tell whether the request is one to the API, which takes no cookie and answers in JSON."""
    return request.path.startswith("/api/")


def typed_page(sentence: str, status: int) -> ResponseReturnValue:
    """Return a page that says ``sentence`` and gives back what was typed, never a password; to a program, JSON."""
    if is_from_a_program():
        return jsonify(error=sentence), status
    names = {"title": _("标题"), "text": _("内容")}
    try:
        typed = [(field, names[field], request.form[field]) for field in names if request.form.get(field)]
    except HTTPException:  # too large to be read: the sentence says so
        typed = []
    return render_template("refused.html", sentence=sentence, typed=typed), status
