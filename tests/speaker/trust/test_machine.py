"""What a machine tells of its clock, from the files that the kernel and systemd keep."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from speaker.trust.machine import Machine, kernel_synchronised
from speaker.trust.readings import Chip
from tests.fakes import SetClock

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the root of a machine that has booted, with no chip and no time server."""
    boot = tmp_path / "proc/sys/kernel/random/boot_id"
    boot.parent.mkdir(parents=True)
    boot.write_text("5a1c\n", encoding="ascii")
    return tmp_path


def chip(root: Path, name: str, since_epoch: str | None) -> None:
    """Add a clock chip; None is one whose driver refuses to tell the time."""
    folder = root / "sys/class/rtc" / name
    folder.mkdir(parents=True)
    if since_epoch is None:
        (folder / "since_epoch").mkdir()  # reading it fails, as the kernel's EINVAL does
    else:
        (folder / "since_epoch").write_text(since_epoch, encoding="ascii")


def test_a_bare_machine_tells_its_boot_and_nothing_more(root):
    """No chip, no marker."""
    readings = Machine(SetClock(NOON), root).read(with_chips=True)
    assert (readings.boot, readings.marker, readings.chips) == ("5a1c", None, ())
    assert readings.offset_seconds == NOON.timestamp() - 1000.0


def test_the_marker_tells_when_it_was_synchronised(root):
    """By the time of the file that systemd-timesyncd touches."""
    marker = root / "run/systemd/timesync/synchronized"
    marker.parent.mkdir(parents=True)
    marker.touch()
    os.utime(marker, (NOON.timestamp(), NOON.timestamp()))
    assert Machine(SetClock(NOON), root).read(with_chips=False).marker == NOON


def test_chips_tell_their_time_or_that_they_had_stopped(root):
    """Each by its name; nonsense is a chip that tells nothing."""
    chip(root, "rtc0", f"{int(NOON.timestamp())}\n")
    chip(root, "rtc1", None)
    chip(root, "rtc2", "soon")
    chip(root, "rtc3", "9" * 30)
    machine = Machine(SetClock(NOON), root)
    assert machine.read(with_chips=False).chips == ()
    assert machine.read(with_chips=True).chips == (
        Chip("rtc0", NOON),
        Chip("rtc1", None),
        Chip("rtc2", None),
        Chip("rtc3", None),
    )


def test_a_pc_tells_that_the_battery_is_dead(root):
    """Its driver is the one that says so here."""
    chip(root, "rtc0", f"{int(NOON.timestamp())}\n")
    (root / "proc/driver").mkdir(parents=True)
    (root / "proc/driver/rtc").write_text("rtc_time\t: 04:00:00\nbatt_status\t: dead\n", encoding="ascii")
    assert Machine(SetClock(NOON), root).read(with_chips=True).chips == (Chip("rtc0", NOON, is_low=True),)


def test_the_kernel_is_asked_without_a_change(root):
    """On this machine, whatever it answers."""
    assert kernel_synchronised() in {True, False, None}
