"""The devices of the fleet: who belongs to it, in which groups, and who is lost."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from enum import StrEnum

import msgspec

from box.sentences import XiaolabaError
from fleet.hub.database import Database, told
from fleet.wire.names import is_device_name, is_name


class NoSuchZone(XiaolabaError):
    """No device is called that."""

    def __init__(self, name: str) -> None:
        super().__init__(f"没有叫“{name}”的小区", f"no zone is called “{name}”")


class NameUnfit(XiaolabaError):
    """A device or a group can't be called that, or is already."""


class Standing(StrEnum):
    """How a device stands with the hub."""

    INVITED = "invited"  # a ticket was made; nobody has been let in with it
    MEMBER = "member"
    LOST = "lost"  # its certificate is revoked


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device as the hub knows it. ``zone`` is its yard's name in words, also what ``{zone}`` says.

    ``volume_percent`` is its own where the hub sets one. ``serial`` is its certificate's, in hex digits.
    """

    name: str
    zone: str
    groups: tuple[str, ...]
    volume_percent: int | None
    standing: Standing
    serial: str
    since: datetime


class Devices:
    """The table of devices, and that of the certificates that count no more."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Device, ...]:
        """Return every device, by name."""
        with self._database.transaction() as connection:
            return tuple(map(_device, connection.execute("SELECT * FROM device ORDER BY name")))

    def members(self) -> tuple[Device, ...]:
        """Return those that belong here, by name."""
        return tuple(device for device in self.all() if device.standing is Standing.MEMBER)

    def find(self, name: str) -> Device | None:
        """Return the device with that name, or None."""
        with self._database.transaction() as connection:
            row = connection.execute("SELECT * FROM device WHERE name = ?", (name,)).fetchone()
        return _device(row) if row is not None else None

    def one(self, name: str) -> Device:
        """Return the device with that name. Raises NoSuchZone."""
        device = self.find(name)
        if device is None:
            raise NoSuchZone(name)
        return device

    def invite(self, name: str, zone: str, groups: tuple[str, ...], now: datetime) -> None:
        """Note that a ticket is made for ``name``. One that is a member stays one until another box is let in.

        Raises NameUnfit.
        """
        if not is_device_name(name):
            raise NameUnfit(
                "小区代号只能用小写字母、数字和短横线，最多 32 个字，不能叫 hub、all 或 here",
                "a zone's name has lower-case letters, digits and hyphens, 32 at most, and is none of hub, all, here",
            )
        _require_groups(groups)
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO device (name, zone, groups, standing, since) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET zone = excluded.zone, groups = excluded.groups, "
                "standing = CASE standing WHEN 'lost' THEN 'invited' ELSE standing END",
                (name, zone, _json(groups), Standing.INVITED, told(now)),
            )

    def arrange(self, name: str, *, zone: str, groups: tuple[str, ...], volume_percent: int | None) -> None:
        """Set what a person sets of a zone. Raises NoSuchZone, NameUnfit."""
        _require_groups(groups)
        with self._database.transaction() as connection:
            done = connection.execute(
                "UPDATE device SET zone = ?, groups = ?, volume = ? WHERE name = ?",
                (zone, _json(groups), volume_percent, name),
            )
        if done.rowcount == 0:
            raise NoSuchZone(name)

    def admit(self, name: str, serial: str, now: datetime) -> None:
        """Make ``name`` a member by the certificate ``serial``; one that it had before counts no more."""
        with self._database.transaction() as connection:
            _revoke(connection, name, now)
            connection.execute(
                "UPDATE device SET standing = ?, serial = ?, since = ? WHERE name = ?",
                (Standing.MEMBER, serial, told(now), name),
            )

    def lose(self, name: str, now: datetime) -> Device:
        """Take back the certificate of ``name``, and its tickets. Raises NoSuchZone."""
        device = self.one(name)
        with self._database.transaction() as connection:
            _revoke(connection, name, now)
            connection.execute(
                "UPDATE device SET standing = ?, serial = '', since = ? WHERE name = ?",
                (Standing.LOST, told(now), name),
            )
            connection.execute(
                "UPDATE ticket SET standing = 'void', secret = x'' WHERE device = ? AND standing != 'void'", (name,)
            )
            connection.execute("DELETE FROM sent WHERE device = ?", (name,))
        return device

    def revoked(self) -> tuple[int, ...]:
        """Return the serial numbers of the certificates that count no more."""
        with self._database.transaction() as connection:
            return tuple(int(row["serial"], 16) for row in connection.execute("SELECT serial FROM revoked"))

    def is_let_in(self, name: str, serial: str) -> bool:
        """Tell whether ``name`` is a member by the certificate ``serial`` (hex digits), and by no older one."""
        device = self.find(name)
        return device is not None and device.standing is Standing.MEMBER and device.serial == serial


def _revoke(connection: sqlite3.Connection, name: str, now: datetime) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO revoked SELECT serial, name, ? FROM device WHERE name = ? AND serial != ''",
        (told(now), name),
    )


def _require_groups(groups: tuple[str, ...]) -> None:
    if not all(map(is_name, groups)) or len(groups) > 20:
        raise NameUnfit(
            "分组名只能用小写字母、数字和短横线，最多 32 个字，每个小区最多 20 组",
            "a group's name has lower-case letters, digits and hyphens, 32 at most; a zone is in 20 groups at most",
        )


def _json(groups: tuple[str, ...]) -> str:
    return msgspec.json.encode(tuple(sorted(set(groups)))).decode()


def _device(row: sqlite3.Row) -> Device:
    return Device(
        name=row["name"],
        zone=row["zone"],
        groups=msgspec.json.decode(row["groups"], type=tuple[str, ...]),
        volume_percent=row["volume"],
        standing=Standing(row["standing"]),
        serial=row["serial"],
        since=datetime.fromisoformat(row["since"]),
    )
