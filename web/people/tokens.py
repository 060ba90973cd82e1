"""接口令牌: keys for programs. Each belongs to a user, can do what they may, and is kept as a hash only."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from threading import Lock

import msgspec

from box.guarded import Guarded
from box.sentences import XiaolabaError
from web.people.users import digest_of

MOST_TOKENS = 20  # of one user
LONGEST_NAME = 40
_SIGN = "xlb_"  # so that who finds one in a file knows what it is


class TooManyTokens(XiaolabaError):
    """A user has so many already."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was made. ``owner`` is the user whose rights it has."""

    id: str
    name: str
    owner: str
    sha256: str
    made: datetime


class Tokens:
    """The tokens' file, read anew each time; where it is damaged its last good copy counts."""

    def __init__(self, path: Path) -> None:
        self._file = Guarded(path, msgspec.json.Decoder(tuple[Token, ...]).decode)
        self._lock = Lock()

    def of(self, owner: str) -> tuple[Token, ...]:
        """Return the tokens of a user, the oldest first."""
        return tuple(token for token in self._read() if token.owner == owner)

    def make(self, name: str, owner: str, now: datetime) -> str:
        """Make a token and return it; it is kept in the clear nowhere. Raises TooManyTokens."""
        key = _SIGN + secrets.token_urlsafe(32)
        made = Token(id=secrets.token_urlsafe(9), name=name, owner=owner, sha256=digest_of(key), made=now)
        with self._lock:
            if len(self.of(owner)) >= MOST_TOKENS:
                raise TooManyTokens(
                    f"最多 {MOST_TOKENS} 个令牌，请先收回不用的。", f"At most {MOST_TOKENS} tokens; revoke one first."
                )
            self._write((*self._read(), made))
        return key

    def revoke(self, token_id: str, owner: str) -> str:
        """Make that token of ``owner`` worth nothing; return its name, empty where there is none."""
        with self._lock:
            had = self._read()
            gone = next((token for token in had if (token.id, token.owner) == (token_id, owner)), None)
            if gone is not None:
                self._write(tuple(token for token in had if token is not gone))
        return gone.name if gone else ""

    def revoke_all(self, owner: str) -> None:
        """Make all tokens of a user worth nothing: they were removed, or somebody else may have had their password."""
        with self._lock:
            had = self._read()
            if any(token.owner == owner for token in had):
                self._write(tuple(token for token in had if token.owner != owner))

    def who_has(self, key: str) -> str | None:
        """Return the user whose token ``key`` is, or None."""
        digest = digest_of(key)
        for token in self._read():
            if secrets.compare_digest(token.sha256, digest):
                return token.owner
        return None

    def _read(self) -> tuple[Token, ...]:
        return self._file.read() or ()

    def _write(self, tokens: tuple[Token, ...]) -> None:
        self._file.write(msgspec.json.encode(tokens))
