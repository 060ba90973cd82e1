"""What a process writes, by the kernel's word, and what that comes to in a day."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench.failed import BenchFailed
from bench.wear import figures
from bench.written import Written, parse, require_storage, written_by

IO = "rchar: 7\nwchar: 9\nsyscr: 1\nsyscw: 1\nread_bytes: 5\nwrite_bytes: 81920\ncancelled_write_bytes: 4096\n"
NOTHING = Written(0, 0)
A_PAGE = Written(4096, 0)


def test_only_what_goes_to_the_storage_counts() -> None:
    """Not what was written to pipes and sockets."""
    assert parse(IO) == Written(81920, 4096)
    assert parse(IO) - Written(80000, 4096) == Written(1920, 0)


def test_what_was_written_is_scaled_to_a_day() -> None:
    """Ten minutes are the 144th part of it."""
    assert Written(10_000, 0).megabytes_a_day(600) == pytest.approx(1.44)


def test_an_idle_box_still_remembers_its_clock_each_hour() -> None:
    """The 24 saves of a day count, though none falls into the minutes that are measured."""
    by_name = {figure.what: figure for figure in figures(600, NOTHING, NOTHING, A_PAGE, NOTHING)}
    assert by_name["both"].value == by_name["speaker: the clock's memory"].value == pytest.approx(24 * 4096 / 1e6)
    assert by_name["both"].verdict == "met"


def test_a_voice_that_is_away_is_asked_each_hour() -> None:
    """What a try writes counts 24 times, though the minutes that are measured have none."""
    by_name = {figure.what: figure for figure in figures(600, NOTHING, NOTHING, NOTHING, A_PAGE)}
    assert by_name["both"].value == by_name["panel: asking for the good voice"].value
    assert by_name["both"].value == pytest.approx(24 * 4096 / 1e6)


def test_too_much_is_said_so() -> None:
    """A page each minute by the one and twice a minute by the other are 17 MB a day."""
    both = figures(600, Written(10 * 4096, 0), Written(20 * 4096, 0), NOTHING, NOTHING)[-1]
    assert (both.value, both.verdict) == (pytest.approx(17.69, abs=0.01), "MISSED")


def test_a_folder_in_memory_is_no_place_to_measure() -> None:
    """There every figure would be nothing; nothing is left behind."""
    with TemporaryDirectory(dir="/dev/shm") as name:
        with pytest.raises(BenchFailed, match="--folder"):
            require_storage(Path(name))
        assert list(Path(name).iterdir()) == []


def test_a_process_that_is_not_there_is_no_measurement() -> None:
    """Its file can't be read."""
    assert written_by(os.getpid()).given >= 0
    with pytest.raises(BenchFailed):
        written_by(2**22 + 1)
