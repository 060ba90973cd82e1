"""The urgent key: only the PIN opens it, and it can't be tried out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet.hub.locked_key import PinUnfit, WrongPin, lock_key, unlock_key
from fleet.hub.pin_gate import FREE_TRIES, PinGate, PinWaits
from fleet.wire.keys import KeyUnreadable, SigningKey
from tests.fakes import SetClock
from tests.fleet.wire.orders import URGENT

PIN = "314159"
MORNING = datetime(2026, 11, 25, 8, tzinfo=UTC)


class NotedLock:
    """What the PIN opens, and all that was tried at it. While it is damaged, nothing does."""

    def __init__(self) -> None:
        self.tried: list[str] = []
        self.is_damaged = False

    def unlock(self, pin: str) -> SigningKey:
        """Return the key for the PIN."""
        self.tried.append(pin)
        if self.is_damaged:
            raise KeyUnreadable("坏了", "damaged")
        if pin != PIN:
            raise WrongPin
        return URGENT


def locked(folder: Path) -> Path:
    """Return the file of a key that little work has locked: these tests are about more than time."""
    lock_key(folder / "urgent.key", URGENT, PIN, passes=1, memory_kib=8)
    return folder / "urgent.key"


def test_the_pin_opens_it_and_nothing_else_does(tmp_path: Path) -> None:
    """Nor is the key in the file to be seen; the file is its owner's alone."""
    path = locked(tmp_path)
    assert unlock_key(path, PIN).seed == URGENT.seed
    for wrong in ("314158", "", "3141590", "三一四一五九"):
        with pytest.raises(WrongPin):
            unlock_key(path, wrong)
    assert URGENT.seed not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("pin", ["", "12345", "1234567890123", "abcdef", "111111", "121212", "１２３４５６"])
def test_an_unfit_pin_is_not_taken(tmp_path: Path, pin: str) -> None:
    """Too short, no digits, or two of them in turn."""
    with pytest.raises(PinUnfit):
        lock_key(tmp_path / "urgent.key", URGENT, pin, passes=1, memory_kib=8)


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"salt":"AA=="}', b"\xff"])
def test_a_damaged_file_is_no_wrong_pin(tmp_path: Path, damage: bytes) -> None:
    """A person is told that it is the file, and does not try on."""
    path = locked(tmp_path)
    path.write_bytes(damage)
    with pytest.raises(KeyUnreadable):
        unlock_key(path, PIN)


def test_a_changed_file_opens_with_no_pin(tmp_path: Path) -> None:
    """Who can write it gains nothing by it."""
    path = locked(tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"sealed":"', b'"sealed":"A', 1)[:-1])
    with pytest.raises((WrongPin, KeyUnreadable)):
        unlock_key(path, PIN)


def test_after_some_wrong_ones_the_next_waits_longer_and_longer(tmp_path: Path) -> None:
    """Also for the right one: ten thousand tries take a year. The right one begins anew."""
    clock, lock = SetClock(MORNING), NotedLock()
    gate = PinGate(lock.unlock, clock, tmp_path / "pin-tries.json")
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPin):
            gate.open("000001")
    for pin in ("000001", PIN):
        with pytest.raises(PinWaits, match="30"):
            gate.open(pin)
    assert len(lock.tried) == FREE_TRIES
    clock.advance(30)
    with pytest.raises(WrongPin):
        gate.open("000001")
    clock.advance(59)
    with pytest.raises(PinWaits):
        gate.open(PIN)
    clock.advance(1)
    assert gate.open(PIN) is URGENT
    with pytest.raises(WrongPin):
        gate.open("000001")
    assert gate.open(PIN) is URGENT


def test_a_restart_is_no_way_round_the_wait(tmp_path: Path) -> None:
    """Who can have the hub end gains no try by it, nor loses the one who knows the PIN what they had."""
    clock, lock, kept = SetClock(MORNING), NotedLock(), tmp_path / "pin-tries.json"
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPin):
            PinGate(lock.unlock, clock, kept).open("000001")
    for _ in range(5):
        with pytest.raises(PinWaits, match="30"):
            PinGate(lock.unlock, clock, kept).open("000001")
    assert len(lock.tried) == FREE_TRIES
    gate = PinGate(lock.unlock, clock, kept)
    clock.advance(30)
    assert gate.open(PIN) is URGENT
    assert PinGate(lock.unlock, clock, kept).open(PIN) is URGENT
    assert kept.stat().st_mode & 0o777 == 0o600


def test_power_that_goes_while_a_pin_is_tried_counts_it(tmp_path: Path) -> None:
    """It is written down before it is tried: else a restart at the right moment would be a free try."""
    clock, kept = SetClock(MORNING), tmp_path / "pin-tries.json"

    def power_goes(_pin: str) -> SigningKey:
        raise SystemExit

    for _ in range(FREE_TRIES):
        with pytest.raises(SystemExit):
            PinGate(power_goes, clock, kept).open("000001")
    with pytest.raises(PinWaits):
        PinGate(NotedLock().unlock, clock, kept).open(PIN)


def test_a_damaged_key_uses_up_no_try(tmp_path: Path) -> None:
    """Nobody has to wait because a file is damaged."""
    clock, lock = SetClock(MORNING), NotedLock()
    lock.is_damaged = True
    gate = PinGate(lock.unlock, clock, tmp_path / "pin-tries.json")
    for _ in range(FREE_TRIES + 1):
        with pytest.raises(KeyUnreadable):
            gate.open(PIN)
    lock.is_damaged = False
    assert gate.open(PIN) is URGENT


def test_storage_that_takes_nothing_is_no_reason_to_say_nothing(tmp_path: Path) -> None:
    """The right PIN opens it, and wrong ones wait as ever while the hub runs."""
    clock, lock = SetClock(MORNING), NotedLock()
    folder = tmp_path / "hub"
    gate = PinGate(lock.unlock, clock, folder / "pin-tries.json")
    folder.write_bytes(b"")  # in its place nothing can be written, nor read
    assert gate.open(PIN) is URGENT
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPin):
            gate.open("000001")
    with pytest.raises(PinWaits):
        gate.open(PIN)
    with pytest.raises(PinWaits):
        PinGate(lock.unlock, clock, folder / "pin-tries.json").open(PIN)
