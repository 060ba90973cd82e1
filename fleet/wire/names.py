"""Names: of devices and groups, plain enough for a topic, a certificate and a phone's keyboard; of a ticket's file."""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import Meta

HUB = "hub"  # the hub as a client of its broker
ALL = "all"  # every zone, in a programme's ``zones``
HERE = "here"  # a yard itself, likewise
RESERVED = frozenset({HUB, ALL, HERE})
LONGEST_NAME = 32
TICKET_FILE = "xiaolaba-join.json"
_PATTERN = rf"^[a-z0-9-]{{1,{LONGEST_NAME}}}\Z"

DeviceName = Annotated[str, Meta(pattern=_PATTERN)]
GroupName = Annotated[str, Meta(pattern=_PATTERN)]
_NAME = re.compile(rf"[a-z0-9-]{{1,{LONGEST_NAME}}}")


def is_name(text: str) -> bool:
    """Tell whether ``text`` can name a device or a group: 1 to 32 of a-z, 0-9 and the hyphen."""
    return _NAME.fullmatch(text) is not None


def is_device_name(text: str) -> bool:
    """Tell whether a device can be called that: a name, and not one that means something else."""
    return is_name(text) and text not in RESERVED
