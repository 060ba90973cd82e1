"""Keys and the files they are kept in."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.wire.keys import KeyUnreadable, PublicKey, SigningKey, read_key, write_key
from tests.fleet.wire.orders import PROGRAMME, ROOT


def test_a_known_signature() -> None:
    """RFC 8032, 7.1, test 2: other clients sign the same."""
    key = SigningKey(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    assert key.public.raw.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert key.sign(b"\x72").hex().startswith("92a009a9f0d4cab8720e820b5f642540")
    assert key.public.vouches_for(key.sign(b"\x72"), b"\x72")


def test_a_key_is_its_owners_alone(tmp_path: Path) -> None:
    """The file can be read by nobody else, and gives the same key."""
    write_key(tmp_path / "key", PROGRAMME)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert read_key(tmp_path / "key").seed == PROGRAMME.seed


@pytest.mark.parametrize("content", [b"", b"00", b"\xff" * 32, b"g" * 64])
def test_a_damaged_key_gets_a_sentence(tmp_path: Path, content: bytes) -> None:
    """And so does one that is not there."""
    with pytest.raises(KeyUnreadable):
        read_key(tmp_path / "key")
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(KeyUnreadable):
        read_key(tmp_path / "key")


def test_new_keys_differ_and_are_named_by_their_hash() -> None:
    """What an envelope names, and what people compare."""
    assert SigningKey.new().seed != SigningKey.new().seed
    assert ROOT.public.id != PROGRAMME.public.id
    assert len(ROOT.public.id) == 8
    assert len(ROOT.public.fingerprint) == 39
    with pytest.raises(ValueError, match="32"):
        PublicKey(b"short")
