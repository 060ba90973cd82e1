"""A box becomes a hub: its authority, its keys, and the first set of them that the root signs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from box.clock import Clock
from box.durable import replace_file
from box.sentences import XiaolabaError
from fleet.enrol import certificates
from fleet.enrol.authority import Authority
from fleet.hub.locked_key import lock_key
from fleet.hub.room import HubRoom, HubSettings, write_settings
from fleet.wire.documents import KeySet
from fleet.wire.keys import PublicKey, SigningKey, read_key, write_key
from fleet.wire.trusted import Trusted, sign_key_set

ROOT_PUBLIC = "root.public"


class AlreadyFounded(XiaolabaError):
    """This box is a hub already; founding it again would lose all its zones."""


class RootAway(XiaolabaError):
    """The root key was taken to a safe place, or is not this hub's: bring it for this one act."""


@dataclass(frozen=True)
class Founded:
    """What was made, for people: the root's fingerprint, which is on each ticket."""

    root: PublicKey


def found(room: HubRoom, settings: HubSettings, pin: str, clock: Clock) -> Founded:
    """Make this box a hub. Its settings are written last: before them it is none, and founding may be done again.

    Raises AlreadyFounded, PinUnfit, OSError.
    """
    if room.settings.exists():
        raise AlreadyFounded("这台小喇叭已经是总站了", "this box is a hub already")
    room.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in (room.broker, room.audio):
        folder.mkdir(exist_ok=True, mode=0o700)
    root, programme, urgent = SigningKey.new(), SigningKey.new(), SigningKey.new()
    lock_key(room.urgent_key, urgent, pin)
    write_key(room.programme_key, programme)
    write_key(room.root_key, root)
    replace_file(room.folder / ROOT_PUBLIC, root.public.raw.hex().encode() + b"\n", mode=0o600)
    keys = KeySet(serial=1, issued=clock.now(), programme=(programme.public.raw,), urgent=(urgent.public.raw,))
    replace_file(room.keys, sign_key_set(keys, root), mode=0o600)
    authority = Authority.new()
    authority.write(room.authority)
    key = certificates.new_key()
    replace_file(room.key, certificates.key_pem(key), mode=0o600)
    replace_file(room.certificate, authority.sign_hub(certificates.request_for(key)).pem, mode=0o600)
    replace_file(room.revoked, authority.revocation_list(()), mode=0o600)
    write_settings(room, settings)
    return Founded(root.public)


def root_of(room: HubRoom) -> PublicKey:
    """Return the root's public key, which every ticket carries. Raises RootAway."""
    try:
        return PublicKey(bytes.fromhex((room.folder / ROOT_PUBLIC).read_text(encoding="ascii").strip()))
    except (OSError, ValueError) as error:
        raise RootAway(
            "总站的根公钥读不出来，请从备份恢复", "the root's public key can't be read: restore it from the backup"
        ) from error


def trusted_by(room: HubRoom) -> Trusted:
    """Return what this hub's devices trust. Raises RootAway, OSError, EnvelopeRefused for a damaged set."""
    return Trusted(root_of(room)).with_newer(room.keys.read_bytes())


def rotate(room: HubRoom, pin: str, clock: Clock, *, root_at: Path | None = None) -> KeySet:
    """Make a new programme key and a new urgent key, locked with ``pin``, and have the root name them and no others.

    ``root_at`` is where the root key is now, if it was taken away. Raises RootAway, PinUnfit, OSError.
    """
    root = read_key(root_at or room.root_key)
    known = trusted_by(room)
    if root.public != known.root:
        raise RootAway("这把根钥匙不是本总站的", "this root key is not this hub's")
    programme, urgent = SigningKey.new(), SigningKey.new()
    now = clock.now()
    keys = KeySet(
        serial=max(
            known.serial + 1, int(now.timestamp())
        ),  # above what boxes have, also on a disk put back from before
        issued=now,
        programme=(programme.public.raw,),
        urgent=(urgent.public.raw,),
    )
    lock_key(room.urgent_key, urgent, pin)
    write_key(room.programme_key, programme)
    replace_file(room.keys, sign_key_set(keys, root), mode=0o600)
    return keys


def take_root_away(room: HubRoom, to: Path) -> None:
    """Put the root key at ``to`` (a stick), see that it can be read there, and remove it here.

    Raises RootAway where it can't, and it stays; OSError.
    """
    root = read_key(room.root_key)
    write_key(to, root)
    if read_key(to).seed != root.seed:
        raise RootAway("根钥匙没有写好，仍留在总站", "the root key was not written well: it stays on the hub")
    room.root_key.unlink()
