"""What ``doctor`` says of boards of every kind, and of those that tell nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.board import Board, Mount, Storage, board_at
from cli.checkup_board import check_up_board

DATA = Path("/var/lib/xiaolaba")
ROOT = Mount(Path("/"), False)


def told(board: Board) -> dict[str, str]:
    """Return the state of each finding by its code."""
    return {finding.code: finding.state for finding in check_up_board(board, DATA)}


def test_where_the_board_tells_nothing_nothing_is_said() -> None:
    """An SD card has no word on its wear, and a storage that can be written is nothing to tell."""
    assert told(Board(storages=(Storage("mmcblk0", 0, 0),), mounts=(ROOT,))) == {}


@pytest.mark.parametrize(
    ("throttled", "is_low", "state"),
    [
        (0x0, None, "good"),
        (None, False, "good"),
        (0x1, None, "wrong"),
        (0x10000, False, "wrong"),
        (0x50005, None, "wrong"),
        (0x0, True, "wrong"),
        (None, True, "wrong"),
        (0x80008, None, "good"),
    ],
)
def test_a_low_voltage_needs_a_person(throttled: int | None, is_low: bool | None, state: str) -> None:
    """Now or since the start, by the firmware's word or the kernel's; and it is not taken for heat."""
    assert told(Board(throttled=throttled, voltage_is_low=is_low)) == {"supply": state}


@pytest.mark.parametrize(
    ("throttled", "celsius", "state"),
    [
        (None, 20.0, "good"),
        (0x0, 79.9, "good"),
        (None, 80.0, "wrong"),
        (0x0, 85.2, "wrong"),
        (0x4, None, "wrong"),
        (0x40004, 78.0, "wrong"),
        (0x40000, 61.0, "note"),
        (0x50005, 50.0, "good"),
        (0x50000, 50.0, "good"),
        (0x80008, 62.0, "good"),
    ],
)
def test_heat_is_told_from_where_the_board_slows_down(throttled: int | None, celsius: float | None, state: str) -> None:
    """At 80 °C or where it says so itself; not where the voltage slowed it, nor at a 3B+'s soft limit of 60."""
    assert told(Board(throttled=throttled, celsius=celsius))["heat"] == state


@pytest.mark.parametrize(
    ("used_tenths", "reserve", "state"),
    [
        (1, 1, "good"),
        (9, 0, "good"),
        (0, 1, "good"),
        (10, 1, "wrong"),
        (11, 1, "wrong"),
        (2, 2, "wrong"),
        (0, 3, "wrong"),
    ],
)
def test_a_worn_storage_needs_a_person(used_tenths: int, reserve: int, state: str) -> None:
    """From nine tenths of its life on, or with most of its spare blocks gone."""
    assert told(Board(storages=(Storage("mmcblk0", used_tenths, reserve),))) == {"wear-mmcblk0": state}


@pytest.mark.parametrize(
    ("mounts", "found"),
    [
        ((Mount(Path("/"), True),), {"read-only": "wrong"}),
        ((Mount(Path("/"), True), Mount(Path("/var"), False)), {"read-only": "note"}),
        ((ROOT, Mount(DATA, True)), {"read-only": "wrong"}),
        ((ROOT, Mount(Path("/var/lib/xiao"), True)), {}),
        ((Mount(Path("/"), True), ROOT), {}),
        ((), {}),
    ],
)
def test_a_storage_that_became_read_only_is_told(mounts: tuple[Mount, ...], found: dict[str, str]) -> None:
    """That of the data needs a person, that of the system alone may be meant so; the later mount lies on top."""
    assert told(Board(mounts=mounts)) == found


def test_what_needs_a_person_says_how_to_mend_it() -> None:
    """In both languages, each thing with a mend of its own."""
    board = Board(0x50004, False, 85.0, (Storage("mmcblk0", 11, 3),), (Mount(Path("/"), True),))
    findings = check_up_board(board, DATA)
    mends = [finding.mend for finding in findings]
    assert [finding.state for finding in findings] == ["wrong"] * 4
    assert all(mend and mend.zh and mend.en for mend in mends)
    assert len(set(mends)) == 4
    assert "85 °C" in findings[1].what.zh


def test_this_machine_can_be_asked() -> None:
    """Whatever it is, its own files are read without a fault."""
    assert board_at().mounts
    check_up_board(board_at(), Path.cwd())
