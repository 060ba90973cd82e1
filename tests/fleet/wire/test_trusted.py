"""Which keys count: by the root's word, and never by an older word of it."""

from __future__ import annotations

import msgspec
import pytest

from fleet.wire.documents import KeySet
from fleet.wire.envelope import seal
from fleet.wire.orders import read_order, sign_order
from fleet.wire.refusals import EnvelopeRefused, Why
from fleet.wire.topics import Inward
from fleet.wire.trusted import Trusted, sign_key_set
from tests.fleet.wire.orders import KEYS, NOW, PROGRAMME, ROOT, SHARED, STRANGER, TRUSTED, URGENT, order

NEWER = KeySet(serial=2, issued=NOW, programme=(STRANGER.public.raw,), urgent=(URGENT.public.raw,))


def test_the_first_set_and_a_newer_one_are_taken() -> None:
    """A device begins with the root alone."""
    first = Trusted(ROOT.public).with_newer(sign_key_set(KEYS, ROOT))
    assert first == TRUSTED
    assert first.with_newer(sign_key_set(NEWER, ROOT)).keys == NEWER


def test_before_the_first_set_nobody_orders() -> None:
    """Not even the root."""
    for key in (PROGRAMME, ROOT):
        with pytest.raises(EnvelopeRefused) as refused:
            read_order(
                sign_order(order(SHARED), key),
                Inward.PROGRAMME,
                me="yard-3",
                trusted=Trusted(ROOT.public),
                highest=lambda *_: 0,
                now=NOW,
            )
        assert refused.value.why is Why.UNKNOWN_KEY


def test_an_old_key_is_refused_after_the_rotation() -> None:
    """Who has a stolen disk of the hub's signs in vain."""
    rotated = TRUSTED.with_newer(sign_key_set(NEWER, ROOT))
    with pytest.raises(EnvelopeRefused) as refused:
        read_order(
            sign_order(order(SHARED), PROGRAMME),
            Inward.PROGRAMME,
            me="yard-3",
            trusted=rotated,
            highest=lambda *_: 0,
            now=NOW,
        )
    assert refused.value.why is Why.UNKNOWN_KEY


def test_an_old_set_does_not_come_back() -> None:
    """Rollback: the set before, rightly signed, is refused; the one that is known is no news."""
    rotated = TRUSTED.with_newer(sign_key_set(NEWER, ROOT))
    assert rotated.with_newer(sign_key_set(NEWER, ROOT)) is rotated
    with pytest.raises(EnvelopeRefused) as refused:
        rotated.with_newer(sign_key_set(KEYS, ROOT))
    assert refused.value.why is Why.REPLAYED


def test_another_set_of_the_same_serial_is_refused() -> None:
    """Two sets can't both be the second."""
    other = msgspec.structs.replace(KEYS, urgent=(STRANGER.public.raw,))
    with pytest.raises(EnvelopeRefused) as refused:
        TRUSTED.with_newer(sign_key_set(other, ROOT))
    assert refused.value.why is Why.REPLAYED


@pytest.mark.parametrize("key", [PROGRAMME, URGENT, STRANGER])
def test_only_the_root_names_keys(key: object) -> None:
    """A stolen hub can't make itself the one that counts."""
    with pytest.raises(EnvelopeRefused) as refused:
        TRUSTED.with_newer(sign_key_set(NEWER, key))  # type: ignore[arg-type]  # pytest hands on objects
    assert refused.value.why is Why.UNKNOWN_KEY


def test_an_order_is_no_set_of_keys() -> None:
    """What the root signed as one thing is never read as another."""
    with pytest.raises(EnvelopeRefused) as refused:
        TRUSTED.with_newer(seal(msgspec.json.encode(order(SHARED)), ROOT))
    assert refused.value.why is Why.UNREADABLE
