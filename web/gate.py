"""Who is let in, and to what: every endpoint is held to the table in ``web/permissions.py``."""

from __future__ import annotations

import logging
from collections.abc import Set as AbstractSet
from typing import Any

from flask import Flask, Request, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user

from web.handed_in import handed_in
from web.people.role_words import only_for
from web.people.roles import Role
from web.permissions import MAY, is_open, may
from web.typed import is_from_a_program, typed_page

LONGEST_KEY = 200
_LOG = logging.getLogger(__name__)


class LoggedIn:
    """The person behind a request; ``token`` is the session that their device shows."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, name: str, token: str, roles: AbstractSet[Role]) -> None:
        self.name = name
        self.token = token
        self.roles = roles

    def get_id(self) -> str:
        """Return what the cookie holds: nothing but the session's token."""
        return self.token


def guard(app: Flask) -> None:
    """Let nobody past but those whom the table names; what it does not name is refused to all."""
    manager = LoginManager(app)
    manager.session_protection = None  # a phone changes its address; the token is what counts

    def who(token: str) -> LoggedIn | None:
        house = handed_in()
        name = house.users.who_has(token, house.clock.now())
        return LoggedIn(name, token, house.users.roles_of(name)) if name else None

    def whose(asked: Request) -> LoggedIn | None:
        scheme, _blank, key = asked.headers.get("Authorization", "").partition(" ")
        house = handed_in()
        name = house.tokens.who_has(key.strip()) if scheme.lower() == "bearer" and len(key) < LONGEST_KEY else None
        roles = house.users.roles_of(name) if name else frozenset[Role]()
        return LoggedIn(name, "", roles) if name and roles else None

    # A program shows a token and no cookie, a browser a cookie and no token: neither works in the other's place.
    manager.user_loader(lambda token: None if is_from_a_program() else who(token))
    manager.request_loader(lambda asked: whose(asked) if is_from_a_program() else None)

    @app.before_request
    def ask_who() -> ResponseReturnValue | None:
        if is_open(request.endpoint):
            return None
        if not current_user.is_authenticated:
            if is_from_a_program():
                return jsonify(error=_("请带上有效的令牌。")), 401, {"WWW-Authenticate": "Bearer"}
            if request.method == "POST":
                return typed_page(_("您还没有登录，或者登录已经过期。请登录以后再做一次。"), 401)
            return redirect(_way_in(), 303)
        g.who = current_user.name
        if may(current_user.roles, request.endpoint):
            return None
        if request.endpoint not in MAY:
            _LOG.error("%s is not in web/permissions.py, so nobody may use it", request.endpoint)
        return typed_page(only_for(MAY.get(request.endpoint or "", frozenset())), 403)

    @app.context_processor
    def user() -> dict[str, Any]:
        known = "_login_user" in g
        return {"user_name": user_name() if known else "", "may": i_may if known else nobody_may}


def _way_in() -> str:
    """Return where somebody unknown is led: to the login, which leads on to what they asked for."""
    if not handed_in().users.exist():
        return url_for("account.first_visit")
    asked_for = request.full_path.rstrip("?")
    return url_for("account.login", after=asked_for if asked_for != "/" else None)


def user_name() -> str:
    """Return the name of the person behind this request, empty for nobody."""
    return current_user.name if current_user.is_authenticated else ""


def i_may(endpoint: str) -> bool:
    """Tell whether the person behind this request may use ``endpoint``: what they may not is not offered."""
    return may(current_user.roles if current_user.is_authenticated else frozenset(), endpoint)


def nobody_may(endpoint: str) -> bool:
    """Tell whether somebody who is not known may use ``endpoint``."""
    return is_open(endpoint)
