"""One connection to the socket: what has come in, what has to go out, and until when."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from speaker.protocol import LONGEST_LINE_BYTES
from speaker.socket.peers import Peer

_CHUNK_BYTES = 16 * 1024


@dataclass(frozen=True)
class Patience:
    """How long a connection may keep the server waiting, in seconds."""

    line: float = 5.0  # from the first byte of a line to its end, and for a reply to be taken
    idle: float = 30.0  # between a reply and the next line


class Connection:
    """Bytes to lines and replies to bytes, one request at a time, never blocking.

    ``deadline`` is in seconds of the monotonic clock; bytes that trickle in do not move it.
    """

    def __init__(self, sock: socket.socket, peer: Peer, patience: Patience, now: float) -> None:
        self.socket = sock
        self.peer = peer
        self.since = now
        self.deadline = now + patience.idle
        self._patience = patience
        self._incoming = bytearray()
        self._outgoing = memoryview(b"")
        self._is_last = False

    @property
    def unsent_bytes(self) -> int:
        """How much of its reply the peer has not taken yet."""
        return len(self._outgoing)

    @property
    def has_line(self) -> bool:
        """Tell whether a whole request waits."""
        return b"\n" in self._incoming

    @property
    def is_too_long(self) -> bool:
        """Tell whether what came first is longer than a line may be, with or without its end."""
        end = self._incoming.find(b"\n")
        return (len(self._incoming) if end < 0 else end) > LONGEST_LINE_BYTES

    @property
    def is_over(self) -> bool:
        """Tell whether the last reply has gone out."""
        return self._is_last and not self._outgoing

    def take_in(self, now: float) -> bool:
        """Take in what the peer has sent; False when it has hung up. Raises OSError when it is gone."""
        chunk = self.socket.recv(_CHUNK_BYTES)
        if not self._incoming:
            self.deadline = now + self._patience.line
        self._incoming += chunk
        return bool(chunk)

    def next_line(self) -> bytes:
        """Return the first request that waits, without its end."""
        line, _, rest = self._incoming.partition(b"\n")
        self._incoming = rest
        return bytes(line)

    def reply(self, line: bytes, now: float, *, is_last: bool = False) -> None:
        """Begin to send ``line``; after the last one the connection is over."""
        self._outgoing = memoryview(line)
        self._is_last = is_last
        self.deadline = now + self._patience.line
        self.send(now)

    def send(self, now: float) -> None:
        """Send as much of the reply as the peer takes now. Raises OSError when it is gone."""
        try:
            self._outgoing = self._outgoing[self.socket.send(self._outgoing) :]
        except BlockingIOError:
            return
        if not self._outgoing:
            self.deadline = now + (self._patience.line if self._incoming else self._patience.idle)
