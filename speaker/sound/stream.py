"""Samples read ahead by a thread of their own, so that a slow SD card is not heard."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator

from speaker.sound.blocks import ClipDamaged

READY_BLOCKS = 20  # 2 s are in memory before anything sounds
MOST_BLOCKS = 30  # 3 s, under 300 kB


class Stream:
    """Reads ``blocks`` ahead into a bounded buffer; ``nudge`` is called whenever there is something new.

    ``damage`` is what ended it before its time. Close it when it is no longer wanted.
    """

    def __init__(self, blocks: Iterator[bytes], *, nudge: Callable[[], None]) -> None:
        self.damage: ClipDamaged | None = None
        self._blocks = blocks
        self._nudge = nudge
        self._buffer: deque[bytes] = deque()
        self._room = threading.Condition()
        self._ended = False
        self._closed = False
        self._thread = threading.Thread(target=self._read, name="read-ahead", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether there is enough in memory to begin, or all there is."""
        with self._room:
            return self._ended or len(self._buffer) >= READY_BLOCKS

    @property
    def exhausted(self) -> bool:
        """Whether every block has been taken and no more will come."""
        with self._room:
            return self._ended and not self._buffer

    def take(self) -> bytes:
        """Return the next block, or nothing where the reader has not come that far or is at the end."""
        with self._room:
            block = self._buffer.popleft() if self._buffer else b""
            self._room.notify()
            return block

    def close(self) -> None:
        """Let the reader end; it is not waited for, because a read from a dying SD card can hang."""
        with self._room:
            self._closed = True
            self._buffer.clear()
            self._room.notify()

    def _read(self) -> None:
        try:
            for block in self._blocks:
                if not self._put(block):
                    return
        except ClipDamaged as damage:
            self.damage = damage
        finally:
            with self._room:
                self._ended = True
            self._nudge()

    def _put(self, block: bytes) -> bool:
        with self._room:
            self._room.wait_for(lambda: self._closed or len(self._buffer) < MOST_BLOCKS)
            self._buffer.append(block)
            if self._closed:
                return False
        self._nudge()
        return True
