"""Every act that a request does goes into the audit log, whether or not its page thinks of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from web.gate import user_name
from web.handed_in import handed_in

# Asked at every stroke of a key, or a matter of the reader's own device: they change nothing.
NO_ACTS = frozenset({"messages.spoken", "language.choose"})
# Of those who are not logged in, only who tries to be; the table of the gate has turned the others away.
TRIES_TO_GET_IN = frozenset({"account.log_in", "account.set_up"})
# How a form hangs together with what its page has shown: nothing that anybody typed.
_BINDS = frozenset(
    {"act", "added", "edition", "how", "more", "own", "replaces", "return_to", "revision", "sure", "waiting", "was"}
)
_SECRET = re.compile(r"password|again|code|token|secret|^pin$")

Record = Callable[[str, str, str, str], None]


def keep_an_audit_log(app: Flask) -> None:
    """Record every request of ``app`` that is more than looking."""

    @app.after_request
    def record(response: Response) -> Response:
        endpoint = request.endpoint or ""
        if request.method in {"GET", "HEAD", "OPTIONS"} or endpoint in NO_ACTS:
            return response
        who = user_name() or g.get("who", "")
        if not who and (endpoint not in TRIES_TO_GET_IN or response.status_code == 429):
            return response  # of a machine that is being held off, the tries that counted are enough
        told = g.get("act", {})
        handed_in().audit.record(
            who=who,
            address=request.remote_addr or "",
            what=endpoint or request.path,
            target=told.get("target", "") or ", ".join(str(value) for value in (request.view_args or {}).values()),
            old=told.get("old", ""),
            new=told["new"] if "new" in told else _form(),
            outcome=response.status_code,
        )
        return response


def note_act(*, target: str = "", old: str = "", new: str = "") -> None:
    """Say of the act that this request is what it was done to, and what was before and is after it."""
    g.act = {"target": target, "old": old, "new": new}


def recorder() -> Record:
    """Return what a job, which has no request, records by: ``(what, target, old, new)``, under who asked for it."""
    audit, who, address = handed_in().audit, user_name(), request.remote_addr or ""

    def record(what: str, target: str, old: str, new: str) -> None:
        audit.record(who=who, address=address, what=what, target=target, old=old, new=new)

    return record


def _form() -> str:
    """Return what was typed, without what must stay secret."""
    try:
        fields = [
            (name, value) for name, value in request.form.items() if name not in _BINDS and not _SECRET.search(name)
        ]
        files = [(name, came.filename or "") for name, came in request.files.items()]
    except HTTPException:  # too large to be read: nothing was done with it either
        return ""
    return "\n".join(f"{name}: {value}" for name, value in [*fields, *files] if value)
