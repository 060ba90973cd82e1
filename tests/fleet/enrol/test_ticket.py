"""The ticket, the proof, and the six digits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.enrol.ticket import Ticket, TicketInvalid, decode_ticket, encode_ticket, proof_of, six_digits

TICKET = Ticket(
    hosts=("192.168.1.10", "hub.local"),
    port=8445,
    authority=bytes(32),
    root=bytes([7]) * 32,
    id="0123456789abcdef",
    secret=bytes([1]) * 16,
    name="yard-3",
    zone="三号院",
    expires=datetime(2026, 11, 26, 8, tzinfo=UTC),
)


def test_a_ticket_fits_on_a_screen_and_is_read_as_it_was_written() -> None:
    """As a QR code of bytes it needs version 14 of 40: a phone reads that from a screen."""
    content = encode_ticket(TICKET)
    assert decode_ticket(content) == TICKET
    assert len(content) < 400


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[" * 5000,
        b"[" * 4000,
        b"\xff\xfe",
        encode_ticket(TICKET)[:-1],
        encode_ticket(TICKET).replace(b"yard-3", b"a/../b"),
        encode_ticket(TICKET).replace(b"192.168.1.10", b"evil host"),
        encode_ticket(TICKET).replace(b'"version":1', b'"version":2'),
        encode_ticket(TICKET).replace(b"0123456789abcdef", b"'; drop tickets"),
    ],
)
def test_what_is_no_ticket_gets_a_sentence(content: bytes) -> None:
    """Anybody may hand in a stick."""
    with pytest.raises(TicketInvalid):
        decode_ticket(content)


@given(st.binary(min_size=16, max_size=16), st.binary(max_size=99), st.binary(min_size=32, max_size=32))
def test_the_digits_are_six_and_the_same_on_both_screens(secret: bytes, public: bytes, root: bytes) -> None:
    """Leading zeros among them."""
    digits = six_digits(secret, public, root)
    assert len(digits) == 6
    assert digits.isdecimal()
    assert digits == six_digits(secret, public, root)


def test_each_of_what_counts_changes_digits_and_proof() -> None:
    """Another box's key, another root, another ticket."""
    secret, other = bytes(16), bytes([1]) * 16
    assert len({six_digits(secret, b"k", b"r"), six_digits(other, b"k", b"r"), six_digits(secret, b"l", b"r")}) == 3
    assert six_digits(secret, b"k", b"r") != six_digits(secret, b"k", b"s")
    proofs = {proof_of(secret, "a", b"r"), proof_of(other, "a", b"r"), proof_of(secret, "b", b"r")}
    assert len(proofs | {proof_of(secret, "a", b"s")}) == 4
