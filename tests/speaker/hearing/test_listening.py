"""Listening to one airing, in simulated time."""

from __future__ import annotations

import wave
from collections.abc import Callable

import pytest

from bench.room import silence
from speaker.hearing.bands import RATE_HZ
from speaker.hearing.listening import AFTER_SECONDS, OPEN_SECONDS, Ear, NotWanted, Part, Played, spans_of
from speaker.hearing.microphone import MicrophoneAway
from tests.card.virtual_ear import at_48k
from tests.speaker.hearing.sounds import BEFORE_SECONDS, in_yard, words

SECONDS = 6.0
WORDS = words(SECONDS, seed=1)
HEARD = in_yard(WORDS, seed=2)


class Yard:
    """Time that passes while one waits, and a microphone that gives what was heard until then."""

    def __init__(self, heard: bytes = HEARD) -> None:
        self.now = 100.0
        self.heard = heard
        self.opened_at = 0.0
        self.read_up_to = 0
        self.away: Callable[[float], str | None] = lambda _: None
        self.told: dict[float, Played] = {}
        self.is_open = False
        self.overruns = 0
        self.loses: Callable[[float], bool] = lambda _: False
        self.ear = Ear(self.open, lambda: self.now, self.wait)

    def open(self) -> Yard:
        """Be opened as the microphone."""
        self._be_there()
        self.opened_at, self.is_open = self.now, True
        return self

    def read(self) -> bytes:
        """Give what has come."""
        self._be_there()
        until = min(round((self.now - self.opened_at) * RATE_HZ) * 2, self.read_up_to + RATE_HZ // 2)
        samples, self.read_up_to = self.heard[self.read_up_to : until], max(until, self.read_up_to)
        if self.loses(self.now):
            self.overruns += 1
            return b""
        return samples

    def close(self) -> None:
        """Be let go."""
        self.is_open = False

    def wait(self, seconds: float) -> Played | None:
        """Let time pass; return what is told meanwhile."""
        self.now += seconds
        due = [when for when in self.told if when <= self.now]
        if self.now > 200:
            raise NotWanted
        return self.told.pop(due[0]) if due else None

    def _be_there(self) -> None:
        why = self.away(self.now)
        if why is not None:
            raise MicrophoneAway(why)


@pytest.fixture
def parts(tmp_path) -> list[Part]:
    """Give the words as a clip."""
    path = tmp_path / "words.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, round(SECONDS * 48_000), "NONE", ""))
        file.writeframes(at_48k(WORDS))
    return [Part(str(path), round(SECONDS * 48_000), counts=True)]


def played(yard: Yard, *, enough: bool = False) -> Played:
    """Return that the words sounded after two seconds."""
    return Played(yard.now + BEFORE_SECONDS, round(SECONDS * 48_000), enough)


def test_it_listens_until_some_seconds_after_the_end(parts):
    """And lets the microphone go."""
    yard = Yard()
    told = played(yard)
    yard.told[told.ended + 0.05] = told
    found = yard.ear.listen(parts)
    assert (found.verdict, found.why) == ("heard", "")
    assert found.likeness > 0.8
    assert yard.now == pytest.approx(told.ended + AFTER_SECONDS, abs=0.2)
    assert not yard.is_open


def test_it_judges_at_once_where_something_else_is_to_sound(parts):
    """By what it has, the noise before."""
    yard = Yard()
    told = played(yard, enough=True)
    yard.told[told.ended + 0.3] = told
    assert yard.ear.listen(parts).verdict == "heard"
    assert yard.now == pytest.approx(told.ended + 0.3, abs=0.2)


def test_a_microphone_that_is_busy_is_asked_again_for_a_while(parts):
    """The listening before may not have let it go yet."""
    yard = Yard()
    told = played(yard)
    yard.away = lambda now: "busy" if now < 101 else None
    yard.heard = HEARD[len(silence(1.1)) :]
    yard.told[told.ended] = told
    assert yard.ear.listen(parts).verdict == "heard"
    other = Yard()
    other.away = lambda _: "busy"
    assert (other.ear.listen(parts).why, other.now) == ("busy", pytest.approx(100 + OPEN_SECONDS, abs=0.2))


@pytest.mark.parametrize("why", ["missing", "denied", "unfit"])
def test_one_that_is_not_to_be_had_is_told_at_once(parts, why):
    """Nobody has to wait for that."""
    yard = Yard()
    yard.away = lambda _: why
    assert (yard.ear.listen(parts).why, yard.now) == (why, 100.0)


def test_one_that_is_lost_in_the_middle_is_told(parts):
    """And let go."""
    yard = Yard()
    yard.away = lambda now: "lost" if now > 104 else None
    found = yard.ear.listen(parts)
    assert (found.verdict, found.why) == ("not-listened", "lost")
    assert not yard.is_open


def test_what_is_lost_in_between_leaves_what_follows_in_its_place(parts):
    """A second in which nobody read is silence, not a shift."""
    yard = Yard()
    yard.loses = lambda now: 104 < now < 105
    told = played(yard)
    yard.told[told.ended] = told
    assert yard.ear.listen(parts).verdict == "heard"


def test_nobody_who_wants_it_is_no_verdict(parts):
    """Who asked has gone; the microphone is let go."""
    yard = Yard()
    with pytest.raises(NotWanted):
        yard.ear.listen(parts)
    assert not yard.is_open


def test_a_clip_that_was_replaced_meanwhile_can_not_be_compared(tmp_path):
    """The words are on record, but not what was sent."""
    yard = Yard()
    told = played(yard)
    yard.told[told.ended] = told
    assert yard.ear.listen([Part(str(tmp_path / "gone.wav"), 288_000, counts=True)]).why == "clip-gone"


def test_the_spans_are_where_the_words_lie():
    """Each in hops, after the chime and the pause."""
    chime, pause, said = (
        Part("c", 48_000, counts=False),
        Part(None, 24_000, counts=False),
        Part("w", 96_000, counts=True),
    )
    assert spans_of([chime, said, pause, said]) == [(50, 150), (175, 275)]
