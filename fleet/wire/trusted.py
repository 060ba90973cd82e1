"""The keys a device trusts: the root for ever, and by the root's word those that may order."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from fleet.wire.documents import KeySet, decode_key_set
from fleet.wire.envelope import seal, unseal
from fleet.wire.keys import PublicKey, SigningKey
from fleet.wire.refusals import EnvelopeRefused, Why


@dataclass(frozen=True)
class Trusted:
    """The root's public key, and the newest set of keys that it signed; None before the first."""

    root: PublicKey
    keys: KeySet | None = None

    @property
    def serial(self) -> int:
        """The serial number of the set, 0 before the first."""
        return self.keys.serial if self.keys is not None else 0

    @property
    def programme(self) -> tuple[PublicKey, ...]:
        """The keys that sign programmes, acknowledgements, answers, and a stop."""
        return tuple(map(PublicKey, self.keys.programme)) if self.keys is not None else ()

    @property
    def urgent(self) -> tuple[PublicKey, ...]:
        """The keys that sign what is to be said at once."""
        return tuple(map(PublicKey, self.keys.urgent)) if self.keys is not None else ()

    def with_newer(self, payload: bytes) -> Trusted:
        """Return what is trusted after ``payload``, a set that the root signed; the same for the one that is known.

        Raises EnvelopeRefused; for a set of a lower serial, or another of the same, as replayed.
        """
        body = unseal(payload, (self.root,))
        try:
            keys = decode_key_set(body)
            for raw in (*keys.programme, *keys.urgent):
                PublicKey(raw)
        except (ValueError, RecursionError) as error:
            raise EnvelopeRefused(Why.UNREADABLE) from error
        if keys == self.keys:
            return self
        if keys.serial <= self.serial:
            raise EnvelopeRefused(Why.REPLAYED, keys.serial)
        return Trusted(self.root, keys)


def sign_key_set(keys: KeySet, root: SigningKey) -> bytes:
    """Return the envelope that makes ``keys`` those that count."""
    return seal(msgspec.json.encode(keys), root)
