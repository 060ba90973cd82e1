"""What is to be sent and what is under way: so much at once, the rest in line, and nothing is lost in between."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message for the broker. ``each``: one that is kept, too, does not take the place of those before it."""

    topic: str
    payload: bytes
    retain: bool
    each: bool = False


class WaitingLine:
    """Hands ``send`` what is put in, in that order, while it is open and at most ``most`` are under way.

    Of what the broker is to keep for a topic, the newest alone waits; of those of which ``each`` counts, the same once,
    behind the others. Any thread may ask anything of it. ``opened`` and
    ``came`` wait for nobody: they are called on the thread without which ``send`` would not return.
    """

    def __init__(self, send: Callable[[Outgoing], None], *, most: int) -> None:
        self._send = send
        self._most = most
        self._line: OrderedDict[object, Outgoing] = OrderedDict()
        self._under_way = 0
        self._is_open = False
        self._lock = Lock()  # held for a moment, never while something is sent
        self._sending = Lock()  # one at a time, which keeps the order

    def __len__(self) -> int:
        """Return how many are in line, those under way not counted."""
        return len(self._line)

    def put(self, outgoing: Outgoing) -> None:
        """Send it now, or when there is room. What is sent when this returns is on its way before what is put later."""
        key: object = object()
        if outgoing.retain:
            key = (outgoing.topic, outgoing.payload) if outgoing.each else outgoing.topic
        with self._lock:
            self._line.pop(key, None)
            self._line[key] = outgoing
        self._go_on(blocking=True)

    def opened(self) -> None:
        """Begin to send."""
        self._is_open = True
        self._go_on(blocking=False)

    def shut(self) -> None:
        """Send nothing until it is opened again. What is under way stays so."""
        self._is_open = False

    def came(self) -> None:
        """Hear that one of those under way has come."""
        with self._lock:
            self._under_way -= 1
        self._go_on(blocking=False)

    def _go_on(self, *, blocking: bool) -> None:
        # Looked at once more after each turn: who came meanwhile and found another sending left it to that one.
        while self._may_send() and self._sending.acquire(blocking=blocking):
            try:
                while (first := self._first()) is not None:
                    self._send(first)
            finally:
                self._sending.release()

    def _first(self) -> Outgoing | None:
        with self._lock:
            if not self._may_send():
                return None
            self._under_way += 1
            return self._line.popitem(last=False)[1]

    def _may_send(self) -> bool:
        return self._is_open and bool(self._line) and self._under_way < self._most
