"""The speaker's socket: requests of the panel and the command, one line each, answered in turn.

One thread and one selector serve everybody: memory does not grow with connections, and a peer that is slow or
silent only makes itself wait.
"""

from __future__ import annotations

import logging
import os
import selectors
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import msgspec

from box.clock import Clock, SystemClock
from speaker.airing import Reason
from speaker.protocol import BeQuiet, EndQuiet, Play, ProposeTime, Refused, Reply, Request, Stop, Unreadable
from speaker.socket.connection import Connection, Patience
from speaker.socket.door import Door
from speaker.socket.lines import NOT_ALLOWED, TOO_LONG, line_of, request_in
from speaker.socket.peers import Peer, peer_of

logger = logging.getLogger(__name__)

MOST_CONNECTIONS = 16
MOST_UNSENT_BYTES = 8 * 1024 * 1024  # replies that nobody takes; some three full pages of records
_LONGEST_NAME = 64  # protocol.Who


class SocketServer:
    """Answers requests at ``path`` with ``answer``, which may take as long as the storage but not hang.

    The file is shared with ``group`` where it exists, else it is its owner's alone, and every peer's
    credentials are checked besides. Of more than ``most_connections`` the oldest one of the user who holds the
    most gives way to the new one, so that a flood leaves the server answering. A request that does not say who
    asks gets the name of the peer's user.
    """

    def __init__(
        self,
        path: Path,
        answer: Callable[[Request], Reply],
        *,
        group: str | None = None,
        clock: Clock | None = None,
        most_connections: int = MOST_CONNECTIONS,
        patience: Patience | None = None,
    ) -> None:
        self._path = path
        self._answer = answer
        self._group = group
        self._clock = clock or SystemClock()
        self._most_connections = most_connections
        self._patience = patience or Patience()
        self._connections: list[Connection] = []
        self._closing = False
        self._thread: Thread | None = None

    @property
    def is_serving(self) -> bool:
        """Tell whether the server's thread lives: what a watchdog asks."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def has_started(self) -> bool:
        """Tell whether it was ever started."""
        return self._thread is not None

    def start(self) -> None:
        """Open the socket and serve it. Raises DoorClosed with what to do, SpeakerAlreadyRuns among it."""
        self._door = Door(self._path, self._group)
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._door.socket, selectors.EVENT_READ)
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._thread = Thread(target=self._serve, name="socket", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up on everybody and take the socket away; an answer that is being made is waited for."""
        if self._thread is None:
            return
        self._closing = True
        os.eventfd_write(self._wake, 1)
        self._thread.join()
        for connection in tuple(self._connections):
            self._drop(connection)
        self._selector.close()
        os.close(self._wake)
        self._door.close()

    def _serve(self) -> None:
        while True:
            for key, events in self._selector.select(self._wait_seconds()):
                if self._closing:
                    return
                if key.fileobj is self._door.socket:
                    self._welcome()
                elif key.data in self._connections:  # not dropped earlier in this turn
                    self._attend(key.data, events)
            if self._closing:
                return
            now = self._clock.monotonic()
            for connection in [one for one in self._connections if one.deadline <= now]:
                self._drop(connection)

    def _wait_seconds(self) -> float | None:
        """Return how long until somebody's patience ends: for ever while nobody is connected."""
        if not self._connections:
            return None
        return max(0.0, min(one.deadline for one in self._connections) - self._clock.monotonic())

    def _welcome(self) -> None:
        try:
            sock, _ = self._door.socket.accept()
        except OSError as error:
            logger.warning("a connection could not be taken: %s", error)
            if self._connections:  # too many open files, most likely
                self._drop(self._who_gives_way())
            return
        sock.setblocking(False)
        now = self._clock.monotonic()
        try:
            connection = Connection(sock, peer_of(sock), self._patience, now)
            if not connection.peer.may_use(os.geteuid(), self._door.group):
                logger.warning("user %s was turned away from the socket", connection.peer.name)
                connection.reply(line_of(NOT_ALLOWED), now, is_last=True)
                sock.close()
                return
        except OSError as error:
            logger.info("a connection went away at once: %s", error)
            sock.close()
            return
        if len(self._connections) >= self._most_connections:
            self._drop(self._who_gives_way())
        self._connections.append(connection)
        self._selector.register(sock, selectors.EVENT_READ, connection)

    def _who_gives_way(self) -> Connection:
        held = Counter(connection.peer.uid for connection in self._connections)
        return max(self._connections, key=lambda one: (held[one.peer.uid], -one.since))

    def _attend(self, connection: Connection, events: int) -> None:
        """Do one thing for ``connection``, so that nobody's pile of requests keeps the others waiting."""
        now = self._clock.monotonic()
        try:
            if connection.unsent_bytes:
                connection.send(now)
            elif events & selectors.EVENT_READ and not connection.has_line and not connection.take_in(now):
                self._drop(connection)
                return
            if connection.unsent_bytes == 0 and not connection.is_over:
                self._reply(connection)
        except OSError as error:
            logger.info("a connection went away: %s", error)
            self._drop(connection)
            return
        if connection.is_over:
            self._drop(connection)
            return
        busy = connection.unsent_bytes or connection.has_line
        self._selector.modify(connection.socket, selectors.EVENT_WRITE if busy else selectors.EVENT_READ, connection)

    def _reply(self, connection: Connection) -> None:
        if connection.is_too_long:
            connection.reply(line_of(TOO_LONG), self._clock.monotonic(), is_last=True)
        elif connection.has_line:
            line = line_of(self._answered(connection.next_line(), connection.peer))
            connection.reply(line, self._clock.monotonic())
            self._keep_unsent_bounded()

    def _answered(self, line: bytes, peer: Peer) -> Reply:
        request = request_in(line)
        if isinstance(request, Unreadable):
            return request
        if isinstance(request, Play | Stop | ProposeTime | BeQuiet | EndQuiet) and not request.who:
            request = msgspec.structs.replace(request, who=peer.name[:_LONGEST_NAME])
        try:
            return self._answer(request)
        except Exception:  # a fault behind the socket must not take the socket away from everybody
            logger.exception("a request could not be answered")
            return Refused(
                reason=Reason.NONE,
                zh="播音程序内部出错，没有执行；请再试一次，仍不行请重新启动设备",
                en="the speaker failed inside and did nothing: try again, and restart the box if it stays so",
            )

    def _keep_unsent_bounded(self) -> None:
        while sum(one.unsent_bytes for one in self._connections) > MOST_UNSENT_BYTES:
            self._drop(max(self._connections, key=lambda one: one.unsent_bytes))

    def _drop(self, connection: Connection) -> None:
        self._connections.remove(connection)
        self._selector.unregister(connection.socket)
        connection.socket.close()
