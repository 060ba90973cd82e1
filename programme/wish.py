"""建议修改: what a yard wishes of something that is shared, handed to the fleet's agent through the panel's room."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from programme.checking import LONGEST_LINE, LONGEST_TEXT
from programme.model import Broadcast, Value

FOLDER = "wishes"  # of the panel's room; a file each, named by the wish's id
LARGEST_BYTES = 32 * 1024
MOST_WISHES = 20  # that wait for an answer

_PLAIN = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z"


class Wish(Value, frozen=True, kw_only=True):
    """Something shared as the yard would have it: ``entry`` in the shared programme ``revision``.

    A message has ``title`` and ``text``, a broadcast ``broadcast``; ``off`` says that it is not to be aired here.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,64}\Z")]
    at: Annotated[datetime, Meta(tz=True)]
    entry: Annotated[str, Meta(pattern=r"^c-[a-z0-9-]{1,38}\Z")]
    revision: Annotated[str, Meta(max_length=64)]
    who: Annotated[str, Meta(max_length=64, pattern=_PLAIN)] = ""
    note: Annotated[str, Meta(max_length=200, pattern=_PLAIN)] = ""
    title: Annotated[str, Meta(max_length=LONGEST_LINE, pattern=_PLAIN)] = ""
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    broadcast: Broadcast | None = None
    off: bool = False


def encode_wish(wish: Wish) -> bytes:
    """Return the bytes of a wish's file."""
    return msgspec.json.encode(wish)


def decode_wish(content: bytes) -> Wish:
    """Return the wish in ``content``. Raises ValueError for anything else."""
    if len(content) > LARGEST_BYTES:
        raise ValueError("too large")
    try:
        wish = msgspec.json.decode(content, type=Wish)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if bool(wish.text) == (wish.broadcast is not None):
        raise ValueError("a wish is about a message or about a broadcast")
    return wish
