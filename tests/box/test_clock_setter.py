"""The one thing that is done as root: it sets the clock to a whole number that can be right, and does nothing else."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from box.clock_setter import NotSet, chip_time, instant_of, set_clock

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
OFFSET = int(NOON.timestamp()) - 100


def test_a_number_of_seconds_is_the_wall_clock_ahead_of_the_monotonic_one():
    """So that the time until the helper runs is not lost."""
    assert instant_of(str(OFFSET).encode(), 100.0) == NOON
    assert instant_of(f"{OFFSET}\n".encode(), 101.5) == datetime(2026, 3, 2, 4, 0, 1, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\n",
        b"soon",
        b"-5",
        b"1772423900.5",
        b"1e9",
        b" 1772423900",
        b"1772423900 ",
        b"1772423900\n\n",
        b"0x69A4F500",
        "１７７２４２３９００".encode(),
        b"1_772_423_900",
        b"17724239001772423",
        b"0",
        b"1577836800",
        b"4102444800",
        b"999999999999",
        b"\x00" * 200,
    ],
)
def test_anything_else_leaves_the_clock_as_it_is(datagram):
    """No sign, no fraction, no room for more; neither before the build nor in another age."""
    set_to: list[float] = []
    with pytest.raises(NotSet):
        set_clock(datagram, monotonic=lambda: 100.0, set_wall=set_to.append, chips=[])
    assert set_to == []


def test_a_chip_that_is_broken_keeps_nobody_from_the_right_time(tmp_path: Path):
    """The wall clock is set first; what went wrong is told."""
    no_chip = tmp_path / "rtc0"
    no_chip.touch()
    set_to: list[float] = []
    troubles = set_clock(
        str(OFFSET).encode(), monotonic=lambda: 100.0, set_wall=set_to.append, chips=[no_chip, tmp_path / "rtc1"]
    )
    assert set_to == [NOON.timestamp()]
    assert [trouble.split(":")[0] for trouble in troubles] == [str(no_chip), str(tmp_path / "rtc1")]


def test_a_chip_is_set_as_the_kernel_counts():
    """Months from 0, years from 1900, the week from Sunday."""
    assert struct.unpack("9i", chip_time(NOON)) == (0, 0, 4, 2, 2, 126, 1, 60, 0)
    assert struct.unpack("9i", chip_time(datetime(2026, 3, 1, tzinfo=UTC)))[6] == 0


def run_with(datagram: bytes | None) -> subprocess.CompletedProcess[str]:
    """Run the helper as systemd would, with that datagram waiting; None runs it by hand."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        ours.send(datagram or b"")

        def hand_over() -> None:
            os.dup2(theirs.fileno(), 3)
            os.set_inheritable(3, True)

        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        script = "exec" if datagram is None else "LISTEN_FDS=1 LISTEN_PID=$$ exec"
        return subprocess.run(
            ["sh", "-c", f"{script} {sys.executable} -P -m box.clock_setter"],
            env=environment,
            preexec_fn=hand_over,
            close_fds=False,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


def test_what_systemd_hands_over_is_checked_before_anything_is_done():
    """The real process with a datagram that is no time: it says so, and ends with 1."""
    done = run_with(b"2020-01-01")
    assert done.returncode == 1
    assert "没有改动时钟" in done.stderr


def test_it_is_started_by_systemd_only():
    """By hand there is no socket to take anything from."""
    done = run_with(None)
    assert done.returncode == 1
    assert "systemd" in done.stderr
