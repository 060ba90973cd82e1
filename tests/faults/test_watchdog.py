"""A speaker that is stuck: systemd hears nothing from it any more and kills it, and the amplifier is off."""

from __future__ import annotations

import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from box.clock import SystemClock
from box.settings import Limits
from speaker.airing import Outcome
from speaker.protocol import Done
from speaker.sound.amplifier import LimitedAmplifier
from tests.card.virtual import VirtualCard
from tests.fakes import SetClock
from tests.faults.courtyard import PATIENCE_SECONDS, Courtyard, Process, until
from tests.speaker.fakes import Box, a_broadcast, a_publication
from tests.speaker.listening import NotedAmplifier

WATCHDOG_SECONDS = 4


class Systemd:
    """The end of sd_notify that systemd has: it hears what the speaker says, and kills who says nothing in time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(WATCHDOG_SECONDS)

    def start(self, yard: Courtyard) -> Process:
        """Start the speaker as ``Type=notify`` with ``WatchdogSec`` does, and wait for its READY."""
        speaker = yard.speaker(
            wait=False, NOTIFY_SOCKET=str(self._path), WATCHDOG_USEC=str(WATCHDOG_SECONDS * 1_000_000)
        )
        self._socket.settimeout(60)
        while self._socket.recv(4096) != b"READY=1":
            pass
        self._socket.settimeout(WATCHDOG_SECONDS)
        return speaker

    def start_panel(self, yard: Courtyard) -> Process:
        """Start the panel as ``WatchdogSec`` does; it answers when this returns."""
        return yard.panel(NOTIFY_SOCKET=str(self._path), WATCHDOG_USEC=str(WATCHDOG_SECONDS * 1_000_000))

    def is_fed(self, times: int) -> bool:
        """Tell whether so many pings come; a busy machine is let be late."""
        self._socket.settimeout(PATIENCE_SECONDS)
        try:
            while times:
                times -= self._socket.recv(4096) == b"WATCHDOG=1"
        except TimeoutError:
            return False
        return True

    def is_starved(self) -> bool:
        """Tell whether nothing comes for the watchdog's time, after what still lay in the socket."""
        self._socket.settimeout(WATCHDOG_SECONDS)
        clock = SystemClock()
        end = clock.monotonic() + PATIENCE_SECONDS
        try:
            while clock.monotonic() < end:
                self._socket.recv(4096)
        except TimeoutError:
            return True
        return False

    def kill(self, speaker: Process) -> None:
        """Do what systemd does when the time is over."""
        speaker.popen.send_signal(signal.SIGABRT)
        speaker.popen.wait(60)

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    """Give somebody to notify."""
    one = Systemd(tmp_path / "notify")
    yield one
    one.close()


@pytest.mark.parametrize("when", ["in silence", pytest.param("while it sounds", marks=pytest.mark.slow)])
def test_a_speaker_stuck_in_its_card_is_no_longer_vouched_for(
    courtyard: Courtyard, virtual_card: VirtualCard, systemd: Systemd, when: str
) -> None:
    """Its station still answers, but its sound would not: the watchdog starves, and after a new start all is well."""
    courtyard.publish()
    speaker = systemd.start(courtyard)
    until(courtyard.taken)
    assert systemd.is_fed(1)
    if when == "while it sounds":
        assert isinstance(courtyard.client.play(message="hello"), Done)
        virtual_card.wait_for(lambda: bool(virtual_card.events("START")))
    virtual_card.hang()
    if when == "in silence":
        courtyard.client.play(message="hello")  # nothing asks a card that is not needed; this does
    assert systemd.is_starved()
    systemd.kill(speaker)
    virtual_card.answer()
    systemd.start(courtyard)
    until(courtyard.taken)
    assert isinstance(courtyard.client.play(message="hello"), Done)
    until(lambda: [row.outcome for row in courtyard.airings()][-1] is Outcome.AIRED)
    assert systemd.is_fed(1)
    assert courtyard.airings()[0].outcome is Outcome.CUT


@pytest.mark.slow
def test_a_speaker_that_hangs_whole_is_not_fed_and_is_back_after_the_kill(
    courtyard: Courtyard, systemd: Systemd
) -> None:
    """Stopped by the kernel, it says nothing."""
    courtyard.publish()
    speaker = systemd.start(courtyard)
    speaker.hang()
    assert systemd.is_starved()
    speaker.popen.send_signal(signal.SIGKILL)
    speaker.popen.wait(60)
    systemd.start(courtyard)
    until(courtyard.taken)


def test_a_panel_that_hangs_is_no_longer_vouched_for(courtyard: Courtyard, systemd: Systemd) -> None:
    """It asks itself for a page, as a phone does, and tells the watchdog of each answer."""
    panel = systemd.start_panel(courtyard)
    assert systemd.is_fed(3)
    panel.hang()
    assert systemd.is_starved()


def test_an_alarm_clock_that_does_not_ring_starves_the_watchdog(tmp_path: Path) -> None:
    """The station's belt would still find what is due, seconds late: a new start finds it in time."""
    fed: list[float] = []
    clock = SetClock(datetime(2026, 3, 1, 22, 30, tzinfo=UTC))
    with Box(clock, tmp_path, publication=a_publication(), alive=lambda: fed.append(clock.monotonic())) as box:
        box.station.slow_look()
        box.station.settle()
        assert fed
        box.clock.advance(3600 + 30)  # the alarm clock of the fakes rings only when it is told to
        fed.clear()
        box.station.settle()
        box.station.settle()
        assert not fed
        box.look()
        box.station.settle()
        assert fed


def test_a_log_that_is_damaged_while_it_is_open_starves_the_watchdog(tmp_path: Path) -> None:
    """Nothing can sound with it; the next start puts it aside, begins another, and repeats nothing."""
    fed: list[int] = []
    clock = SetClock(datetime(2026, 3, 1, 22, 30, tzinfo=UTC))
    programme = a_publication(a_broadcast("evening", "18:30"))
    limits = Limits(longest_minutes_per_day=1440)
    with Box(clock, tmp_path, limits=limits, publication=programme, alive=lambda: fed.append(1)) as box:
        for _ in range(600):  # more than its cache holds
            box.play("evening")
            box.finish()
        with closing(sqlite3.connect(tmp_path / "as-run.db")) as other, other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        content = bytearray((tmp_path / "as-run.db").read_bytes())
        content[8192:] = b"\xaa" * (len(content) - 8192)
        (tmp_path / "as-run.db").write_bytes(content)
        assert fed
        box.look()
        fed.clear()
        box.at("2026-03-02T18:29:58")
        assert box.playout.rundown is None
        box.station.settle()
        assert not fed
    with Box(clock, tmp_path, publication=programme, follows_another=True) as box:
        assert box.log.moved_aside is not None
        assert box.log.lost


class Sand:
    """A timer that runs out when the test says so."""

    def __init__(self) -> None:
        self.then = lambda: None
        self.running = 0

    def __call__(self, seconds: float, then) -> Sand:
        """Be the timer that was asked for."""
        assert seconds == 1260
        self.then = then
        return self

    def start(self) -> None:
        """Count."""
        self.running += 1

    def cancel(self) -> None:
        """Count down."""
        self.running -= 1


def test_an_amplifier_is_never_on_for_longer_than_the_limit() -> None:
    """Whatever becomes of who switched it on; it is told, and the next airing has its full time again."""
    told: list[str] = []
    noted, sand = NotedAmplifier(), Sand()
    amplifier = LimitedAmplifier(noted, 1260, lambda: told.append("too long"), wait=sand)
    amplifier.on()
    amplifier.on()
    assert sand.running == 1
    sand.then()
    assert (amplifier.is_on, told) == (False, ["too long"])
    amplifier.on()
    amplifier.off()
    assert sand.running == 0
    sand.then()
    assert told == ["too long"]
    assert noted.orders == ["on", "off", "on", "off"]
