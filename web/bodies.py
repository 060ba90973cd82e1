"""What comes with requests, while it comes: anybody may send it, so what they all send together is bounded.

waitress lays a large body down in a file before our code sees the request, and so before anybody is asked who they are.
20 strangers with a body each that never ended had 400 MB written (measured); with 1,000 the storage would be full.
"""

from __future__ import annotations

from weakref import WeakSet

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

from box.sentences import Sentence

SMALL_BYTES = 64 * 1024  # what a form of ours takes; it comes in whatever else does
MOST_BYTES = 72 * 1024 * 1024  # three of the largest recordings at a time
_TOO_MUCH = Sentence(
    "正在传的东西太多，请过一分钟再传", "too much is being sent at the moment: please try again in a minute"
)


class Bodies:
    """The large bodies that are on their way in, or wait for a thread; together they hold ``most_bytes`` at most."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._large: WeakSet[HTTPRequestParser] = WeakSet()

    def channel(self) -> type[HTTPChannel]:
        """Return the kind of connection that keeps to it: each is refused that would be one too much."""
        bodies = self

        class Request(HTTPRequestParser):
            def received(self, data: bytes) -> int:
                consumed = super().received(data)
                if self.body_bytes_received > SMALL_BYTES and not bodies.have_room_for(self):
                    self.error = RequestEntityTooLarge(_TOO_MUCH.text())
                    self.completed = True
                return consumed

        class Channel(HTTPChannel):
            parser_class = Request

        return Channel

    def have_room_for(self, request: HTTPRequestParser) -> bool:
        """Count ``request`` with what it holds now; tell whether all of them are within the bound."""
        self._large.add(request)
        return sum(one.body_bytes_received for one in self._large) <= self._most_bytes
