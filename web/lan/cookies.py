"""The session's cookie: one on the plain address, another on the encrypted one."""

from __future__ import annotations

from flask import Flask, Response, has_request_context, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class CookieByScheme(SecureCookieSessionInterface):
    """Flask's signed cookie; where the connection is encrypted it is Secure, and has a name of its own.

    Of its own, because a browser lets no plain page replace a Secure cookie: with one name, who had once logged in on
    the encrypted address could log in on the plain one no more. The prefix (RFC 6265bis, 4.1.3.2) keeps a plain page
    from planting one either.
    """

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name on this connection."""
        name = super().get_cookie_name(app)
        return f"__Host-{name}" if self.get_cookie_secure(app) else name

    def get_cookie_secure(self, app: Flask) -> bool:
        """Tell whether this connection is encrypted."""
        return has_request_context() and request.is_secure

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Renew the cookie with every answer but a style sheet, script or mark.

        Those are the same to everybody. With ``Vary: Cookie``, and a cookie that each answer changes, a phone would ask
        for them anew on every page.
        """
        if request.endpoint != "static":
            super().save_session(app, session, response)
