"""Ed25519 keys: a signing key and the file it is kept in, a public key and what names it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from box.durable import replace_file
from box.sentences import XiaolabaError

KEY_ID_BYTES = 8
SIGNATURE_BYTES = 64


class KeyUnreadable(XiaolabaError):
    """A key's file is not there, or is damaged."""


class PublicKey:
    """A key that checks signatures, by its 32 raw bytes. Raises ValueError for bytes that are no key."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._key = Ed25519PublicKey.from_public_bytes(raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    @property
    def id(self) -> bytes:
        """The first 8 bytes of its SHA-256: what an envelope names it by."""
        return key_id_of(self.raw)

    @property
    def fingerprint(self) -> str:
        """What people compare: the first 16 bytes of its SHA-256 in groups of four digits."""
        digits = hashlib.sha256(self.raw).hexdigest()[:32]
        return " ".join(digits[at : at + 4] for at in range(0, 32, 4))

    def vouches_for(self, signature: bytes, content: bytes) -> bool:
        """Tell whether ``signature`` over ``content`` was made by the key's other half."""
        try:
            self._key.verify(signature, content)
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """A key that signs, by the 32 bytes of its seed."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @classmethod
    def new(cls) -> SigningKey:
        """Return a new key from the machine's randomness."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def seed(self) -> bytes:
        """The secret itself."""
        return self._key.private_bytes_raw()

    @property
    def public(self) -> PublicKey:
        """Its other half."""
        return PublicKey(self._key.public_key().public_bytes_raw())

    def sign(self, content: bytes) -> bytes:
        """Return the signature over ``content``."""
        return self._key.sign(content)


def key_id_of(raw: bytes) -> bytes:
    """Return what an envelope names the key with these raw public bytes by."""
    return hashlib.sha256(raw).digest()[:KEY_ID_BYTES]


def write_key(path: Path, key: SigningKey) -> None:
    """Keep ``key`` at ``path`` durably, for its owner alone: 64 hex digits, so that it can be copied by hand."""
    replace_file(path, key.seed.hex().encode() + b"\n", mode=0o600)


def read_key(path: Path) -> SigningKey:
    """Return the key at ``path``. Raises KeyUnreadable."""
    try:
        return SigningKey(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except (OSError, ValueError) as error:
        raise KeyUnreadable(f"钥匙文件读不出来：{path}", f"the key file can't be read: {path}") from error
