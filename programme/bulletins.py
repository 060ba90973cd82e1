"""Bulletins: words for one page, in no programme, handed to the speaker beside the publication (``bulletins.json``)."""

from __future__ import annotations

import msgspec

from programme.model import Value
from programme.publication import PublicationInvalid, PublishedMessage, fault_of_messages

LARGEST_BYTES = 128 * 1024  # four texts of 4,000 characters, each of four bytes, and as much again
MOST_BULLETINS = 4  # two people may each prepare one, and each may think better of it once


class Bulletins(Value, frozen=True, kw_only=True):
    """What was prepared to be said once, the newest last. Each has its clip, as a published message has."""

    version: int = 1
    messages: tuple[PublishedMessage, ...]

    def find(self, bulletin_id: str) -> PublishedMessage | None:
        """Return the bulletin with that id, or None."""
        return next((message for message in self.messages if message.id == bulletin_id), None)


def encode_bulletins(bulletins: Bulletins) -> bytes:
    """Return the bytes of ``bulletins.json``, indented so that a person can read them."""
    return msgspec.json.format(msgspec.json.encode(bulletins), indent=1) + b"\n"


def decode_bulletins(content: bytes) -> Bulletins:
    """Return the bulletins in ``content``.

    Raises PublicationInvalid for anything that is too large, not JSON, not of the schema or of another version.
    """
    if len(content) > LARGEST_BYTES:
        raise PublicationInvalid("插播的文件太大，没有采用", "the bulletins are too large and were refused")
    try:
        bulletins = msgspec.json.decode(content, type=Bulletins)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise PublicationInvalid(f"插播的文件不完整：{error}", f"the bulletins are not whole: {error}") from error
    fault = f"version {bulletins.version}" if bulletins.version != 1 else fault_of_messages(bulletins.messages)
    if fault is None and len(bulletins.messages) > MOST_BULLETINS:
        fault = f"messages > {MOST_BULLETINS}"
    if fault:
        raise PublicationInvalid(f"插播的文件不完整：{fault}", f"the bulletins are not whole: {fault}")
    return bulletins
