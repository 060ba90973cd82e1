"""The envelope: a key's id, a signature, and the exact bytes that were signed. There is no canonical form to get wrong.

``key id (8) ‖ Ed25519 signature (64) over CONTEXT ‖ body ‖ body (UTF-8 JSON)``
"""

from __future__ import annotations

from collections.abc import Iterable

from fleet.wire.bounded import LARGEST_BODY_BYTES
from fleet.wire.keys import KEY_ID_BYTES, SIGNATURE_BYTES, PublicKey, SigningKey
from fleet.wire.refusals import EnvelopeRefused, Why

CONTEXT = b"xiaolaba fleet 1\n"  # a signature of this key for anything else is none here
HEAD_BYTES = KEY_ID_BYTES + SIGNATURE_BYTES
LARGEST_BYTES = HEAD_BYTES + LARGEST_BODY_BYTES


def seal(body: bytes, key: SigningKey) -> bytes:
    """Return ``body`` in an envelope signed by ``key``. Raises EnvelopeRefused for one that nobody would take."""
    if len(body) > LARGEST_BODY_BYTES:
        raise EnvelopeRefused(Why.TOO_LARGE)
    return key.public.id + key.sign(CONTEXT + body) + body


def key_id_in(payload: bytes) -> bytes:
    """Return the id of the key that ``payload`` says it is signed by."""
    return payload[:KEY_ID_BYTES]


def unseal(payload: bytes, keys: Iterable[PublicKey]) -> bytes:
    """Return the body of ``payload``, which one of ``keys`` has signed.

    Size first, then the key, then the signature: nothing is parsed that nobody vouches for. Raises EnvelopeRefused.
    """
    if len(payload) > LARGEST_BYTES:
        raise EnvelopeRefused(Why.TOO_LARGE)
    if len(payload) <= HEAD_BYTES:
        raise EnvelopeRefused(Why.CUT)
    named = key_id_in(payload)
    key = next((key for key in keys if key.id == named), None)
    if key is None:
        raise EnvelopeRefused(Why.UNKNOWN_KEY)
    body = payload[HEAD_BYTES:]
    if not key.vouches_for(payload[KEY_ID_BYTES:HEAD_BYTES], CONTEXT + body):
        raise EnvelopeRefused(Why.FORGED)
    return body
