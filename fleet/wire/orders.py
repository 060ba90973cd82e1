"""An order under its signature: made by the hub, and held to every rule by the device before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from fleet.wire.documents import CHANNELS, Order, Prepare, Say, Stop, decode_order
from fleet.wire.envelope import key_id_in, seal, unseal
from fleet.wire.keys import PublicKey, SigningKey
from fleet.wire.refusals import EnvelopeRefused, Why
from fleet.wire.topics import Inward
from fleet.wire.trusted import Trusted


@dataclass(frozen=True)
class Taken:
    """An order that keeps to the rules. ``again`` says that it was taken before: the broker gave it once more."""

    order: Order
    key_id: bytes
    again: bool


def sign_order(order: Order, key: SigningKey) -> bytes:
    """Return the envelope of ``order``. Raises EnvelopeRefused for one too large."""
    return seal(msgspec.json.encode(order), key)


def read_order(
    payload: bytes,
    channel: Inward,
    *,
    me: str,
    trusted: Trusted,
    highest: Callable[[Inward, tuple[bytes, ...]], int],
    now: datetime | None,
) -> Taken:
    """Return the order in ``payload``, which came to the device ``me`` on ``channel``.

    ``now`` is None where the clock is not to be trusted: then a programme is taken whatever its dates say, and ``Say``
    is not. Nor is a ``Say`` that was given later than it is here, by more than it may be late: this clock is behind by
    at least that, and what is said by it would be heard so much after the rest. ``highest`` tells the highest counter
    that was taken (``Counters.highest``).

    Raises EnvelopeRefused by the first rule that is broken: size, key, signature, form, channel, whose key, for whom,
    the clocks, expiry, counter.
    """
    allowed = trusted.programme + (trusted.urgent if channel is Inward.URGENT else ())
    body = unseal(payload, allowed)
    try:
        order = decode_order(body)
    except (ValueError, RecursionError) as error:
        raise EnvelopeRefused(Why.UNREADABLE) from error
    key_id = key_id_in(payload)
    if CHANNELS[type(order.does)] is not channel:
        raise EnvelopeRefused(Why.WRONG_CHANNEL, order.counter)
    if not may_sign(key_id, order, trusted):
        raise EnvelopeRefused(Why.WRONG_KEY, order.counter)
    if order.to != me:
        raise EnvelopeRefused(Why.NOT_FOR_ME, order.counter)
    if isinstance(order.does, Say) and now is None:
        raise EnvelopeRefused(Why.CLOCK_UNTRUSTED, order.counter)
    if isinstance(order.does, Say) and now is not None and order.issued - now > _late_ok(order.does):
        raise EnvelopeRefused(Why.CLOCK_BEHIND, order.counter)
    if now is not None and now >= order.expires:
        raise EnvelopeRefused(Why.EXPIRED, order.counter)
    last = highest(channel, _ids(allowed))
    if order.counter < last:
        raise EnvelopeRefused(Why.REPLAYED, order.counter)
    return Taken(order, key_id, again=order.counter == last)


def may_sign(key_id: bytes, order: Order, trusted: Trusted) -> bool:
    """Tell whether the key named ``key_id`` may give ``order``: only an urgent one makes something sound at once.

    To fetch a clip and to fall silent harms nobody, so a programme key may order that too: the PIN must not stand
    between a person and silence.
    """
    if isinstance(order.does, Say):
        return key_id in _ids(trusted.urgent)
    if isinstance(order.does, Prepare | Stop):
        return key_id in _ids(trusted.programme + trusted.urgent)
    return key_id in _ids(trusted.programme)


def next_counter(last: int, now: datetime) -> int:
    """Return the counter after ``last``: at least the milliseconds since 1970, so that a restored hub still goes up."""
    return max(last + 1, int(now.timestamp() * 1000))


def _late_ok(say: Say) -> timedelta:
    return timedelta(seconds=say.late_ok_seconds)


def _ids(keys: tuple[PublicKey, ...]) -> tuple[bytes, ...]:
    return tuple(key.id for key in keys)
