"""What a person may be on this panel: one of three roles, and what each stands in for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Role = Literal["editor", "publisher", "installer"]
ROLES: tuple[Role, ...] = get_args(Role)


def roles_held(role: Role, everybody: Iterable[Role]) -> frozenset[Role]:
    """Return the roles that somebody of ``role`` has, among ``everybody`` (the roles of all users, theirs too).

    As long as there is no installer, the publishers look after the users too: somebody must be able to.
    An installer never stands in for a publisher: who mends the box does not speak through it.
    """
    if role == "publisher" and "installer" not in everybody:
        return frozenset({"publisher", "installer"})
    return frozenset({role})
