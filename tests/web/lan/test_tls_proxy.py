"""The proxy, before a panel that says back what it hears."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from tests.web.house import NOON as NOW
from web.lan.callers import Callers
from web.lan.certificate import CERTIFICATE, context_at
from web.lan.tls_proxy import Bounds, TlsProxy

PATIENCE_SECONDS = 60.0
HELLO = bytes.fromhex("160301020001")  # how a handshake begins; the rest of it never comes


class Echo(StreamRequestHandler):
    """Says back what it hears, after the address of whom the proxy says it is for."""

    def handle(self) -> None:
        """Serve one connection."""
        callers: Callers = self.server.callers  # type: ignore[attr-defined] - put there below
        self.wfile.write(f"{callers.address_of(self.client_address[1])}\n".encode())
        while heard := self.request.recv(65536):
            if heard == b"bye":
                return
            self.request.sendall(heard)


class Panel(ThreadingTCPServer):
    """The panel's door."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Echo)
        self.callers = Callers()


class Box:
    """A proxy, and how to come to it."""

    def __init__(self, port: int, trust: Path, callers: Callers, proxy: TlsProxy) -> None:
        self.address = ("127.0.0.1", port)
        self.callers = callers
        self.proxy = proxy
        self._trust = ssl.create_default_context(cafile=str(trust))

    def knock(self, says: bytes = b"") -> socket.socket:
        """Connect, and say nothing, or that, without TLS."""
        line = socket.create_connection(self.address, timeout=PATIENCE_SECONDS)
        line.sendall(says)
        return line

    def come_in(self, source: str = "127.0.0.1") -> ssl.SSLSocket:
        """Connect as a phone that checks the certificate and the name in it."""
        line = socket.create_connection(self.address, timeout=PATIENCE_SECONDS, source_address=(source, 0))
        return self._trust.wrap_socket(line, server_hostname="localhost", suppress_ragged_eofs=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a certificate."""
    folder = tmp_path_factory.mktemp("panel") / "https"
    context_at(folder, ("xiaolaba.local", "localhost"), ("127.0.0.1",), NOW)
    return folder


@pytest.fixture
def box(certificate: Path) -> Iterator[Callable[[Bounds], Box]]:
    """Return what opens a proxy within such bounds."""
    with ExitStack() as stack:
        yield lambda bounds: stack.enter_context(_box(certificate, bounds))


@contextmanager
def _box(folder: Path, bounds: Bounds) -> Iterator[Box]:
    with Panel() as panel, socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=panel.serve_forever, args=(0.01,), daemon=True).start()
        door, port = panel.server_address[1], listener.getsockname()[1]
        proxy = TlsProxy([listener], context_at(folder, (), (), NOW), door, panel.callers, bounds)
        proxy.start()
        try:
            yield Box(port, folder / CERTIFICATE, panel.callers, proxy)
        finally:
            proxy.stop()
            panel.shutdown()


Opened = Callable[[Bounds], Box]


def first_line(phone: ssl.SSLSocket) -> bytes:
    """Say something, and return for whom the panel was told that it is."""
    phone.sendall(b"hello")
    heard = b""
    while not heard.endswith(b"\nhello"):
        heard += phone.recv(100)
    return heard.partition(b"\n")[0]


def is_served(phone: ssl.SSLSocket) -> bool:
    """Tell whether a phone that has been heard is heard again."""
    phone.sendall(b"again")
    return phone.recv(100) == b"again"


def is_closed(line: socket.socket) -> bool:
    """Wait until the other side has ended the connection."""
    try:
        return line.recv(100) == b""
    except (ConnectionResetError, ssl.SSLEOFError):
        return True


def test_the_panel_is_told_for_whom_it_is(box: Opened) -> None:
    """Each connection has its own phone, at the same time."""
    opened = box(Bounds())
    with opened.come_in("127.0.0.2") as one, opened.come_in("127.0.0.3") as two:
        assert first_line(one) == b"127.0.0.2"
        assert first_line(two) == b"127.0.0.3"


def test_much_passes_both_ways_unchanged(box: Opened) -> None:
    """A recording goes up and comes down, eight megabytes through buffers of some kilobytes."""
    sent = bytes(range(256)) * 32 * 1024
    opened = box(Bounds())
    with opened.come_in() as phone:
        first_line(phone)
        heard = bytearray()
        for start in range(0, len(sent), 256 * 1024):
            phone.sendall(sent[start : start + 256 * 1024])
            while len(heard) < min(start + 256 * 1024, len(sent)):
                heard += phone.recv(65536)
    assert heard == sent


def test_the_end_of_an_answer_is_said(box: Opened) -> None:
    """Without it nobody could tell a whole answer from one that was cut on its way: ssl raises for that."""
    with box(Bounds()).come_in() as phone:
        first_line(phone)
        phone.sendall(b"bye")
        assert phone.recv(100) == b""


def test_garbage_ends_that_connection_and_no_other(box: Opened) -> None:
    """Who speaks no TLS is sent away."""
    opened = box(Bounds())
    for garbage in (b"\x00" * 64, b"\xff" * 5000, HELLO + b"\x00" * 600):
        with opened.knock(garbage) as line:
            line.settimeout(PATIENCE_SECONDS)
            while line.recv(100):
                pass  # the alert that says why
    with opened.come_in() as phone:
        assert first_line(phone) == b"127.0.0.1"


def test_plain_http_is_told_to_say_https(box: Opened) -> None:
    """Who types the address and port without https:// gets a sentence, not an error of the browser."""
    with box(Bounds()).knock(b"GET / HTTP/1.1\r\nHost: xiaolaba.local:8443\r\n\r\n") as line:
        answer = b""
        while came := line.recv(1000):
            answer += came
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert f"Content-Length: {len(body)}".encode() in head
    assert "https://" in body.decode()


@pytest.mark.parametrize("begun", [b"", HELLO], ids=["silent", "begun"])
def test_a_handshake_that_does_not_end_is_ended(box: Opened, begun: bytes) -> None:
    """However it was begun."""
    opened = box(Bounds(handshake_seconds=0.2))
    with opened.knock(begun) as line:
        assert is_closed(line)


def test_silence_ends_a_connection(box: Opened) -> None:
    """Before the first request, and between two."""
    opened = box(Bounds(idle_seconds=0.2))
    with opened.come_in() as phone:
        assert is_closed(phone)
    with opened.come_in() as phone:
        first_line(phone)
        assert is_closed(phone)


def test_who_opens_and_waits_keeps_nobody_out(box: Opened) -> None:
    """Full of handshakes that never end: the oldest gives way, and who is in stays in."""
    opened = box(Bounds(connections=8))
    with ExitStack() as stack:
        early = stack.enter_context(opened.come_in("127.0.0.2"))
        assert first_line(early) == b"127.0.0.2"
        slow = [stack.enter_context(opened.knock(HELLO)) for _ in range(30)]
        late = stack.enter_context(opened.come_in("127.0.0.3"))
        assert first_line(late) == b"127.0.0.3"
        assert is_served(early)
        assert is_closed(slow[0])


def test_where_all_are_in_the_longest_silent_goes(box: Opened) -> None:
    """A phone that was left open in a pocket makes room; its browser connects anew when it is wanted."""
    opened = box(Bounds(connections=2))
    with opened.come_in() as pocket, opened.come_in() as busy:
        first_line(pocket)
        first_line(busy)
        with opened.come_in() as fresh:
            assert first_line(fresh) == b"127.0.0.1"
            assert is_closed(pocket)
            assert is_served(busy)


def test_the_panels_end_is_the_proxys(box: Opened) -> None:
    """Nothing is left open, and nobody's port is remembered."""
    opened = box(Bounds())
    with opened.come_in() as phone:
        first_line(phone)
        opened.proxy.stop()
        assert is_closed(phone)
    assert [port for port in range(1024, 65536) if opened.callers.address_of(port)] == []
