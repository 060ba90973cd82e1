"""A hub in one file: all of it back, or nothing; and boxes follow the one that was put back."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from box.clock import SystemClock
from fleet.hub.database import Database
from fleet.hub.devices import Devices
from fleet.hub.founding import found, root_of
from fleet.hub.keeping import HubBackupInvalid, HubHere, back_up, put_back
from fleet.hub.locked_key import unlock_key
from fleet.hub.room import HubNotFounded, HubRoom, HubSettings, read_settings
from fleet.wire.keys import read_key
from tests.fleet.hub.a_hub import NOW, PIN

SETTINGS = HubSettings(hosts=("hub.example",))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[HubRoom, bytes]:
    """Return a hub with a zone, and its backup, made while its database is open."""
    folder = tmp_path_factory.mktemp("hub")
    room = HubRoom(folder / "hub")
    found(room, SETTINGS, PIN, SystemClock())
    database = Database(room.registry)
    Devices(database).invite("yard-3", "三号院", ("east",), NOW)
    back_up(room, folder / "hub.tar")
    database.close()
    assert (folder / "hub.tar").stat().st_mode & 0o777 == 0o600
    return room, (folder / "hub.tar").read_bytes()


def test_all_of_it_is_back(kept: tuple[HubRoom, bytes], tmp_path: Path) -> None:
    """Zones, keys, the PIN; the root key is not in it."""
    room, content = kept
    (tmp_path / "hub.tar").write_bytes(content)
    other = HubRoom(tmp_path / "data/hub")
    put_back(tmp_path / "hub.tar", other)
    assert read_settings(other) == SETTINGS
    assert root_of(other) == root_of(room)
    assert read_key(other.programme_key).seed == read_key(room.programme_key).seed
    assert unlock_key(other.urgent_key, PIN)
    assert not other.root_key.exists()
    database = Database(other.registry)
    assert [device.zone for device in Devices(database).all()] == ["三号院"]
    database.close()
    assert other.folder.stat().st_mode & 0o077 == 0
    assert {path.name for path in (tmp_path / "data").iterdir()} == {"hub"}
    with pytest.raises(HubHere):
        put_back(tmp_path / "hub.tar", other)


def with_member(name: str, content: bytes, kind: bytes = tarfile.REGTYPE) -> Callable[[bytes], bytes]:
    """Return what adds a member to a backup."""

    def add(backup: bytes) -> bytes:
        file = io.BytesIO(backup)
        with tarfile.open(fileobj=file, mode="a") as tar:
            info = tarfile.TarInfo(name)
            info.type = kind
            info.size = len(content)
            info.linkname = "/etc/passwd"
            tar.addfile(info, io.BytesIO(content))
        return file.getvalue()

    return add


@pytest.mark.parametrize(
    "forge",
    [
        lambda content: b"",
        lambda content: b"rubble" * 100,
        lambda content: content[: len(content) // 2],
        with_member("../evil", b"x"),
        with_member("/etc/evil", b"x"),
        with_member("more", b"x"),
        with_member("hub.json", b"{}"),
        with_member("audio", b"", tarfile.SYMTYPE),
        lambda content: content.replace(b'"hosts"', b'"hosty"', 1),
    ],
)
def test_what_is_no_whole_backup_leaves_nothing(
    kept: tuple[HubRoom, bytes], tmp_path: Path, forge: Callable[[bytes], bytes]
) -> None:
    """Anybody may hand in a stick."""
    (tmp_path / "hub.tar").write_bytes(forge(kept[1]))
    with pytest.raises(HubBackupInvalid):
        put_back(tmp_path / "hub.tar", HubRoom(tmp_path / "data/hub"))
    assert list((tmp_path / "data").iterdir()) == []


def test_a_box_that_is_no_hub_has_nothing_to_back_up(tmp_path: Path) -> None:
    """And says so."""
    with pytest.raises(HubNotFounded):
        back_up(HubRoom(tmp_path / "hub"), tmp_path / "hub.tar")
    assert list(tmp_path.iterdir()) == []
