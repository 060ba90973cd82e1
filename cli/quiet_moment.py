"""Whether the speaker may be restarted now without anybody hearing it."""

from __future__ import annotations

import socket
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

NO_CUE_WITHIN = timedelta(minutes=10)
_SECONDS = 5.0
_MOST_BYTES = 1 << 20
_MAY_STILL_SOUND = frozenset({"later", "next", "sounding"})


class Due(msgspec.Struct, frozen=True):
    """One of today's broadcasts, of whichever version's status."""

    due: datetime
    state: str


class Standing(msgspec.Struct, frozen=True):
    """What must be known of a speaker. It may be of another version than this code: what else it says is not read."""

    now: datetime
    sounding: object = None
    next_due: datetime | None = None
    today: tuple[Due, ...] = ()


def is_quiet(standing: Standing) -> bool:
    """Tell whether nothing sounds, and no broadcast that may still sound is due within ten minutes, before or after."""
    if standing.sounding is not None:
        return False
    near = [one.due for one in standing.today if one.state in _MAY_STILL_SOUND]
    if standing.next_due is not None:
        near.append(standing.next_due)
    return all(abs(due - standing.now) >= NO_CUE_WITHIN for due in near)


def standing_of(path: Path) -> Standing | None:
    """Ask the speaker at the socket ``path``; None where none answers that could be cut."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_SECONDS)
            connection.connect(str(path))
            connection.sendall(b'{"do":"status"}\n')
            with connection.makefile("rb") as answer:
                return msgspec.json.decode(answer.readline(_MOST_BYTES), type=Standing)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
