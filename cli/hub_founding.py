"""Founding a hub on this machine: its user and its room where it is installed, and its keys."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from box.clock import SystemClock
from box.folders import INSTALLED_DATA, Folders
from cli.installation import GROUP, HUB_USER, InstallFailed, Machine, ThisMachine
from cli.owner import as_owner_of
from fleet.hub.broker import find_program
from fleet.hub.founding import found
from fleet.hub.keeping import put_back
from fleet.hub.room import HubRoom, HubSettings

PIN_DIGITS = 6


def is_hub(folders: Folders) -> bool:
    """Tell whether this box is a hub. Raises PermissionError where that may not be known."""
    return HubRoom(folders.hub).settings.exists()


def draw_pin() -> str:
    """Return a PIN from the machine's randomness, of no fewer than three different digits."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
        if len(set(pin)) >= 3:
            return pin


def found_here(folders: Folders, machine: Machine | None = None) -> str:
    """Make this box a hub, started where systemd runs; return the PIN. Raises BrokerMissing, InstallFailed, OSError."""
    find_program()
    pin = draw_pin()
    _made_here(
        folders, machine or ThisMachine(), lambda: found(HubRoom(folders.hub), HubSettings(), pin, SystemClock())
    )
    return pin


def restored_here(folders: Folders, backup: Path, machine: Machine | None = None) -> None:
    """Make this box the hub that is in ``backup``. Raises HubHere, HubBackupInvalid and as ``found_here`` does."""
    find_program()
    machine = machine or ThisMachine()
    put_back(backup, HubRoom(folders.hub))
    if folders.data == INSTALLED_DATA:
        for path in (folders.hub, *folders.hub.rglob("*")):
            machine.own(path, HUB_USER, GROUP, 0o700 if path.is_dir() else 0o600)
        if machine.systemd_runs():
            machine.run(("systemctl", "start", "xiaolaba-hub.service"))


def _made_here(folders: Folders, machine: Machine, make: Callable[[], object]) -> None:
    installed = folders.data == INSTALLED_DATA
    if installed:
        if not machine.is_root():
            raise InstallFailed("要管理员权限：sudo xiaolaba hub", "this needs root: sudo xiaolaba hub")
        folders.hub.mkdir(exist_ok=True)
        machine.own(folders.hub, HUB_USER, GROUP, 0o700)

    def work() -> int:
        make()
        return 0

    if as_hub(folders, work) != 0:
        raise InstallFailed("总站没有建成，看上面的原因", "the hub was not founded; see above for why")
    if installed and machine.systemd_runs():
        machine.run(("systemctl", "start", "xiaolaba-hub.service"))


def as_hub(folders: Folders, work: Callable[[], int]) -> int:
    """Do ``work`` as the owner of the hub's room."""
    return as_owner_of(folders.hub, work)
