"""A yard of phones opens the page at once over the real server, all from one address, as behind the yard's router."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest
from waitress.server import create_server

from tests.web.house import House
from tests.web.residents.test_page import CLIP, make_ready, opened, row
from tests.web.residents.test_turns import PHONES
from web.residents.page import LARGEST_PIECE_BYTES

SOUND = f"/24/{CLIP}.mp3"


@pytest.fixture
def port(house: House, caplog: pytest.LogCaptureFixture) -> Iterator[int]:
    """Return the port of a panel that serves, with one message that was aired."""
    caplog.set_level(logging.ERROR, "waitress.queue")  # a queue is no news
    opened(house, row())
    server = create_server(house.app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    # By the thread that serves: what phones left open would keep it serving, and it may be waiting on them now.
    server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map, ignore_all=True))
    server.task_dispatcher.shutdown()
    thread.join(60)
    assert not thread.is_alive()


def visit(port: int, content: bytes) -> bool:
    """Read the page and hear the message three times, piece by piece, as a phone's browser asks."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    page = _got(connection, "/24/")
    heard = True
    for _ in range(3):
        first = _got(connection, SOUND, "bytes=0-")
        rest = _got(connection, SOUND, f"bytes={len(first)}-") if len(first) < len(content) else b""
        heard = heard and first + rest == content
    connection.close()
    return heard and SOUND.encode() in page


def _got(connection: HTTPConnection, address: str, part: str = "") -> bytes:
    connection.request("GET", address, headers={"Range": part} if part else {})
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status in {200, 206}, (address, answer.status)
    return content


def test_every_phone_of_the_yard_reads_and_hears_it_at_once(house: House, port: int) -> None:
    """And the secretary's page of login opens meanwhile."""
    content = make_ready(house, size=LARGEST_PIECE_BYTES + 40_000)
    with ThreadPoolExecutor(PHONES + 1) as phones:
        visits = [phones.submit(visit, port, content) for _ in range(PHONES)]
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/login")
        assert connection.getresponse().status in {200, 303}
        connection.close()
        assert all(one.result() for one in visits)
