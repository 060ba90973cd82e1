"""Who is let in: every page needs a login unless it is named here."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user

from web.handed_in import handed_in
from web.typed import typed_page

OPEN_TO_ALL = frozenset(
    {
        "account.login",
        "account.log_in",
        "account.first_visit",
        "account.set_up",
        "language.choose",
        "static",
        "healthz",
    }
)


class LoggedIn:
    """The person behind a request; ``token`` is the session that their device shows."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, name: str, token: str) -> None:
        self.name = name
        self.token = token

    def get_id(self) -> str:
        """Return what the cookie holds: nothing but the session's token."""
        return self.token


def guard(app: Flask) -> None:
    """Let nobody but those who are logged in past the pages that are open to all."""
    manager = LoginManager(app)
    manager.session_protection = None  # a phone changes its address; the token is what counts

    def who(token: str) -> LoggedIn | None:
        house = handed_in()
        name = house.users.who_has(token, house.clock.now())
        return LoggedIn(name, token) if name else None

    manager.user_loader(who)

    @app.before_request
    def ask_who() -> ResponseReturnValue | None:
        if request.endpoint in OPEN_TO_ALL:
            return None
        if current_user.is_authenticated:
            return None
        if request.method == "POST":
            return typed_page(_("您还没有登录，或者登录已经过期。请登录以后再做一次。"), 401)
        page = "account.login" if handed_in().users.exist() else "account.first_visit"
        return redirect(url_for(page), 303)

    @app.context_processor
    def user() -> dict[str, Any]:
        return {"user_name": user_name() if "_login_user" in g else ""}


def user_name() -> str:
    """Return the name of the person behind this request, empty for nobody."""
    return current_user.name if current_user.is_authenticated else ""
