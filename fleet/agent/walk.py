"""The walk-round in the yard: a stick's orders are followed as the broker's are, and the records laid ready for it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from box.clock import Clock
from box.durable import replace_file
from fleet.agent.audio import GivenUp
from fleet.agent.clips import Audio
from fleet.wire.documents import Travels
from fleet.wire.envelope import LARGEST_BYTES
from fleet.wire.topics import Inward
from fleet.wire.walk import AUDIO, BACK, CARRIED
from programme.foreign import open_foreign, read_foreign
from programme.publication import PublicationInvalid

WALK, COMING = "walk", "in"
PATIENCE_SECONDS = 90.0  # for the clips to be decoded; what is not done then is done after the stick has gone
LARGEST_FLAC_BYTES = 120 * 1024 * 1024
_LOG = logging.getLogger(__name__)


class WalkRound:
    """Looks whether ``room/walk/in`` is there, which whoever carries the stick's content puts there whole.

    ``take`` follows an envelope, ``is_done`` tells whether all that was ordered is laid ready, ``back`` makes what goes
    back with the stick. When that lies at ``room/walk/back``, ``in`` is gone.
    """

    def __init__(
        self,
        room: Path,
        clock: Clock,
        *,
        take: Callable[[Inward, bytes], None],
        is_done: Callable[[], bool],
        back: Callable[[], bytes],
    ) -> None:
        self._folder = room / WALK
        self._clock = clock
        self._take = take
        self._is_done = is_done
        self._back = back
        self._until: float | None = None

    def step(self) -> None:
        """Follow what a stick has brought, or lay ready what goes back with it. Raises OSError."""
        coming = self._folder / COMING
        if not coming.is_dir():
            self._until = None
            return
        if self._until is None:
            self._until = self._clock.monotonic() + PATIENCE_SECONDS
            for channel in CARRIED:
                self._follow(coming, channel)
        elif self._is_done() or self._clock.monotonic() >= self._until:
            replace_file(self._folder / BACK, self._back())
            shutil.rmtree(coming)
            self._until = None

    def _follow(self, coming: Path, channel: Inward) -> None:
        try:
            payload = read_foreign(coming, channel, most_bytes=LARGEST_BYTES)
        except (FileNotFoundError, PublicationInvalid) as error:
            _LOG.info("the stick has no %s: %s", channel, error)
            return
        self._take(channel, payload)


class StickFirst:
    """A hub's audio that is looked for on the stick before the network is asked."""

    def __init__(self, room: Path, otherwise: Audio) -> None:
        self._folder = room / WALK / COMING
        self._otherwise = otherwise

    def fetch(self, travels: Travels, target: Path, wanted: Callable[[], bool]) -> None:
        """Bring it from the stick, or as ``otherwise`` does; its hash is for the caller to hold it to."""
        try:
            with open_foreign(
                self._folder, AUDIO, f"{travels.sha256}.flac", most_bytes=min(travels.size, LARGEST_FLAC_BYTES)
            ) as flac:
                if not wanted():
                    raise GivenUp
                replace_file(target, flac.read(travels.size), mode=0o600)
        except (FileNotFoundError, PublicationInvalid):
            self._otherwise.fetch(travels, target, wanted)
