"""The yards of the bench: what a microphone takes while a message is sounded, or should have been."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from bench.room import (
    RATE_HZ,
    SAMPLE_BYTES,
    Room,
    Sound,
    at_level,
    automatic_gain,
    barking,
    clipped,
    hiss,
    hum,
    mixed,
    rain,
    rumble,
    silence,
    through,
)
from speaker.hearing.listening import AFTER_SECONDS

BEFORE_SECONDS = 2.5
LOUD_DB = -20.0
OWN_NOISE_DB = -70.0

Taken = Callable[["Case"], Sound]


@dataclass(frozen=True)
class Case:
    """One message in one yard; ``others`` are messages that are not this one."""

    sounded: Sound
    others: Sequence[Sound]
    random: Random

    @property
    def seconds(self) -> float:
        """How long the microphone listens."""
        return BEFORE_SECONDS + len(self.sounded) / SAMPLE_BYTES / RATE_HZ + AFTER_SECONDS

    def ours(self, level_db: float = LOUD_DB, room: Room | None = None) -> Sound:
        """Return the message as it arrives."""
        arrived = through(room or self.room(), self.sounded, self.random)
        return silence(BEFORE_SECONDS) + at_level(arrived, level_db)

    def other(self, level_db: float, *, after_seconds: float = 0.0) -> Sound:
        """Return another message as it arrives."""
        arrived = through(self.room(), self.random.choice(self.others), self.random)
        return silence(BEFORE_SECONDS + after_seconds) + at_level(arrived, level_db)

    def talk(self, level_db: float) -> Sound:
        """Return somebody who talks all the time, about other things."""
        words = b"".join(self.random.sample(list(self.others), 4))[len(silence(2.0)) :]
        return at_level(through(self.room(), words, self.random), level_db)

    def room(self, direct: float = 1.0) -> Room:
        """Return some yard: 7 to 130 m, and a card whose clock is off by up to 150 ppm."""
        any_of = self.random.uniform
        return Room(any_of(0.02, 0.4), any_of(0.2, 0.8), any_of(-150, 150), direct)


@dataclass(frozen=True)
class Yard:
    """A condition: its name, whether our loudspeaker sounds, and what the microphone takes besides its own noise.

    Where it is ``drowned``, nobody there could follow the words: it is measured, and nothing is aimed at.
    """

    name: str
    sounds: bool
    taken: Taken
    is_drowned: bool = False


def taken(yard: Yard, case: Case) -> Sound:
    """Return what the microphone takes in that yard."""
    own = at_level(hiss(case.seconds, case.random), OWN_NOISE_DB)
    return mixed(yard.taken(case), own)[: len(silence(case.seconds))]


def _beside(noise: Callable[[Case], Sound], below_db: float, *, sounds: bool = True) -> Taken:
    """Return a yard with that noise, so many dB below the message."""

    def take(case: Case) -> Sound:
        quiet = at_level(noise(case), LOUD_DB - below_db)
        return mixed(case.ours(), quiet) if sounds else quiet

    return take


def _rain(case: Case) -> Sound:
    return rain(case.seconds, case.random)


def _dog(case: Case) -> Sound:
    return barking(case.seconds, case.random)


def _wind(case: Case) -> Sound:
    return rumble(case.seconds, case.random)


def _hum(case: Case) -> Sound:
    return hum(case.seconds)


def _talk(case: Case) -> Sound:
    return case.talk(LOUD_DB)


def _begins_with_it(sound: Callable[[float, Random], Sound], level_db: float) -> Taken:
    def take(case: Case) -> Sound:
        seconds = len(case.sounded) / SAMPLE_BYTES / RATE_HZ
        return silence(BEFORE_SECONDS) + at_level(sound(seconds, case.random), level_db)

    return take


YARDS = (
    Yard("a quiet yard", True, lambda case: case.ours()),
    Yard("far away, long echo", True, lambda case: case.ours(-35, Room(0.9, 1.5))),
    Yard("around a corner, only echoes", True, lambda case: case.ours(-30, case.room(direct=0.0))),
    Yard("wind as loud", True, _beside(_wind, 0)),
    Yard("hum of 50 Hz as loud", True, _beside(_hum, 0)),
    Yard("rain 10 dB below", True, _beside(_rain, 10)),
    Yard("rain as loud", True, _beside(_rain, 0)),
    Yard("a dog as loud", True, _beside(_dog, 0)),
    Yard("talk 10 dB below", True, _beside(_talk, 10)),
    Yard("talk as loud", True, _beside(_talk, 0)),
    Yard("another yard's broadcast 10 dB below", True, lambda case: mixed(case.ours(), case.other(LOUD_DB - 10))),
    Yard("another yard's broadcast as loud", True, lambda case: mixed(case.ours(), case.other(LOUD_DB))),
    Yard("automatic gain, rain 10 dB below", True, lambda case: automatic_gain(_beside(_rain, 10)(case))),
    Yard("clipped by 20 dB, rain 10 dB below", True, lambda case: clipped(_beside(_rain, 10)(case), 20)),
    Yard("drowned by rain, 6 dB louder", True, _beside(_rain, -6), is_drowned=True),
    Yard("drowned by talk, 6 dB louder", True, _beside(_talk, -6), is_drowned=True),
    Yard("silence", False, lambda case: silence(case.seconds)),
    Yard("only rain", False, _beside(_rain, 0, sounds=False)),
    Yard("only a dog", False, _beside(_dog, 0, sounds=False)),
    Yard("only talk", False, _beside(_talk, 0, sounds=False)),
    Yard("rain that begins with it", False, _begins_with_it(rain, LOUD_DB)),
    Yard("the amplifier's hiss, no words", False, _begins_with_it(hiss, LOUD_DB - 15)),
    Yard("another yard's broadcast, at the same second", False, lambda case: case.other(LOUD_DB)),
    Yard("a wrong broadcast from our loudspeaker", False, lambda case: case.other(LOUD_DB, after_seconds=0.1)),
    Yard("the same broadcast in another yard, 4 s later", False, lambda case: silence(4.0) + case.ours()),
)
