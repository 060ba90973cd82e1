"""The hub's HTTPS port: joining for anybody who has a ticket, audio for members only."""

from __future__ import annotations

import io
import logging
import re
import socket
import socketserver
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import LineTooLong
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event, Lock, Thread

import msgspec
from cryptography import x509
from cryptography.x509.oid import NameOID

from box.clock import Clock
from fleet.enrol.asking import AUTHORITY_PATH, ENROL_PATH, LARGEST_BYTES, Answer

AUDIO_PATH = re.compile(r"/audio/([0-9a-f]{64})\Z")
MOST_CONNECTIONS = 200
STRANGERS_SECONDS = 15.0  # from connecting to the end, for who shows no certificate
STALLED_SECONDS = 30.0  # of a member, for one piece or between two requests
LARGEST_HEAD_BYTES = 16 * 1024  # Python would take 6 MB of each of 200 strangers; ours is under 300 bytes
_PIECE_BYTES = 64 * 1024
_RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{1,12})?\Z")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served:
    """What the port gives: the authority's PEM, the answer to who wants in, the folder of audio, and who may have it.

    ``is_let_in`` is asked for each request, by name and serial number (hex digits): who is lost gets nothing more.
    """

    authority: bytes
    enrol: Callable[[bytes], Answer]
    audio: Path
    is_let_in: Callable[[str, str], bool]


class HttpsServer(socketserver.ThreadingTCPServer):
    """A thread for each connection. When it is full, the stranger who has been here longest gives way.

    Handshakes are made in those threads, and whoever shows no certificate has some seconds for all he wants.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext, served: Served, clock: Clock) -> None:
        self.served = served
        self._context = context
        self._clock = clock
        self._lock = Lock()
        self._strangers: dict[socket.socket, float] = {}
        self._members: set[socket.socket] = set()
        self._closing = Event()
        self._own_threads = (
            Thread(target=self.serve_forever, name="https", daemon=True),
            Thread(target=self._hurry, name="https-hurry", daemon=True),
        )
        super().__init__(address, _Handler)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Serve, on threads of its own."""
        for thread in self._own_threads:
            thread.start()

    def close(self) -> None:
        """Hang up on everybody."""
        self._closing.set()
        self.shutdown()
        with self._lock:
            for connection in (*self._strangers, *self._members):
                _hang_up(connection)
        for thread in self._own_threads:
            thread.join()
        self.server_close()

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Take a connection in, on a thread of its own."""
        if not isinstance(request, socket.socket):
            raise TypeError(request)
        with self._lock:
            if len(self._strangers) + len(self._members) >= MOST_CONNECTIONS:
                oldest = min(self._strangers, key=lambda one: self._strangers[one], default=request)
                _hang_up(oldest)
                if oldest is request:
                    request.close()
                    return
            self._strangers[request] = self._clock.monotonic()
        super().process_request(request, client_address)

    def finish_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Shake hands, then answer; what a peer does wrong ends its connection and nothing else."""
        if not isinstance(request, socket.socket):
            raise TypeError(request)
        request.settimeout(STRANGERS_SECONDS)
        connection = request
        try:
            with self._lock:
                since = self._strangers.pop(request, 0.0)
                connection = self._context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
                self._strangers[connection] = since
            connection.do_handshake()
            if connection.getpeercert(binary_form=True):
                with self._lock:
                    self._strangers.pop(connection, None)
                    self._members.add(connection)
                connection.settimeout(STALLED_SECONDS)
            _Handler(connection, client_address, self)
        except OSError as error:  # ssl.SSLError too: a stranger, a scanner, one whose time was over
            _LOG.debug("a connection of %s failed: %s", client_address, error)
        finally:
            self._forget(connection)
            connection.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Note what no peer should be able to cause."""
        _LOG.exception("a request of %s failed", client_address)

    def _forget(self, connection: socket.socket) -> None:
        with self._lock:
            self._strangers.pop(connection, None)
            self._members.discard(connection)

    def _hurry(self) -> None:
        while not self._closing.wait(1.0):
            now = self._clock.monotonic()
            with self._lock:
                for connection, since in self._strangers.items():
                    if now - since > STRANGERS_SECONDS:
                        _hang_up(connection)


class _Reader(io.BufferedReader):
    """What comes by a connection; a request's first line and headers are bounded together."""

    left = LARGEST_HEAD_BYTES

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return the next line of a head. Raises LineTooLong, which ends the connection."""
        if not self.left:
            raise LineTooLong("head")
        line = super().readline(self.left if size is None or size < 0 else min(size, self.left))
        self.left -= len(line)
        return line


class _Handler(BaseHTTPRequestHandler):
    """One connection's requests."""

    protocol_version = "HTTP/1.1"
    server: HttpsServer
    connection: ssl.SSLSocket

    def setup(self) -> None:
        """Read by a reader that bounds."""
        super().setup()
        self.rfile = self._reader = _Reader(self.rfile.detach())

    def handle_one_request(self) -> None:
        """Answer the next request, whose head is measured anew."""
        self._reader.left = LARGEST_HEAD_BYTES
        super().handle_one_request()

    def do_GET(self) -> None:
        """Give the authority's certificate, or a clip."""
        if self.path == AUTHORITY_PATH:
            self._give(HTTPStatus.OK, "application/x-pem-file", self.server.served.authority)
            return
        named = AUDIO_PATH.fullmatch(self.path)
        if named is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        elif not self._is_member():
            self._refuse(HTTPStatus.FORBIDDEN)
        else:
            self._give_clip(self.server.served.audio / f"{named[1]}.flac", named[1])

    def do_POST(self) -> None:
        """Answer a box that wants in."""
        length = self.headers.get("Content-Length", "")
        if self.path != ENROL_PATH:
            self._refuse(HTTPStatus.NOT_FOUND)
        elif not (length.isascii() and length.isdecimal() and len(length) < 9 and int(length) <= LARGEST_BYTES):
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            answer = self.server.served.enrol(self.rfile.read(int(length)))
            self._give(HTTPStatus.OK, "application/json", msgspec.json.encode(answer))

    def log_message(self, format: str, *args: object) -> None:
        """Keep the journal free of each request."""
        _LOG.debug(format, *args)

    def version_string(self) -> str:
        """Tell nobody which Python this is."""
        return "xiaolaba"

    def _is_member(self) -> bool:
        shown = self.connection.getpeercert(binary_form=True)
        if not shown:
            return False
        certificate = x509.load_der_x509_certificate(shown)  # OpenSSL has checked whose it is
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return len(names) == 1 and self.server.served.is_let_in(str(names[0].value), f"{certificate.serial_number:x}")

    def _give_clip(self, path: Path, digest: str) -> None:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        with file:
            size = path.stat().st_size
            span = _span(self.headers.get("Range"), size)
            if span is None:
                self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                self.send_header("Content-Range", f"bytes */{size}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            first, last = span
            whole = self.headers.get("Range") is None
            self.send_response(HTTPStatus.OK if whole else HTTPStatus.PARTIAL_CONTENT)
            if not whole:
                self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
            self.send_header("Content-Type", "audio/flac")
            self.send_header("Content-Length", str(last - first + 1))
            self.send_header("ETag", f'"{digest}"')
            self.send_header("Accept-Ranges", "bytes")
            self.end_headers()
            file.seek(first)
            left = last - first + 1
            while left > 0 and (piece := file.read(min(_PIECE_BYTES, left))):
                self.wfile.write(piece)
                left -= len(piece)

    def _give(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def _refuse(self, status: HTTPStatus) -> None:
        self._give(status, "text/plain", status.phrase.encode() + b"\n")


def _span(asked: str | None, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte that are asked for, None where there are none of them (RFC 9110, 14)."""
    if asked is None:
        return 0, size - 1
    found = _RANGE.fullmatch(asked)
    if found is None:
        return None
    first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    return (first, last) if first <= last else None


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself
        socket.socket.shutdown(connection, socket.SHUT_RDWR)  # an SSLSocket's own would take TLS off it too
