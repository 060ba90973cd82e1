"""The walk-round: what a stick carries between the hub and a yard without network, in both directions.

To the yard it carries the very envelopes that the broker would have given, and the clips as they travel. Back it
carries the yard's rows, vouched for by the key of its certificate: on a stick there is no TLS that says whose it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec import Meta

from box.sentences import XiaolabaError
from fleet.enrol.certificates import read_key_pem
from fleet.wire.accounts import Proposal
from fleet.wire.bounded import Account, Instant, Payload
from fleet.wire.names import DeviceName
from fleet.wire.rows import Rows
from fleet.wire.topics import Inward

FOLDER, AUDIO, BACK = "xiaolaba-walk", "audio", "back"
CARRIED = (Inward.KEYS, Inward.ACKNOWLEDGED, Inward.ANSWERS, Inward.PROGRAMME)  # in this order; nothing urgent
LARGEST_BACK_BYTES = 8 * 1024 * 1024
MOST_BATCHES = 40  # 4,000 rows: at four broadcasts a day more than two years
_CONTEXT = b"xiaolaba walk 1\n"


class BackRefused(XiaolabaError):
    """What is on the stick is not what a member of this community has written."""


class Back(Account, frozen=True, kw_only=True):
    """What a yard tells by stick: how it is, the rows that the hub has not acknowledged, and its wishes.

    ``state`` is a ``DeviceState`` as the yard's version writes it (``accounts.known_of_state``).
    """

    name: DeviceName
    at: Instant
    state: msgspec.Raw
    rows: Annotated[tuple[Rows, ...], Meta(max_length=MOST_BATCHES)] = ()
    proposals: Annotated[tuple[Proposal, ...], Meta(max_length=50)] = ()


class Sealed(Payload, frozen=True, kw_only=True):
    """``Back`` with the certificate of who says it, and a signature by its key over the exact bytes."""

    certificate: Annotated[bytes, Meta(max_length=8192)]
    signature: Annotated[bytes, Meta(max_length=128)]
    body: bytes


def seal_back(back: Back, key_pem: bytes, certificate_pem: bytes) -> bytes:
    """Return the file. Raises ValueError for a key that is none."""
    body = msgspec.json.encode(back)
    signature = read_key_pem(key_pem).sign(_CONTEXT + body, ec.ECDSA(hashes.SHA256()))
    return msgspec.json.encode(Sealed(certificate=certificate_pem, signature=signature, body=body))


def open_back(content: bytes, authority_pem: bytes, is_let_in: Callable[[str, str], bool]) -> Back:
    """Return what a member says in ``content``. ``is_let_in`` is asked by name and serial number (hex digits).

    Raises BackRefused for anything else: another authority's, a lost box's, changed on the way.
    """
    if len(content) > LARGEST_BACK_BYTES:
        raise _refused("太大", "too large")
    try:
        sealed = msgspec.json.decode(content, type=Sealed)
        certificate = x509.load_pem_x509_certificate(sealed.certificate)
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(authority_pem))
        public = certificate.public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise _refused("不是本社区的", "not of this community")
        public.verify(sealed.signature, _CONTEXT + sealed.body, ec.ECDSA(hashes.SHA256()))
        back = msgspec.json.decode(sealed.body, type=Back)
        for rows in back.rows:
            rows.row_keys()
    except (ValueError, TypeError, RecursionError, InvalidSignature) as error:
        raise _refused("不完整，或者被改过", "not whole, or changed") from error
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if [str(name.value) for name in names] != [back.name] or not is_let_in(back.name, f"{certificate.serial_number:x}"):
        raise _refused("不是本社区的成员写的", "not written by a member of this community")
    return back


def _refused(zh: str, en: str) -> BackRefused:
    return BackRefused(f"优盘上带回的记录没有采用：{zh}", f"what the stick brought back was refused: {en}")
