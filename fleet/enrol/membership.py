"""A box's membership on disk: who it is, whose it is, where the hub is, and its key."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from box.durable import replace_file, sync_folder
from box.sentences import XiaolabaError
from fleet.enrol.ticket import Host, Port
from fleet.wire.bounded import Instant, Line, Payload
from fleet.wire.documents import PublicBytes
from fleet.wire.names import DeviceName

MEMBERSHIP = "membership.json"  # it exists when all the others do: what the unit and ``run`` look for
KEY, CERTIFICATE, AUTHORITY, KEYS = "key.pem", "certificate.pem", "authority.pem", "keys.envelope"


class MembershipUnreadable(XiaolabaError):
    """The membership is damaged: the box must join anew."""


class Membership(Payload, frozen=True, kw_only=True):
    """``membership.json``. ``hosts`` are the hub's addresses, tried in turn; ``root`` is pinned for good."""

    name: DeviceName
    zone: Line
    hosts: Annotated[tuple[Host, ...], Meta(min_length=1, max_length=8)]
    port: Port
    broker_port: Port
    root: PublicBytes
    joined: Instant


def read_membership(folder: Path) -> Membership | None:
    """Return the membership in ``folder``, None where there is none. Raises MembershipUnreadable, OSError."""
    try:
        return msgspec.json.decode((folder / MEMBERSHIP).read_bytes(), type=Membership)
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise MembershipUnreadable(
            "这台小喇叭的入网资料坏了，请在总站重新添加它", "this box's membership is damaged: add it anew at the hub"
        ) from error


def write_membership(
    folder: Path, membership: Membership, *, key: bytes, certificate: bytes, authority: bytes, keys: bytes
) -> None:
    """Put the files into ``folder``, the one that makes them count last. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        (folder / MEMBERSHIP).unlink()
        sync_folder(folder)
    replace_file(folder / KEY, key, mode=0o600)
    replace_file(folder / CERTIFICATE, certificate)
    replace_file(folder / AUTHORITY, authority)
    replace_file(folder / KEYS, keys)
    replace_file(folder / MEMBERSHIP, msgspec.json.format(msgspec.json.encode(membership), indent=1) + b"\n")


def leave(folder: Path) -> None:
    """Forget the membership: first what makes it count, then its key. Raises OSError."""
    for name in (MEMBERSHIP, KEY, CERTIFICATE, AUTHORITY, KEYS):
        (folder / name).unlink(missing_ok=True)
    sync_folder(folder)
