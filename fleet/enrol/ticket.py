"""The ticket: all that a box needs to find its hub, know it, and be known, once. A file on a stick, or a QR code."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated

import msgspec
from msgspec import Meta

from box.sentences import XiaolabaError
from fleet.wire.bounded import Instant, Line, Payload
from fleet.wire.documents import PublicBytes
from fleet.wire.names import DeviceName

LARGEST_BYTES = 4 * 1024
SECRET_BYTES = 16
VALID_HOURS = 24

Port = Annotated[int, Meta(ge=1, le=65535)]
Host = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}\Z")]
TicketId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
Secret = Annotated[bytes, Meta(min_length=SECRET_BYTES, max_length=SECRET_BYTES)]
Digest = Annotated[bytes, Meta(min_length=32, max_length=32)]


class TicketInvalid(XiaolabaError):
    """What was given is no ticket."""


class Ticket(Payload, frozen=True, kw_only=True):
    """``hosts`` are the hub's addresses, tried in turn; ``authority`` is the SHA-256 of its certificate's DER.

    ``root`` is the public key that names all others. Who has ``secret`` may ask, once, for a certificate as ``name``.
    """

    version: Annotated[int, Meta(ge=1, le=1)] = 1
    hosts: Annotated[tuple[Host, ...], Meta(min_length=1, max_length=8)]
    port: Port
    authority: Digest
    root: PublicBytes
    id: TicketId
    secret: Secret
    name: DeviceName
    zone: Line
    expires: Instant


def encode_ticket(ticket: Ticket) -> bytes:
    """Return the file's content, which is also the text of the QR code."""
    return msgspec.json.encode(ticket)


def decode_ticket(content: bytes) -> Ticket:
    """Return the ticket in ``content``, which anybody may have written. Raises TicketInvalid."""
    if len(content) > LARGEST_BYTES:
        raise TicketInvalid("这不是入网票：文件太大", "this is no ticket: it is too large")
    try:
        return msgspec.json.decode(content, type=Ticket)
    except (ValueError, RecursionError) as error:
        raise TicketInvalid(
            "这不是入网票，或者不完整；请在总站重新生成一张",
            "this is no ticket, or not a whole one: have the hub make another",
        ) from error


def proof_of(secret: bytes, ticket_id: str, request: bytes) -> bytes:
    """Return what shows that the sender of ``request`` (DER) has the ticket, without showing the secret."""
    return hmac.digest(secret, b"xiaolaba enrol 1\n" + ticket_id.encode() + b"\n" + request, "sha256")


def six_digits(secret: bytes, public: bytes, root: bytes) -> str:
    """Return the digits that both screens show: of the ticket, the box's public key (DER) and the root's (raw).

    Whoever got hold of the ticket and was first has another key, and so other digits than the box that waits.
    """
    number = int.from_bytes(hashlib.sha256(b"xiaolaba six digits 1\n" + secret + public + root).digest())
    return f"{number % 1_000_000:06d}"
