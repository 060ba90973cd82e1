"""What a device takes, and everything that it does not: the attacks, a row each."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.wire.documents import CHANNELS, Command, Order, Prepare, Say, Stop
from fleet.wire.envelope import HEAD_BYTES, LARGEST_BYTES, seal
from fleet.wire.keys import SigningKey
from fleet.wire.orders import Taken, next_counter, read_order, sign_order
from fleet.wire.refusals import SENTENCES, EnvelopeRefused, Why
from fleet.wire.topics import Inward
from tests.fleet.wire.orders import (
    ACKNOWLEDGED,
    ANSWERS,
    EVERY_COMMAND,
    NOW,
    PREPARE,
    PROGRAMME,
    ROOT,
    SAY,
    SHARED,
    STOP,
    STRANGER,
    TRUSTED,
    URGENT,
    order,
)


def taken(payload: bytes, channel: Inward, *, me: str = "yard-3", last: int = 0, now: datetime | None = NOW) -> Taken:
    """Read as the device ``me`` that has taken ``last``."""
    return read_order(payload, channel, me=me, trusted=TRUSTED, highest=lambda *_: last, now=now)


def right_key(does: Command) -> SigningKey:
    """Return the key that may sign it."""
    return URGENT if isinstance(does, Say) else PROGRAMME


@pytest.mark.parametrize("does", EVERY_COMMAND, ids=lambda does: type(does).__name__)
def test_each_order_arrives_as_it_was_given(does: Command) -> None:
    """What was signed is what is read, whole."""
    given_ = order(does)
    assert taken(sign_order(given_, right_key(does)), CHANNELS[type(does)]).order == given_


@pytest.mark.parametrize("does", [PREPARE, STOP])
@pytest.mark.parametrize("key", [PROGRAMME, URGENT])
def test_either_key_may_fetch_and_silence(does: Prepare | Stop, key: SigningKey) -> None:
    """The PIN does not stand between a person and silence."""
    assert taken(sign_order(order(does), key), Inward.URGENT).order.does == does


@given(at=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_no_byte_can_be_changed(at: int, bit: int) -> None:
    """Whichever bit of an envelope is turned, in key, signature or body, it is refused."""
    payload = bytearray(sign_order(order(SAY), URGENT))
    payload[at % len(payload)] ^= 1 << bit
    with pytest.raises(EnvelopeRefused) as refused:
        taken(bytes(payload), Inward.URGENT)
    assert refused.value.why in {Why.UNKNOWN_KEY, Why.FORGED}


@given(length=st.integers(min_value=0, max_value=len(sign_order(order(SAY), URGENT)) - 1))
def test_no_part_of_an_envelope_counts(length: int) -> None:
    """Cut anywhere, it is refused."""
    with pytest.raises(EnvelopeRefused) as refused:
        taken(sign_order(order(SAY), URGENT)[:length], Inward.URGENT)
    assert refused.value.why in {Why.CUT, Why.FORGED}


@given(st.binary(max_size=400))
def test_noise_is_refused(noise: bytes) -> None:
    """Whatever a foreign publisher sends gets a sentence and nothing else."""
    with pytest.raises(EnvelopeRefused):
        taken(noise, Inward.PROGRAMME)


@given(st.binary(max_size=200))
def test_a_signature_over_nonsense_is_refused(body: bytes) -> None:
    """Even the right key makes no order of bytes that are none."""
    with pytest.raises(EnvelopeRefused) as refused:
        taken(seal(body, PROGRAMME), Inward.PROGRAMME)
    assert refused.value.why in {Why.UNREADABLE, Why.CUT}


SIGNED_SAY = sign_order(order(SAY), URGENT)
ATTACKS = {
    "too large": (bytes(LARGEST_BYTES + 1), Inward.PROGRAMME, {}, Why.TOO_LARGE),
    "empty": (b"", Inward.PROGRAMME, {}, Why.CUT),
    "head without body": (SIGNED_SAY[:HEAD_BYTES], Inward.URGENT, {}, Why.CUT),
    "a stranger's key": (sign_order(order(SHARED), STRANGER), Inward.PROGRAMME, {}, Why.UNKNOWN_KEY),
    "the root's key, which orders nothing": (sign_order(order(SHARED), ROOT), Inward.PROGRAMME, {}, Why.UNKNOWN_KEY),
    "a stranger's signature under our key's id": (
        PROGRAMME.public.id + sign_order(order(SHARED), STRANGER)[8:],
        Inward.PROGRAMME,
        {},
        Why.FORGED,
    ),
    "a signature without our context": (
        PROGRAMME.public.id + PROGRAMME.sign(b"{}") + b"{}",
        Inward.PROGRAMME,
        {},
        Why.FORGED,
    ),
    "a field that we don't know": (
        seal(sign_order(order(STOP), PROGRAMME)[HEAD_BYTES:-1] + b',"but":1}', PROGRAMME),
        Inward.URGENT,
        {},
        Why.UNREADABLE,
    ),
    "urgent by the programme's key": (sign_order(order(SAY), PROGRAMME), Inward.URGENT, {}, Why.WRONG_KEY),
    "a programme by the urgent key": (sign_order(order(SHARED), URGENT), Inward.PROGRAMME, {}, Why.UNKNOWN_KEY),
    "urgent on the programme's topic": (sign_order(order(STOP), PROGRAMME), Inward.PROGRAMME, {}, Why.WRONG_CHANNEL),
    "an answer on the topic of acknowledgements": (
        sign_order(order(ANSWERS), PROGRAMME),
        Inward.ACKNOWLEDGED,
        {},
        Why.WRONG_CHANNEL,
    ),
    "another device's": (SIGNED_SAY, Inward.URGENT, {"me": "yard-4"}, Why.NOT_FOR_ME),
    "expired": (SIGNED_SAY, Inward.URGENT, {"now": NOW + timedelta(hours=1)}, Why.EXPIRED),
    "expired programme": (
        sign_order(order(SHARED), PROGRAMME),
        Inward.PROGRAMME,
        {"now": NOW + timedelta(days=2)},
        Why.EXPIRED,
    ),
    "urgent while nobody knows the time": (SIGNED_SAY, Inward.URGENT, {"now": None}, Why.CLOCK_UNTRUSTED),
    "urgent where the clock is behind by more than it may be late": (
        SIGNED_SAY,
        Inward.URGENT,
        {"now": NOW - timedelta(seconds=2.1)},
        Why.CLOCK_BEHIND,
    ),
    "replay": (SIGNED_SAY, Inward.URGENT, {"last": 11}, Why.REPLAYED),
    "yesterday's programme": (sign_order(order(SHARED), PROGRAMME), Inward.PROGRAMME, {"last": 11}, Why.REPLAYED),
    "acknowledgement replayed": (
        sign_order(order(ACKNOWLEDGED), PROGRAMME),
        Inward.ACKNOWLEDGED,
        {"last": 11},
        Why.REPLAYED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(name: str) -> None:
    """Each is refused, by the reason that is true of it."""
    payload, channel, circumstances, why = ATTACKS[name]
    with pytest.raises(EnvelopeRefused) as refused:
        taken(payload, channel, **circumstances)  # type: ignore[arg-type]  # a table of keywords
    assert refused.value.why is why


def test_what_comes_again_is_known_as_such() -> None:
    """The broker hands on a retained order at each reconnection: it is no attack, and not a new order either."""
    assert taken(SIGNED_SAY, Inward.URGENT, last=10).again
    assert not taken(SIGNED_SAY, Inward.URGENT, last=9).again


@pytest.mark.parametrize("does", [SHARED, STOP, PREPARE, ACKNOWLEDGED], ids=lambda does: type(does).__name__)
def test_without_a_clock_what_harms_nobody_is_taken(does: Command) -> None:
    """A box that has just come up without a network clock gets its programme, and can be silenced."""
    late: Order = order(does, hours=-1)
    assert taken(sign_order(late, right_key(does)), CHANNELS[type(does)], now=None).order == late


def test_a_clock_that_is_a_little_behind_keeps_nothing_from_being_said() -> None:
    """Two clocks are never one: what would be late by no more than it may be is said."""
    assert taken(SIGNED_SAY, Inward.URGENT, now=NOW - timedelta(seconds=2)).order.does == SAY
    assert taken(sign_order(order(STOP), PROGRAMME), Inward.URGENT, now=NOW - timedelta(hours=1)).order.does == STOP


def test_an_order_too_large_is_never_signed() -> None:
    """The hub learns it when it signs, not from 37 refusals."""
    with pytest.raises(EnvelopeRefused) as refused:
        seal(bytes(LARGEST_BYTES), PROGRAMME)
    assert refused.value.why is Why.TOO_LARGE


@given(last=st.integers(min_value=0, max_value=2**52), seconds=st.integers(min_value=-(10**9), max_value=10**9))
def test_a_counter_always_goes_up(last: int, seconds: int) -> None:
    """Whatever the hub's clock says, the next is above the last; with a right clock above all of before."""
    now = NOW + timedelta(seconds=seconds)
    following = next_counter(last, now)
    assert following > last
    assert following >= int(now.timestamp() * 1000)


def test_every_reason_has_its_sentence() -> None:
    """A refusal can always be shown to a person."""
    assert set(SENTENCES) == set(Why)
