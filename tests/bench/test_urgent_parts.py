"""The parts of an urgent word's seconds, and the moments they are reckoned from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from bench.fleet_told import Told
from bench.moments import Moment, Moments
from bench.silent_speaker import SilentSpeaker
from bench.urgent_parts import Word
from box.clock import SystemClock
from fleet.agent.board import Board
from fleet.wire.accounts import Report, What
from fleet.wire.documents import Announcement, Travels
from fleet.wire.topics import Inward

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
PIN = NOW.timestamp()


def told(device: str, what: What, seconds: float) -> Told:
    """Return a report that was made so long after the PIN and was at the hub half a second later."""
    report = Report(of=1, channel=Inward.URGENT, what=what, at=NOW + timedelta(seconds=seconds))
    return Told(device, report, PIN + seconds, PIN + seconds + 0.5)


WORD = Word(
    asked=PIN - 0.25,
    opened=PIN,
    sent=PIN + 1,
    arrived={"a": PIN + 2, "b": PIN + 3},
    read={"a": PIN + 2, "b": PIN + 13},
    taken=[told("a", What.TAKEN, 2.25), told("b", What.TAKEN, 13.25)],
    armed=[told("a", What.ARMED, 2.5), told("b", What.ARMED, 14)],
)
FIGURES = {figure.what.removeprefix("urgent: "): figure.value for figure in WORD.figures()}


@pytest.mark.parametrize(
    ("what", "seconds"),
    [
        ("the PIN opens the key", 0.25),
        ("all signed, on the disk, handed to the broker", 1),
        ("at the device's network after the PIN, p99", 3),
        ("waits for its turn in a process of many, p50", 0),
        ("waits for its turn in a process of many, p99", 10),
        ("checked, its counter saved, p99", 0.25),
        ("armed after that, p99", 0.75),
        ("from there into the hub's database, p99", 0.5),
        ("armed on the device after the PIN, p99", 14),
        ("the hub knows it of all, after the PIN", 14.5),
    ],
)
def test_each_part_is_told_by_itself(what, seconds):
    """Where the seconds went can be read off."""
    assert FIGURES[what] == pytest.approx(seconds)


def test_waiting_for_another_device_of_the_bench_is_not_a_devices_own():
    """Alone it would have read the order when it came: ten of its fourteen seconds are the bench's."""
    assert FIGURES["so, had each device a machine of its own, p99"] == pytest.approx(4)


def test_a_word_that_nobody_heard_has_no_parts():
    """There is no figure, rather than a wrong one."""
    silent = Word(asked=PIN, opened=PIN, sent=PIN, arrived={}, read={}, taken=[], armed=[])
    assert {figure.value for figure in silent.figures()} == {0.0, None}


def test_the_latest_moment_counts_and_one_from_before_is_none():
    """A device that has read the word before has not read this one."""
    moments = Moments()
    for line in ("a connected 5.5\n", "a read 10.0\n", "b read 10.5\n", "a read 20.25\n"):
        moments.take(line)
    assert moments.after(20, Moment.READ) == {"a": 20.25}
    assert moments.after(10, Moment.READ) == {"a": 20.25, "b": 10.5}
    assert moments.all_connected(5, 1) == [5.5]


def test_who_waits_for_an_announcement_hears_of_its_stop_at_once(tmp_path: Path):
    """Resting till the end of what is armed must not hold back the report of a stop."""
    announcement = Announcement(
        title="停水", text="停水。", clip="a" * 64, frames=48_000, travels=Travels(sha256="b" * 64, size=9), voice="v",
        engine="recording",
    )  # fmt: skip
    clock = SystemClock()
    speaker = SilentSpeaker(tmp_path, clock, "log")
    speaker.play(bulletin=Board(tmp_path).put("1", announcement), at=clock.now() + timedelta(hours=1))
    resting = Thread(target=speaker.rest, args=(0.0,), daemon=True)
    resting.start()
    speaker.stop()
    resting.join(60)
    assert not resting.is_alive()
    assert len(speaker.records().airings) == 1
