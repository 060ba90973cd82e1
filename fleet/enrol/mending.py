"""A membership that storage has damaged: its copies mend it, and what they can't mend is put aside as a whole."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from box.aside import put_aside
from box.clock import Clock
from box.guarded import copy_of
from fleet.enrol import certificates
from fleet.enrol.membership import (
    AUTHORITY,
    CERTIFICATE,
    KEY,
    KEYS,
    MEMBERSHIP,
    Membership,
    decode_membership,
    kept,
)
from fleet.wire.keys import PublicKey
from fleet.wire.refusals import EnvelopeRefused
from fleet.wire.trusted import Trusted

T = TypeVar("T")
_PEM = re.compile(rb"-----BEGIN ([A-Z ]+)-----\n([A-Za-z0-9+/]{1,64}={0,2}\n)+-----END \1-----\n")
_LOG = logging.getLogger(__name__)


def whole_membership(folder: Path, clock: Clock) -> Membership | None:
    """Return the membership in ``folder``, each of its files as it was last good; None where there is none.

    Where one of them is damaged and has no good copy, nothing can be done with the others: the membership is put aside
    with its time and counts no more, and the hub has to add this box again (``membership.is_damaged``). What was taken
    by it, the counters among that, stays. Raises OSError.
    """
    file = kept(folder, MEMBERSHIP, decode_membership, clock)
    membership = file.read()
    if membership is None:
        return None
    papers = _Papers(folder, membership, clock)
    if not papers.are_whole():
        _LOG.error("the membership is damaged and put aside: the hub has to add this box again")
        for path in (copy_of(folder / MEMBERSHIP), folder / MEMBERSHIP):
            if path.exists():
                put_aside(path, clock.now())
        return None
    with suppress(OSError):  # it is whole: a copy that can't be made now is made at the next start
        file.copy_again()
        papers.copy_again()
    return membership


class _Papers:
    """The files by which a member is known, and knows the hub. Each is held against the one that vouches for it."""

    def __init__(self, folder: Path, membership: Membership, clock: Clock) -> None:
        self._folder = folder
        self._root = PublicKey(membership.root)
        self._clock = clock
        self._copying: list[Callable[[], None]] = []

    def are_whole(self) -> bool:
        """Tell whether they all are, or could be mended. Raises OSError."""
        authority = self._read(AUTHORITY, _authority)
        if authority is None:
            return False
        certificate = self._read(CERTIFICATE, partial(_signed, by=authority))
        return (
            certificate is not None
            and self._read(KEY, partial(_key, of=certificate)) is not None
            and self._read(KEYS, self._keys) is not None
        )

    def copy_again(self) -> None:
        """See that each has a copy. Raises OSError."""
        for copy in self._copying:
            copy()

    def _read(self, name: str, decode: Callable[[bytes], T]) -> T | None:
        file = kept(self._folder, name, decode, self._clock)
        self._copying.append(file.copy_again)
        return file.read()

    def _keys(self, content: bytes) -> Trusted:
        try:
            return Trusted(self._root).with_newer(content)
        except EnvelopeRefused as error:
            raise ValueError(str(error)) from error


def _authority(content: bytes) -> x509.Certificate:
    return _signed(content, by=_certificate(content))


def _signed(content: bytes, *, by: x509.Certificate) -> x509.Certificate:
    certificate = _certificate(content)
    try:
        certificate.verify_directly_issued_by(by)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError) as error:
        raise ValueError(f"not what was signed: {error}") from error
    return certificate


def _key(content: bytes, *, of: x509.Certificate) -> certificates.PrivateKey:
    key = certificates.read_key_pem(_as_openssl_reads(content))
    if key.public_key() != of.public_key():
        raise ValueError("not the key of the certificate")
    return key


def _certificate(content: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(_as_openssl_reads(content))
    except x509.InvalidVersion as error:
        raise ValueError(str(error)) from error


def _as_openssl_reads(content: bytes) -> bytes:
    """Return ``content`` if it is strictly PEM. The library reads more than OpenSSL does, which gets these files."""
    if _PEM.fullmatch(content) is None:
        raise ValueError("not PEM")
    return content
