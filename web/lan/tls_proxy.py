"""The encrypted address: takes TLS off and hands the bytes to the panel, which speaks plain HTTP on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import math
import socket
import ssl
from asyncio import Task
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import cast

from box.sentences import Sentence
from web.lan.callers import Callers
from web.lan.tls import CHUNK_BYTES, Encrypted

_LOG = logging.getLogger(__name__)
# What a phone that was typed the address without its first letters gets: it speaks plain HTTP to where TLS is.
_SAY_HTTPS = Sentence("这个地址请以 https:// 开头", "please begin this address with https://").text().encode() + b"\n"
_PLAIN_ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_SAY_HTTPS), _SAY_HTTPS)
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the proxy allows. Eight phones open about 48 connections; each takes about 70 kB here."""

    connections: int = 96
    handshake_seconds: float = 10.0  # a slow phone on bad Wi-Fi takes three
    idle_seconds: float = 60.0  # the panel itself closes after ten seconds of silence between two requests


@dataclass(slots=True)
class _Connection:
    """One phone's connection: since when it is as it is."""

    task: Task[None]
    shaking_hands: bool
    since: float


class TlsProxy:
    """Listens on a thread of its own. When it is full, who has not finished the handshake gives way to who comes.

    So connections that are opened and left standing keep nobody out: the oldest of them goes first.
    """

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        context: ssl.SSLContext,
        door: int,
        callers: Callers,
        bounds: Bounds = Bounds(),
    ) -> None:
        """Take ``listeners`` that are bound; ``door`` is the panel's port on loopback, for the proxy alone."""
        self._listeners, self._context, self._door = listeners, context, door
        self._callers, self._bounds = callers, bounds
        self._connections: dict[int, _Connection] = {}
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        self._thread = Thread(target=self._run, name="tls-proxy", daemon=True)

    def start(self) -> None:
        """Begin to take connections."""
        self._thread.start()

    def stop(self) -> None:
        """End, and with it every connection; returns when they are closed."""
        with contextlib.suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve())
        except OSError:
            _LOG.exception("the encrypted address has ended")

    async def _serve(self) -> None:
        servers = [await asyncio.start_server(self._take, sock=one, limit=CHUNK_BYTES) for one in self._listeners]
        await self._ending.wait()
        for server in servers:
            server.close()
        tasks = [connection.task for connection in self._connections.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection from its beginning to its end; nothing that a stranger does is news for the log."""
        if len(self._connections) >= self._bounds.connections:
            self._make_room()
        this = _Connection(cast(Task[None], asyncio.current_task()), shaking_hands=True, since=self._loop.time())
        self._connections[id(this)] = this
        try:
            writer.transport.set_write_buffer_limits(high=4 * CHUNK_BYTES)
            async with asyncio.timeout(self._bounds.handshake_seconds) as deadline:
                await self._carry(reader, writer, this, deadline)
        except (OSError, TimeoutError, asyncio.CancelledError):  # ssl.SSLError is an OSError
            pass
        finally:
            del self._connections[id(this)]
            writer.transport.abort()

    def _make_room(self) -> None:
        goes = min(self._connections.values(), key=lambda one: (not one.shaking_hands, one.since))
        goes.task.cancel()
        goes.shaking_hands, goes.since = False, math.inf  # it is on its way out: the next turn is another's

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, this: _Connection, deadline: asyncio.Timeout
    ) -> None:
        phone = Encrypted(self._context, reader, writer)
        try:
            await phone.shake_hands()
        except ssl.SSLError as error:
            if error.reason == "HTTP_REQUEST":
                writer.write(_PLAIN_ANSWER)
                await phone.end()
            raise

        def alive() -> None:
            this.shaking_hands, this.since = False, self._loop.time()
            deadline.reschedule(this.since + self._bounds.idle_seconds)

        alive()
        first = await phone.read()  # the panel is not bothered before there is something to tell it
        if not first:
            return
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
            line.setblocking(False)
            line.bind(("127.0.0.1", 0))
            port: int = line.getsockname()[1]
            self._callers.came(port, _address_of(writer))
            try:
                await self._loop.sock_connect(line, ("127.0.0.1", self._door))
                await self._both_ways(phone, line, first, alive)
            finally:
                self._callers.left(port)

    async def _both_ways(self, phone: Encrypted, line: socket.socket, first: bytes, alive: Callable[[], None]) -> None:
        async def to_the_panel() -> None:
            plain = first
            while plain:
                await self._loop.sock_sendall(line, plain)
                alive()
                plain = await phone.read()

        async def to_the_phone() -> None:
            while plain := await self._loop.sock_recv(line, CHUNK_BYTES):
                await phone.write(plain)
                alive()
            await phone.end()

        ways = [asyncio.create_task(to_the_panel()), asyncio.create_task(to_the_phone())]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in done:
                way.result()  # or raises what it ended with
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)


def _address_of(writer: asyncio.StreamWriter) -> str:
    """Return the phone's address. Raises ConnectionError where the phone has left already."""
    peer = writer.get_extra_info("peername")
    if not peer:
        raise ConnectionResetError
    address = ipaddress.ip_address(peer[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
