"""双人审核: whether what one person writes waits for another who may put it on air. Pure, but for the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from box.durable import replace_file
from web.people.roles import Role
from web.people.users import User


class _Kept(msgspec.Struct, frozen=True):
    on: bool = False


class TwoPeople:
    """Whether it was switched on; kept in a file of its own, so that an older panel can read the users."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def wanted(self) -> bool:
        """Tell whether somebody has switched it on. A damaged file counts as on: the safe side."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Kept).on
        except FileNotFoundError:
            return False
        except ValueError:
            return True

    def switch(self, on: bool) -> None:
        """Switch it on or off."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, msgspec.json.encode(_Kept(on)), mode=0o600)


def in_force(wanted: bool, everybody: Sequence[User]) -> bool:
    """Tell whether it holds: with one publisher alone, what they write would wait for ever."""
    return wanted and sum(user.role == "publisher" and bool(user.password) for user in everybody) > 1


def must_wait(role: Role, wanted: bool, everybody: Sequence[User]) -> bool:
    """Tell whether what somebody of ``role`` writes waits: an editor's always, a publisher's where two are wanted."""
    return role != "publisher" or in_force(wanted, everybody)


def may_approve(name: str, role: Role, author: str) -> bool:
    """Tell whether ``name`` may approve what ``author`` wrote: a publisher, and never the same person."""
    return role == "publisher" and name != author
