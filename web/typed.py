"""The page for a form that was refused: what is wrong, what to do, and every word that was typed."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

_NAMES = {"title": "标题", "text": "内容"}


def typed_page(sentence: str, status: int) -> ResponseReturnValue:
    """Return a page that says ``sentence`` and gives back what was typed, never a password."""
    try:
        typed = [(_NAMES[name], request.form[name]) for name in _NAMES if request.form.get(name)]
    except HTTPException:  # too large to be read: the sentence says so
        typed = []
    return render_template("refused.html", sentence=sentence, typed=typed), status
