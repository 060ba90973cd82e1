"""The set-up code: what lets the first person in, and back in when the password is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

import msgspec

from box.clock import Clock
from box.durable import replace_file
from web.people.codes import MOST_TRIES, draw, shown, typed
from web.people.passwords import hash_of, matches

LASTS = timedelta(hours=24)


class KeptCode(msgspec.Struct, frozen=True, kw_only=True):
    """What is on the disk: never the code itself."""

    code: str
    expires: datetime
    tries: int = 0


class SetupCode:
    """A code that is good once, for 24 hours and ten tries; a new one takes the place of the old.

    ``hashed`` makes what is kept of it.
    """

    def __init__(self, path: Path, clock: Clock, hashed: Callable[[str], str] = hash_of) -> None:
        self._hashed = hashed
        self._path = path
        self._clock = clock
        self._lock = Lock()

    def issue(self) -> str:
        """Make a new code and return it, as ``1234-5678``; it is not kept in the clear anywhere."""
        digits = draw()
        kept = KeptCode(code=self._hashed(digits), expires=self._clock.now() + LASTS)
        with self._lock:
            self._write(kept)
        return shown(digits)

    def redeem(self, code: str) -> bool:
        """Tell whether ``code`` is the one that was issued; after that, and after ten wrong tries, none is."""
        digits = typed(code)
        with self._lock:
            kept = self._read()
            if kept is None:
                return False
            if kept.tries >= MOST_TRIES or self._clock.now() >= kept.expires:
                self._path.unlink(missing_ok=True)
                return False
            self._write(msgspec.structs.replace(kept, tries=kept.tries + 1))
            if not matches(kept.code, digits):
                return False
            self._path.unlink(missing_ok=True)
            return True

    def _read(self) -> KeptCode | None:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=KeptCode)
        except (FileNotFoundError, ValueError):  # what is damaged counts as not there
            return None

    def _write(self, kept: KeptCode) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, msgspec.json.encode(kept), mode=0o600)
