"""What every answer and every request is held to: headers, the name we were called by, sizes, forms' tokens."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from flask import Flask, Response, abort, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect

from tts.recordings import LARGEST_BYTES
from web.api.routes import api
from web.lan.names import host_names

LARGEST_FORM_BYTES = 64 * 1024
# A message that is far too long must come back filled in, so it must be read first; beyond this it isn't.
LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024
PAGES_THAT_TAKE_LONG_TEXT = frozenset(
    {"messages.change", "new_message.add", "messages.spoken", "say.prepare", "holidays.put"}
)
# What is around the sound in the form that brings it is under a kilobyte.
LARGEST_UPLOAD_BYTES = LARGEST_BYTES + LARGEST_FORM_BYTES
PAGES_THAT_TAKE_A_RECORDING = frozenset({"recordings.upload", "say.record"})
PAGES_THAT_TAKE_A_FILE = PAGES_THAT_TAKE_A_RECORDING | {"backup.upload"}

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def secure(app: Flask, names: Iterable[str]) -> None:
    """Hold ``app`` to all of it. ``names`` are the host names by which this machine may be called."""
    known = frozenset(name.lower() for name in names)

    @app.before_request
    def refuse_foreign_names() -> None:
        if not is_ours(request.host, known):
            abort(400, _("请用喇叭盒子上写的地址打开这个页面。"))

    @app.before_request
    def allow_long_text() -> None:
        if request.endpoint in PAGES_THAT_TAKE_LONG_TEXT:
            request.max_content_length = LARGEST_MESSAGE_BYTES
            request.max_form_memory_size = LARGEST_MESSAGE_BYTES

    @app.before_request
    def allow_a_recording() -> None:
        """Let a large body in for who is logged in; the check of the form's token reads it before the gate asks."""
        if request.endpoint in PAGES_THAT_TAKE_A_FILE and current_user.is_authenticated:
            request.max_content_length = LARGEST_UPLOAD_BYTES

    CSRFProtect(app).exempt(api)  # it takes no cookie, so no other site can use one

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def is_ours(host: str, names: frozenset[str]) -> bool:
    """Tell whether ``host`` (with or without a port) is an address in digits or one of our ``names``.

    A page elsewhere can make its own name lead to this machine (DNS rebinding), but it can't make the browser
    send another name than its own: digits and our names can't be such a one.
    """
    name = host.lower()
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") == 1:
        name = name.partition(":")[0]
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name.rstrip(".") in names
    return True


def names_of(hostname: str) -> tuple[str, ...]:
    """Return the names under which a machine called ``hostname`` is found on a LAN."""
    short = hostname.partition(".")[0]
    found = {"localhost", hostname, *host_names()}
    for name in (short, "xiaolaba"):
        found |= {name, f"{name}.local", f"{name}.lan", f"{name}.home"}
    return tuple(sorted(found))
