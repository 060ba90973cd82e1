"""The hub's socket: the panel and the verbs ask, one line each, answered in turn."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore, Event, Thread

import msgspec

from fleet.hub.protocol import LONGEST_LINE_BYTES, Refused, Reply, Request
from speaker.socket.door import Door
from speaker.socket.peers import peer_of

MOST_CONNECTIONS = 32
_IDLE_SECONDS = 60.0
_REST_SECONDS = 1.0
_CHUNK_BYTES = 64 * 1024
_LOG = logging.getLogger(__name__)

_decoder: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_NOT_ALLOWED = Refused(
    zh="您没有权限指挥总站，请让管理员把您的用户加入 xiaolaba 组",
    en="you may not command the hub: have your user added to the group xiaolaba",
)


class HubSocket:
    """Serves ``answer`` at ``path``, to its owner and to members of ``group``. A thread for each connection."""

    def __init__(self, path: Path, answer: Callable[[Request], Reply], group: str | None) -> None:
        self._path = path
        self._answer = answer
        self._group = group
        self._room = BoundedSemaphore(MOST_CONNECTIONS)
        self._closing = Event()

    def start(self) -> None:
        """Open it. Raises DoorClosed with what to do."""
        self._door = Door(self._path, self._group)
        self._door.socket.setblocking(True)
        self._thread = Thread(target=self._take_in, name="hub-socket", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take the socket away; an answer that is being made is finished."""
        self._closing.set()
        with suppress(OSError):  # it waits for nobody any more
            self._door.socket.shutdown(socket.SHUT_RDWR)  # it wakes the thread that waits
        self._thread.join()
        self._door.close()

    def _take_in(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._door.socket.accept()
            except OSError as error:
                if not self._closing.wait(_REST_SECONDS):  # too many open files, most likely
                    _LOG.warning("a connection could not be taken: %s", error)
                continue
            if not self._room.acquire(blocking=False):
                connection.close()
                continue
            Thread(target=self._serve, args=(connection,), name="hub-request", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                connection.settimeout(_IDLE_SECONDS)
                if not peer_of(connection).may_use(os.geteuid(), self._door.group):
                    connection.sendall(_line(_NOT_ALLOWED))
                    return
                while (line := _line_from(connection)) is not None:
                    connection.sendall(_line(self._answered(line)))
        except OSError as error:
            _LOG.debug("a question was broken off: %s", error)
        finally:
            self._room.release()

    def _answered(self, line: bytes) -> Reply:
        try:
            request = _decoder.decode(line)
        except (ValueError, RecursionError) as error:
            complaint = str(error)[:200]
            return Refused(zh=f"请求看不懂：{complaint}", en=f"the request is not one of the protocol: {complaint}")
        try:
            return self._answer(request)
        except Exception:  # noqa: BLE001 - one question must not end the hub; the journal has the trace
            _LOG.exception("%s could not be answered", type(request).__name__)
            return Refused(
                zh="总站内部出错，请看系统日志或重启", en="the hub failed at this: see the journal, or restart it"
            )


def _line(reply: Reply) -> bytes:
    return msgspec.json.encode(reply) + b"\n"


def _line_from(connection: socket.socket) -> bytes | None:
    line = bytearray()
    while not line.endswith(b"\n"):
        if len(line) > LONGEST_LINE_BYTES:
            raise OSError("the line is too long")
        chunk = connection.recv(_CHUNK_BYTES)
        if not chunk:
            return None
        line += chunk
    return bytes(line)
