"""The hub's HTTPS port: strangers get little and soon nothing, members their clips, the lost none."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from fleet.enrol import certificates, contexts
from fleet.enrol.asking import Answer, Rejected, decode_answer
from fleet.enrol.authority import Authority
from fleet.enrol.membership import AUTHORITY, CERTIFICATE, KEY
from fleet.hub.https import MOST_CONNECTIONS, STRANGERS_SECONDS, HttpsServer, Served
from tests.fakes import SetClock
from tests.fleet.hub.a_hub import NOW, eventually

DIGEST = "a" * 64
CONTENT = bytes(range(256)) * 1000


@dataclass
class Port:
    """A server with what it serves, and a member's folder."""

    server: HttpsServer
    clock: SetClock
    authority: Authority
    member: Path
    let_in: set[str] = field(default_factory=lambda: {"yard-3"})

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return ("127.0.0.1", self.server.port)

    def ask(
        self, method: str, path: str, context: ssl.SSLContext, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Ask once."""
        connection = http.client.HTTPSConnection(*self.address, context=context, timeout=60)
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def stranger(self) -> ssl.SSLContext:
        """Return the context of somebody without a certificate."""
        return contexts.hub_of(self.authority.pem.decode())


@pytest.fixture
def port(tmp_path: Path) -> Iterator[Port]:
    """Serve one clip, with one member."""
    authority, let_in = Authority.new(), {"yard-3"}
    for name, sign in (("hub", authority.sign_hub), ("member", lambda one: authority.sign_device(one, "yard-3"))):
        key = certificates.new_key()
        (tmp_path / name).mkdir()
        (tmp_path / name / KEY).write_bytes(certificates.key_pem(key))
        (tmp_path / name / CERTIFICATE).write_bytes(sign(certificates.request_for(key)).pem)
        (tmp_path / name / AUTHORITY).write_bytes(authority.pem)
    (tmp_path / f"{DIGEST}.flac").write_bytes(CONTENT)

    def enrol(content: bytes) -> Answer:
        return Rejected(why="unknown", zh="不", en=str(len(content)))

    clock = SetClock(NOW)
    served = Served(authority.pem, enrol, tmp_path, lambda name, _serial: name in let_in)
    context = contexts.hub_server(tmp_path / "hub" / CERTIFICATE, tmp_path / "hub" / KEY, authority.pem.decode())
    server = HttpsServer(("127.0.0.1", 0), context, served, clock)
    server.start()
    yield Port(server, clock, authority, tmp_path / "member", let_in)
    server.close()


@pytest.mark.parametrize(
    ("asked", "status", "wanted"),
    [
        (None, 200, CONTENT),
        ("bytes=0-0", 206, CONTENT[:1]),
        ("bytes=100-", 206, CONTENT[100:]),
        ("bytes=255000-999999", 206, CONTENT[255_000:]),
        (f"bytes={len(CONTENT)}-", 416, b""),
        ("bytes=9-3", 416, b""),
        ("bytes=-5", 416, b""),
        ("bytes=0-1,5-9", 416, b""),
        ("bytes=" + "9" * 400 + "-", 416, b""),
    ],
)
def test_a_member_gets_a_clip_or_the_rest_of_it(port: Port, asked: str | None, status: int, wanted: bytes) -> None:
    """What was broken off goes on where it stopped."""
    headers = {"Range": asked} if asked is not None else {}
    assert port.ask("GET", f"/audio/{DIGEST}", contexts.member(port.member), **headers) == (status, wanted)


def test_who_is_lost_gets_nothing_from_that_moment(port: Port) -> None:
    """Also on a connection that is open, and though the certificate is right."""
    connection = http.client.HTTPSConnection(*port.address, context=contexts.member(port.member), timeout=60)
    connection.request("GET", f"/audio/{DIGEST}")
    assert connection.getresponse().read() == CONTENT
    port.let_in.clear()
    connection.request("GET", f"/audio/{DIGEST}")
    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.parametrize(
    "path",
    [f"/audio/{DIGEST}", f"/audio/{'b' * 64}", "/audio/../hub/key.pem", "/audio/..%2fhub%2fkey.pem", "/", "//", "/x"],
)
def test_a_stranger_gets_no_file(port: Port, path: str) -> None:
    """Whether it is there or not; and there is no way out of the folder."""
    assert port.ask("GET", path, port.stranger())[0] in {403, 404}


@pytest.mark.parametrize("path", ["/audio/../hub/key.pem", f"/audio/{DIGEST}/..", f"/audio/{DIGEST}.flac", "/audio/"])
def test_a_member_gets_clips_and_nothing_else(port: Port, path: str) -> None:
    """A name is 64 hex digits."""
    assert port.ask("GET", path, contexts.member(port.member))[0] == 404


def test_a_stranger_may_ask_to_join(port: Port) -> None:
    """And to see the authority's certificate; a question that is too large is not read."""
    assert port.ask("GET", "/authority", contexts.unknown_hub()) == (200, port.authority.pem)
    status, answer = port.ask("POST", "/enrol", port.stranger(), body=b"x" * 300)
    rejected = decode_answer(answer)
    assert isinstance(rejected, Rejected)
    assert (status, rejected.en) == (200, "300")
    for length in ("20000", "-1", "9" * 300, ""):
        assert port.ask("POST", "/enrol", port.stranger(), **{"Content-Length": length})[0] == 413
    assert msgspec.json.decode(answer)["is"] == "rejected"


@pytest.mark.parametrize(("headers", "size", "taken"), [(8, 1_000, True), (1, 20_000, False), (80, 60_000, False)])
def test_a_head_is_bounded(port: Port, headers: int, size: int, taken: bool) -> None:
    """Else each of 200 strangers could have Python keep six megabytes of headers."""
    with (
        socket.create_connection(port.address, timeout=10) as line,
        port.stranger().wrap_socket(line, server_hostname="hub") as stranger,
    ):
        answer = b""
        with suppress(OSError):  # hung up on in the midst of it
            stranger.sendall(b"GET /authority HTTP/1.1\r\n")
            for number in range(headers):
                stranger.sendall(b"X-%d: %s\r\n" % (number, b"x" * size))
            stranger.sendall(b"\r\n")
            answer = stranger.recv(4096)
    assert (b" 200 " in answer) is taken


def test_each_request_has_a_head_of_its_own(port: Port) -> None:
    """Who asks much on one connection is not cut off for it, also where the next comes before the answer."""
    ask = b"GET /audio/%s HTTP/1.1\r\nX: %s\r\nRange: bytes=0-0\r\n\r\n" % (DIGEST.encode(), b"x" * 9_000)
    with (
        socket.create_connection(port.address, timeout=10) as line,
        contexts.member(port.member).wrap_socket(line, server_hostname="hub") as member,
    ):
        member.sendall(ask * 3)
        answers = b""
        while answers.count(b" 206 ") < 3:
            answers += member.recv(65_536) or pytest.fail("hung up on")


def test_silent_strangers_keep_no_member_out(port: Port) -> None:
    """More connections than there is room for, that say nothing: the oldest give way, and all go after a while."""
    silent = [socket.create_connection(port.address, timeout=60) for _ in range(MOST_CONNECTIONS + 20)]
    assert port.ask("GET", f"/audio/{DIGEST}", contexts.member(port.member))[0] == 200
    port.clock.advance(STRANGERS_SECONDS + 1)
    eventually(lambda: all(_is_over(one) for one in silent), "the silent ones are gone")
    for one in silent:
        one.close()


def test_who_trickles_is_hung_up_on(port: Port) -> None:
    """A header that never ends, over a whole handshake."""
    with (
        socket.create_connection(port.address, timeout=60) as plain,
        port.stranger().wrap_socket(plain) as connection,
    ):
        connection.sendall(b"GET /authority HTTP/1.1\r\nA: b")
        port.clock.advance(STRANGERS_SECONDS + 1)
        with pytest.raises((OSError, AssertionError)):
            assert connection.recv(1) != b""


def _is_over(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(100) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
