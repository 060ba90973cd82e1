"""The bounded types that every payload of the fleet is made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

HIGHEST_COUNTER = 2**53 - 1  # the largest number that every reader of JSON keeps exactly
LARGEST_BODY_BYTES = 512 * 1024  # 200 messages of usual length are 150 KiB; the broker refuses more than this

Instant = Annotated[datetime, Meta(tz=True)]
Counter = Annotated[int, Meta(ge=1, le=HIGHEST_COUNTER)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Id = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,64}\Z")]
Percent = Annotated[int, Meta(ge=0, le=100)]
Bytes = Annotated[int, Meta(ge=1, le=512 * 1024 * 1024)]
Frames = Annotated[int, Meta(ge=1, le=48_000 * 4 * 3600)]
Line = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z")]
Who = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z")]
Text = Annotated[str, Meta(max_length=16_000)]  # 4,000 characters and all that is said twice


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signed value: a field that is not known is refused, since it might forbid something."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What a device tells of itself: fields that a newer version adds are passed over."""
