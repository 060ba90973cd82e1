"""What passes between a box that wants in and the hub: one question, asked again until it is answered for good."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from fleet.enrol.ticket import Digest, Port, TicketId
from fleet.wire.bounded import Line, Payload
from fleet.wire.names import DeviceName

ENROL_PATH = "/enrol"
AUTHORITY_PATH = "/authority"
LARGEST_BYTES = 16 * 1024


class Ask(Payload, frozen=True, kw_only=True):
    """Let me in: the ticket's id, a certificate request (DER), and the proof that I have the ticket."""

    ticket: TicketId
    request: Annotated[bytes, Meta(min_length=1, max_length=4096)]
    proof: Digest
    version: Annotated[str, Meta(max_length=64)] = ""


class Waiting(Payload, frozen=True, kw_only=True, tag_field="is", tag="waiting"):
    """Somebody at the hub has still to compare the digits."""


class Welcome(Payload, frozen=True, kw_only=True, tag_field="is", tag="welcome"):
    """You are in: your certificate (PEM), the envelope of the keys that count, and where the broker listens."""

    name: DeviceName
    zone: Line
    certificate: Annotated[bytes, Meta(max_length=8192)]
    keys: Annotated[bytes, Meta(max_length=8192)]
    broker_port: Port


class Rejected(Payload, frozen=True, kw_only=True, tag_field="is", tag="rejected"):
    """You are not let in, with this ticket never."""

    why: Literal["unknown", "used", "expired", "refused", "malformed", "busy"]
    zh: str
    en: str


Answer = Waiting | Welcome | Rejected


def decode_ask(content: bytes) -> Ask:
    """Return the question. Raises ValueError or RecursionError."""
    return msgspec.json.decode(content, type=Ask)


_answer: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


def decode_answer(content: bytes) -> Answer:
    """Return the answer. Raises ValueError or RecursionError."""
    return _answer.decode(content)
