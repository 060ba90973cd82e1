"""A box's membership on disk: who it is, whose it is, where the hub is, and its key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from box.aside import all_aside
from box.clock import Clock
from box.durable import sync_folder
from box.guarded import Guarded, copy_of
from box.sentences import XiaolabaError
from fleet.enrol.ticket import Host, Port
from fleet.wire.bounded import Instant, Line, Payload
from fleet.wire.documents import PublicBytes
from fleet.wire.names import DeviceName

MEMBERSHIP = "membership.json"  # it exists when all the others do: what the unit and ``run`` look for
KEY, CERTIFICATE, AUTHORITY, KEYS = "key.pem", "certificate.pem", "authority.pem", "keys.envelope"
_FILES = (MEMBERSHIP, KEY, CERTIFICATE, AUTHORITY, KEYS)
T = TypeVar("T")


class MembershipUnreadable(XiaolabaError):
    """The membership's file is damaged."""


class Membership(Payload, frozen=True, kw_only=True):
    """``membership.json``. ``hosts`` are the hub's addresses, tried in turn; ``root`` is pinned for good."""

    name: DeviceName
    zone: Line
    hosts: Annotated[tuple[Host, ...], Meta(min_length=1, max_length=8)]
    port: Port
    broker_port: Port
    root: PublicBytes
    joined: Instant


def kept(folder: Path, name: str, decode: Callable[[bytes], T], clock: Clock | None = None) -> Guarded[T]:
    """Return the membership's file ``name``, beside which lies a copy of what it last held."""
    return Guarded(folder / name, decode, mode=0o600 if name == KEY else 0o640, clock=clock)


def read_membership(folder: Path) -> Membership | None:
    """Return the membership in ``folder``, None where there is none. Raises MembershipUnreadable, OSError."""
    try:
        return decode_membership((folder / MEMBERSHIP).read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise MembershipUnreadable("这台小喇叭的入网资料坏了", "this box's membership is damaged") from error


def decode_membership(content: bytes) -> Membership:
    """Return the membership in ``content``. Raises ValueError or RecursionError for anything else."""
    return msgspec.json.decode(content, type=Membership)


def is_member(folder: Path) -> bool:
    """Tell whether there is a membership; one that is gone while its copy is there comes back."""
    path = folder / MEMBERSHIP
    return path.exists() or copy_of(path).exists()


def is_damaged(folder: Path) -> bool:
    """Tell whether this box was a member until its membership had to be put aside (``fleet.enrol.mending``)."""
    return not is_member(folder) and bool(_aside(folder))


def write_membership(
    folder: Path, membership: Membership, *, key: bytes, certificate: bytes, authority: bytes, keys: bytes
) -> None:
    """Put the files into ``folder``, the one that makes them count last. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    kept(folder, MEMBERSHIP, bytes).remove()
    sync_folder(folder)
    contents = {
        KEY: key,
        CERTIFICATE: certificate,
        AUTHORITY: authority,
        KEYS: keys,
        MEMBERSHIP: msgspec.json.format(msgspec.json.encode(membership), indent=1) + b"\n",
    }
    for name, content in contents.items():
        kept(folder, name, bytes).write(content)


def leave(folder: Path) -> None:
    """Forget the membership: first what makes it count, then its key, and what was put aside of it. Raises OSError."""
    for name in _FILES:
        kept(folder, name, bytes).remove()
    for path in _aside(folder):
        path.unlink(missing_ok=True)
    sync_folder(folder)


def _aside(folder: Path) -> tuple[Path, ...]:
    names = {path.name for name in _FILES for path in (folder / name, copy_of(folder / name))}
    return tuple(one.path for one in all_aside(folder) if one.name in names)
