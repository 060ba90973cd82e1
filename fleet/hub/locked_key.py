"""The urgent key, locked with a PIN: ChaCha20-Poly1305 under what argon2id makes of it.

Who has the disk can try PINs on a machine of his own: six digits last him days, not for ever. Where a disk is gone, the
root key names another urgent key.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from msgspec import Meta

from box.durable import replace_file
from box.sentences import XiaolabaError
from fleet.wire.keys import KeyUnreadable, SigningKey

SHORTEST_PIN, LONGEST_PIN = 6, 12
_BOUND = b"xiaolaba urgent key 1"
_MOST_MEMORY_KIB = 256 * 1024


class WrongPin(XiaolabaError):
    """The PIN does not open the urgent key."""

    def __init__(self) -> None:
        super().__init__("紧急口令不对，请再试", "the PIN is wrong, please try again")


class PinUnfit(XiaolabaError):
    """A PIN that is too short, or not of digits."""


class Locked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: the locked seed, and what it takes besides the PIN to open it (RFC 9106; memory in KiB)."""

    salt: Annotated[bytes, Meta(min_length=16, max_length=16)]
    nonce: Annotated[bytes, Meta(min_length=12, max_length=12)]
    sealed: Annotated[bytes, Meta(min_length=48, max_length=48)]
    passes: Annotated[int, Meta(ge=1, le=20)]
    memory_kib: Annotated[int, Meta(ge=8, le=_MOST_MEMORY_KIB)]


def lock_key(path: Path, key: SigningKey, pin: str, *, passes: int = 4, memory_kib: int = 64 * 1024) -> None:
    """Keep ``key`` at ``path``, locked. The usual work takes 0.15 s here, and about 2 s on a Pi 3 (reckoned).

    Raises PinUnfit, OSError.
    """
    if not (SHORTEST_PIN <= len(pin) <= LONGEST_PIN and pin.isascii() and pin.isdecimal()):
        raise PinUnfit(
            f"紧急口令要 {SHORTEST_PIN} 到 {LONGEST_PIN} 位数字",
            f"the PIN has {SHORTEST_PIN} to {LONGEST_PIN} digits",
        )
    if len(set(pin)) < 3:
        raise PinUnfit("紧急口令太简单，请换一个", "the PIN is too simple, please take another")
    salt, nonce = os.urandom(16), os.urandom(12)
    opener = ChaCha20Poly1305(_stretched(pin, salt, passes, memory_kib))
    locked = Locked(
        salt=salt,
        nonce=nonce,
        sealed=opener.encrypt(nonce, key.seed, _BOUND),
        passes=passes,
        memory_kib=memory_kib,
    )
    replace_file(path, msgspec.json.encode(locked), mode=0o600)


def unlock_key(path: Path, pin: str) -> SigningKey:
    """Return the key at ``path``. Raises WrongPin, KeyUnreadable."""
    try:
        locked = msgspec.json.decode(path.read_bytes(), type=Locked)
    except (OSError, ValueError, RecursionError) as error:
        raise KeyUnreadable(f"紧急钥匙读不出来：{path}", f"the urgent key can't be read: {path}") from error
    try:
        opener = ChaCha20Poly1305(_stretched(pin[: LONGEST_PIN + 1], locked.salt, locked.passes, locked.memory_kib))
        return SigningKey(opener.decrypt(locked.nonce, locked.sealed, _BOUND))
    except InvalidTag as error:
        raise WrongPin from error


def _stretched(pin: str, salt: bytes, passes: int, memory_kib: int) -> bytes:
    return hash_secret_raw(
        pin.encode(), salt, time_cost=passes, memory_cost=memory_kib, parallelism=1, hash_len=32, type=Type.ID
    )
