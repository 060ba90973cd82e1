"""Who is at the other end of the socket, as the kernel knows it, and whether they may use it."""

from __future__ import annotations

import logging
import pwd
import socket
import struct
from dataclasses import dataclass

logger = logging.getLogger(__name__)

# <asm-generic/socket.h>, since Linux 4.13; Python has no name for it. It gives the groups the peer had when it
# connected, which also holds for SupplementaryGroups= of a unit and needs no /proc.
_SO_PEERGROUPS = 59
_CREDENTIALS = struct.Struct("3i")  # struct ucred: pid, uid, gid
_MOST_GROUP_BYTES = 1024  # as much as Python lets getsockopt ask for: 256 groups


@dataclass(frozen=True)
class Peer:
    """A process that connected: its user and all its groups, by number."""

    uid: int
    groups: frozenset[int]

    def may_use(self, own_uid: int, group: int | None) -> bool:
        """Tell whether it may talk to a socket of ``own_uid`` that is shared with ``group``."""
        return self.uid in {0, own_uid} or (group is not None and group in self.groups)

    @property
    def name(self) -> str:
        """The name of its user, or the number where the user has none."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)


def peer_of(connection: socket.socket) -> Peer:
    """Return who is at the other end of ``connection``. Raises OSError where the kernel does not say."""
    _, uid, gid = _CREDENTIALS.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    try:
        packed = connection.getsockopt(socket.SOL_SOCKET, _SO_PEERGROUPS, _MOST_GROUP_BYTES)
    except OSError as error:
        logger.warning("the peer's further groups are not known: %s", error)
        packed = b""
    groups = struct.unpack(f"{len(packed) // 4}I", packed)
    return Peer(uid, frozenset((gid, *groups)))
