"""Where a request is said to come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client, EnvironBuilder

from web.lan.callers import Callers, RealCallers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DOOR, PORT, PHONE = 40001, 50123, "192.0.2.31"


def panel(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer who asks, and how."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']}".encode()]


@pytest.fixture
def callers() -> Callers:
    """Return the proxy's one connection."""
    known = Callers()
    known.came(PORT, PHONE)
    return known


def answer(callers: Callers, server_port: int, remote_port: int, **headers: str) -> tuple[int, str]:
    """Ask from loopback, by those ports."""
    from_loopback = {"SERVER_PORT": str(server_port), "REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": str(remote_port)}
    asked = EnvironBuilder(headers=headers, environ_overrides=from_loopback)
    answered = Client(RealCallers(panel, DOOR, callers)).open(asked)
    return answered.status_code, answered.text


def test_by_the_door_a_request_is_its_phones_and_encrypted(callers: Callers) -> None:
    """The proxy has said for whom it is."""
    assert answer(callers, DOOR, PORT) == (200, f"{PHONE} https")


def test_on_the_plain_address_nothing_changes(callers: Callers) -> None:
    """Whatever its port: it may be one that the proxy uses to the door at the same time."""
    assert answer(callers, 8080, PORT) == (200, "127.0.0.1 http")


def test_headers_count_for_nothing(callers: Callers) -> None:
    """A phone may claim what it likes, on either."""
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "Forwarded": "for=203.0.113.9"}
    assert answer(callers, DOOR, PORT, **forged) == (200, f"{PHONE} https")
    assert answer(callers, 8080, 50999, **forged) == (200, "127.0.0.1 http")


def test_by_the_door_nobody_but_the_proxy_comes_in(callers: Callers) -> None:
    """Neither a stranger on the box, nor one who got a port that the proxy has given back."""
    assert answer(callers, DOOR, 50999)[0] == 403
    callers.left(PORT)
    assert answer(callers, DOOR, PORT)[0] == 403
