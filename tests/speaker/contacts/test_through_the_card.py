"""From the closing of a contact to the samples in the card: the whole speaker, on mock pins and a virtual card."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from bench.tone import publish_tone
from box.clock import SystemClock
from box.folders import Folders
from box.notify import Notifier
from box.settings import Audio, Contact, Limits, Settings
from programme.publication import SAMPLE_RATE_HZ
from speaker.protocol import Status
from speaker.record import Airing
from speaker.service import Means, opened
from tests.card.virtual import VirtualCard
from tests.patient import PatientClient

TONE_SECONDS = 4
FIRE = Contact(
    name="消防主机",
    pin=5,
    rest_pin=6,
    message="tone",
    priority="emergency",
    occasion="消防主机报火警",
    ends="at-once",
)


class Yard:
    """A speaker that serves, its card and its pins."""

    def __init__(self, folder: Path, card: VirtualCard) -> None:
        self.folders = Folders(folder / "data", folder / "run")
        self.card = card
        self.pins = MockFactory()
        self.client = PatientClient(self.folders.socket)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let the speaker run; the contact is as its pins were left."""
        means = Means(
            folders=self.folders,
            settings=Settings(audio=Audio(lead_in_ms=50, tail_ms=20), limits=Limits(quiet_hours=""), contacts=(FIRE,)),
            clock=SystemClock(),
            notifier=Notifier({}),
            records_without_card=False,
            assumes_clock=True,
            pin_factory=self.pins,
        )
        with opened(means):
            yield

    def closes(self, *, active: bool) -> None:
        """Let the fire panel's relay change over."""
        first, second = (6, 5) if active else (5, 6)
        self.pins.pin(first).drive_high()
        self.pins.pin(second).drive_low()

    def status(self) -> Status:
        """Ask the speaker."""
        return self.client.status()

    def line(self) -> str:
        """Return what the line has settled to."""
        return self.status().contacts[0].line

    def rows(self) -> list[Airing]:
        """Return what is on record by the contact's name."""
        return [row for row in self.client.records().airings if row.who == FIRE.name]

    def reasons(self) -> list[str]:
        """Return the reasons of those rows."""
        return [str(row.reason) for row in self.rows()]


@pytest.fixture
def yard(tmp_path: Path, virtual_card: VirtualCard) -> Iterator[Yard]:
    """Give a yard with a tone for its only message, which the speaker takes at its start."""
    one = Yard(tmp_path, virtual_card)
    one.folders.panel.mkdir(parents=True)
    publish_tone(one.folders, TONE_SECONDS * SAMPLE_RATE_HZ, SystemClock().now())
    yield one
    one.pins.reset()


def signal_of(yard: Yard) -> bytes:
    """Return the samples of the built-in signal."""
    (path,) = yard.folders.speaker.glob("emergency-*.wav")
    with wave.open(str(path), "rb") as file:
        return file.readframes(file.getnframes())


def tone_of(yard: Yard, seconds: float) -> bytes:
    """Return the first samples of the message."""
    (path,) = yard.folders.clips.glob("*.wav")
    with wave.open(str(path), "rb") as file:
        return file.readframes(round(seconds * SAMPLE_RATE_HZ))


def test_it_closes_and_the_message_sounds_it_opens_and_it_stops(yard: Yard) -> None:
    """The signal and the words, bit by bit; silence soon after it is at rest; and the whole of it is on record."""
    wait, recorded = yard.card.wait_for, yard.card.recorded
    with yard.running():
        yard.closes(active=False)
        wait(lambda: yard.line() == "rest" and bool(yard.status().revision))
        yard.closes(active=True)
        wait(lambda: signal_of(yard) + tone_of(yard, 1) in recorded())
        yard.closes(active=False)
        wait(lambda: yard.reasons()[-1:] == ["contact-at-rest"] and yard.rows()[1].outcome == "cut")
        assert tone_of(yard, TONE_SECONDS) not in recorded()
        assert yard.reasons() == ["contact-active", "contact-at-rest", "contact-at-rest"]
        noted, said, _rest = yard.rows()
        assert (said.priority, said.origin, said.occasion) == ("emergency", "contact", FIRE.occasion)
        assert [one.message for one in said.said] == ["tone"]
        assert said.frames > said.frames_played > SAMPLE_RATE_HZ
        assert noted.link is not None
        assert yard.status().sounding is None
        wait(lambda: yard.card.events("CLOSE")[-1] == yard.card.events()[-1])
        frames = len(recorded())
    assert len(recorded()) == frames


def test_power_comes_back_in_a_fire(yard: Yard) -> None:
    """Active at the start, with the message that was kept; a wire that is cut meanwhile ends nothing."""
    wait = yard.card.wait_for
    with yard.running():
        yard.closes(active=False)
        wait(lambda: bool(yard.status().revision))
    with yard.running():
        yard.closes(active=True)
        wait(lambda: signal_of(yard) + tone_of(yard, 0.5) in yard.card.recorded())
        assert yard.reasons()[0] == "contact-at-start"
        yard.pins.pin(5).drive_high()
        wait(lambda: [alarm.code for alarm in yard.status().alarms] == ["contact-wire-5"])
        assert yard.status().contacts[0].call == "calling"
