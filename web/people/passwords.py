"""Passwords and set-up codes are kept as argon2id hashes only."""

from __future__ import annotations

from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

SHORTEST = 8
LONGEST = 128
# OWASP's second choice for argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# One at a time: four threads at once would take four times the memory, and the Pi has one use for it.
_ONE_AT_A_TIME = Lock()


def hash_of(secret: str) -> str:
    """Return the hash to keep for ``secret``."""
    with _ONE_AT_A_TIME:
        return _HASHER.hash(secret)


def matches(kept: str, secret: str) -> bool:
    """Tell whether ``secret`` is what ``kept`` was made from."""
    with _ONE_AT_A_TIME:
        try:
            return _HASHER.verify(kept, secret)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False


def same_work_for_nobody(secret: str) -> None:
    """Take as long as a real check does, so that time does not tell which user names exist."""
    matches(_NOBODY, secret)


_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$wGFqkV0yYTRZ0v0w0yXoTWtYeOUYW2oC1Wm0nGmK0nI"
