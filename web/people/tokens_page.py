"""接口令牌: keys for programs are made, named, shown once and revoked, each by whose they are."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.audit.auditing import note_act
from web.gate import user_name
from web.handed_in import handed_in
from web.language import as_sentence
from web.people.tokens import LONGEST_NAME, TooManyTokens
from web.saving import without_unseen

tokens = Blueprint("tokens", __name__, url_prefix="/tokens")


@tokens.get("/")
def every() -> ResponseReturnValue:
    """Show one's own tokens."""
    return _page()


@tokens.post("/")
def make() -> ResponseReturnValue:
    """Make one; it is on this answer and never shown again."""
    name = without_unseen(request.form.get("name", "")).strip()
    note_act(target=name)
    if not name or len(name) > LONGEST_NAME:
        return _page(faults=[_("请给令牌起个名字，%(most)s 个字以内，好认得是谁在用。", most=LONGEST_NAME)]), 400
    try:
        key = handed_in().tokens.make(name, user_name(), handed_in().clock.now())
    except TooManyTokens as error:
        return _page(faults=[as_sentence(error.sentence)]), 409
    return _page(key=key, name=name)


@tokens.post("/<token_id>/revoke")
def revoke(token_id: str) -> ResponseReturnValue:
    """Make one worth nothing, at once."""
    name = handed_in().tokens.revoke(token_id, user_name())
    note_act(target=name)
    flash(_("令牌“%(name)s”收回了，用它的程序马上就不能用了。", name=name) if name else _("这个令牌已经收回了。"))
    return redirect(url_for("tokens.every"), 303)


def _page(faults: list[str] | None = None, key: str = "", name: str = "") -> str:
    return render_template(
        "tokens.html",
        tokens=handed_in().tokens.of(user_name()),
        faults=faults or [],
        key=key,
        name=name,
        longest=LONGEST_NAME,
        document=url_for("api.document", _external=False),
    )
