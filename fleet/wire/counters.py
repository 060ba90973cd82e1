"""The highest counter that was taken, on disk before anything is done: what was sent once is never done twice.

They are kept for each channel and key. A stolen key can so spend only its own numbers, and rotating it away gives them
back; and what another key of the set said later still counts, or a delayed ``Say`` would follow a ``Stop``.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Annotated

import msgspec
from msgspec import Meta

from box.guarded import Guarded
from fleet.wire.bounded import Counter, Payload
from fleet.wire.topics import Inward


class Highest(Payload, frozen=True, kw_only=True):
    """The highest counters, by channel and the key's id in hex digits."""

    highest: Annotated[dict[Inward, dict[str, Counter]], Meta(max_length=8)]


class Counters:
    """The file ``path``. One that is damaged counts as it was when it was last good.

    Raises OSError where it can't be read or written: then nothing may be done.
    """

    def __init__(self, path: Path) -> None:
        self._file: Guarded[Highest] = Guarded(path, msgspec.json.Decoder(Highest).decode)
        self._lock = Lock()
        self._known = self._file.read() or Highest(highest={})

    def highest(self, channel: Inward, key_ids: tuple[bytes, ...]) -> int:
        """Return the highest that was taken on ``channel`` from any of these keys, 0 if none was."""
        by_key = self._known.highest.get(channel, {})
        return max((by_key.get(key_id.hex(), 0) for key_id in key_ids), default=0)

    def take(self, channel: Inward, key_id: bytes, counter: int) -> None:
        """Keep ``counter`` as taken; it is on disk when this returns."""
        with self._lock:
            of_channel = {**self._known.highest.get(channel, {}), key_id.hex(): counter}
            newer = Highest(highest={**self._known.highest, channel: of_channel})
            self._file.write(msgspec.json.encode(newer))
            self._known = newer

    def forget_but(self, key_ids: frozenset[bytes]) -> None:
        """Forget the counters of keys that no longer count, so that the file stays small."""
        kept = {key_id.hex() for key_id in key_ids}
        with self._lock:
            newer = Highest(
                highest={
                    channel: {name: counter for name, counter in by_key.items() if name in kept}
                    for channel, by_key in self._known.highest.items()
                }
            )
            if newer != self._known:
                self._file.write(msgspec.json.encode(newer))
                self._known = newer
