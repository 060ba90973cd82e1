"""The quiet hours are kept by the samples themselves: by the frames that the card has, and by the clock as it is."""

import tempfile
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from speaker.airing import Sound
from speaker.sound.card import RATE_HZ
from speaker.sound.curfew import IN_SIGHT, MARGIN_FRAMES, Curfew, QuietFrom, QuietHoursBegin
from speaker.sound.line import Line
from speaker.sound.recorder import Recorder
from speaker.sound.sounding import Sounding
from tests.fakes import SetClock
from tests.speaker.listening import rundown
from tests.thorough import examples

EVENING = datetime(2026, 5, 1, 13, 0, tzinfo=UTC)
BLOCK = b"\x01\x00" * 4_800
_FAR = round(IN_SIGHT.total_seconds() * RATE_HZ)


def quiet_at(start: datetime) -> QuietFrom:
    """Return quiet hours that begin at ``start`` and last for ever."""

    def quiet_from(instant: datetime, within: timedelta) -> datetime | None:
        quiet = max(start, instant)
        return quiet if quiet < instant + within else None

    return quiet_from


@pytest.mark.parametrize(
    ("seconds_left", "delay", "sounding", "samples", "silence", "is_over"),
    [
        (3600, 9_600, 9_600, _FAR - MARGIN_FRAMES, _FAR + 9_600, False),
        (3600, 249_600, 0, _FAR - MARGIN_FRAMES, _FAR + 249_600, False),  # the longest lead-in is no night
        (5.2, 249_600, 0, 0, 249_600, False),
        (5.4, 249_600, 0, 9_600 - MARGIN_FRAMES, 259_200, False),
        (1, 9_600, 9_600, 48_000 - MARGIN_FRAMES - 9_600, 48_000, False),
        (0.2, 4_800, 4_800, 0, 9_600, False),
        (0.2, 9_600, 9_600, 0, 9_600, False),
        (0.2, 9_601, 9_601, 0, 9_600, True),
        (0.2, 9_601, 0, 0, 9_600, False),  # nothing but silence is on the card
        (0, 1, 1, 0, 0, True),
        (0, 0, -480, 0, 0, False),  # all has sounded
    ],
)
def test_what_the_card_may_have_is_reckoned_from_the_frames_that_it_has(
    *, seconds_left: float, delay: int, sounding: int, samples: int, silence: int, is_over: bool
) -> None:
    """So many more samples as will have sounded a tenth of a second before; what would sound after is dropped."""
    curfew = Curfew(quiet_at(EVENING + timedelta(seconds=seconds_left)))
    allowed = curfew.allowed(EVENING, delay=delay, sounding=sounding)
    assert (allowed.samples, allowed.silence_ahead, allowed.is_over) == (samples, silence, is_over)


def test_what_is_above_the_quiet_hours_is_not_held() -> None:
    """An emergency where the installer says so, and what is only recorded."""
    allowed = Curfew(quiet_at(EVENING), is_lifted=True).allowed(EVENING, delay=9_600, sounding=9_600)
    assert allowed.samples
    assert not allowed.is_over


class Disk:
    """Gives blocks of samples for ten seconds; before each of ``stands_at`` it gives nothing for so many looks."""

    damage = None

    def __init__(self, stands: dict[int, int]) -> None:
        self._given = 0
        self._stands = dict(stands)

    @property
    def exhausted(self) -> bool:
        """Whether all is read."""
        return self._given == 100

    def take(self) -> bytes:
        """Return a block, if the disk gives one."""
        if self._stands.get(self._given):
            self._stands[self._given] -= 1
            return b""
        if self.exhausted:
            return b""
        self._given += 1
        return BLOCK


class TimedRecorder(Recorder):
    """A recorder that knows when, by the monotonic clock, each stretch of what it recorded had sounded."""

    def __init__(self, folder: Path, clock: SetClock, slowness: Callable[[], float]) -> None:
        super().__init__(folder, clock)
        self.stretches: list[tuple[float, int]] = []
        self._set_clock = clock
        self._slowness = slowness

    def write(self, samples: bytes) -> int:
        """Take samples, and as long for it as this machine does."""
        self._set_clock.advance(self._slowness())
        return super().write(samples)

    def delay(self) -> int:
        """Tell the delay, after a while."""
        self._set_clock.advance(self._slowness())
        return super().delay()

    def _record(self, frames: int) -> None:
        if frames > 0 and self._running_since is not None:
            self.stretches.append((self._running_since + (self._sounded + frames) / RATE_HZ, frames))
        super()._record(frames)


@dataclass
class Evening:
    """An airing of ten seconds whose playout wakes as late as it likes, on a card that is as slow as it likes."""

    wakes_late: list[float]
    is_slow: list[float]
    quiet: datetime
    stands: dict[int, int] = field(default_factory=dict)
    steps: dict[int, float] = field(default_factory=dict)
    lead_in_frames: int = 4_800
    clock: SetClock = field(default_factory=lambda: SetClock(EVENING))
    looks: list[tuple[float, datetime]] = field(default_factory=list)
    was_ended: bool = False
    sounding: Sounding | None = None

    def sound(self, folder: Path) -> list[tuple[float, int]]:
        """Sound it; return when each stretch of samples had sounded, by the monotonic clock, and how long it was."""
        calls = iter(range(10**9))
        card = TimedRecorder(folder, self.clock, lambda: self.is_slow[next(calls) % len(self.is_slow)])
        card.open()
        line = Line(card, self.clock)
        self.sounding = Sounding(
            rundown=rundown(Sound(Path("a.wav"), 480_000, "a")),
            stream=Disk(self.stands),
            line=line,
            curfew=Curfew(quiet_at(self.quiet)),
            pause=self._pause,
        )
        try:
            self.sounding.sound(self.lead_in_frames)
        except QuietHoursBegin:
            self.was_ended = True
            reading = line.reading()
            line.drop()
            self.sounding.note(reading)
        card.close()
        return _loud(card.stretches, folder)

    def _pause(self, seconds: float) -> None:
        number = len(self.looks)
        self.clock.advance(max(seconds, 0.000_021) + self.wakes_late[number % len(self.wakes_late)])
        self.clock.step(self.steps.get(number, 0.0))
        self.looks.append((self.clock.monotonic(), self.clock.now()))


def _loud(stretches: list[tuple[float, int]], folder: Path) -> list[tuple[float, int]]:
    """Return the end and the length of each stretch of ``stretches`` in which anything sounded."""
    recordings = list(folder.glob("*.wav"))
    if not recordings:
        return []
    with wave.open(str(recordings[0]), "rb") as file:
        samples = file.readframes(file.getnframes())
    loud, at = [], 0
    for until, frames in stretches:
        part = samples[2 * at : 2 * (at + frames)].rstrip(b"\0")
        at += frames
        if part:
            loud.append((until - (frames - -(-len(part) // 2)) / RATE_HZ, frames))
    return loud


_LATE = st.lists(st.one_of(st.floats(0, 0.05), st.floats(0, 1.5)), min_size=1, max_size=40)
_SLOW = st.lists(st.one_of(st.just(0.0), st.floats(0, 0.002), st.floats(0, 0.3)), min_size=1, max_size=30)


@settings(max_examples=examples(400, everyday=60))
@given(
    wakes_late=_LATE,
    is_slow=_SLOW,
    seconds_to_quiet=st.floats(0, 12),
    stands=st.dictionaries(st.integers(0, 99), st.integers(1, 60), max_size=3),
)
@example([0.0, 0.013170271844441486], [0.2057954977678348, 0.0, 0.0, 0.0], 2.76904045799212, {})  # by half a frame
@example([0.0], [0.25, 0.1875, 0.0, 0.0, 0.0, 0.0625, 0.0, 0.0, 0.0, 0.0, 0.125], 3.0, {})  # dry in a write
def test_no_sample_ever_sounds_in_the_quiet_hours(
    wakes_late: list[float], is_slow: list[float], seconds_to_quiet: float, stands: dict[int, int]
) -> None:
    """However late the thread wakes, slow the card answers and long the disk stands; all before it may sound does."""
    quiet = EVENING + timedelta(seconds=seconds_to_quiet)
    evening = Evening(wakes_late, is_slow, quiet, stands)
    with tempfile.TemporaryDirectory() as folder:
        loud = evening.sound(Path(folder))
    sounding = evening.sounding
    assert sounding is not None
    if loud:
        last = EVENING + timedelta(seconds=loud[-1][0] - 1000)  # the clock's monotonic seconds begin there
        assert last < quiet
        assert sounding.ended is not None
        assert sounding.ended < quiet + timedelta(microseconds=100)
    assert evening.was_ended == (sounding.played < 480_000)


def test_a_prompt_playout_sounds_up_to_a_tenth_of_a_second_before(tmp_path: Path) -> None:
    """What may be heard is heard: nothing is cut sooner than it must be."""
    evening = Evening([0.0], [0.0], EVENING + timedelta(seconds=5))
    loud = evening.sound(tmp_path)
    assert loud[-1][0] - 1000 == pytest.approx(4.9, abs=0.001)
    assert evening.was_ended
    assert evening.sounding is not None
    assert evening.sounding.played == 48_000 * 4.8


@pytest.mark.parametrize("seconds", [0.0, 1.5, 2.0, 5.0])
def test_after_the_longest_lead_in_all_is_heard(tmp_path: Path, seconds: float) -> None:
    """An amplifier that wakes slowly has a lead-in that is longer than the playout looks ahead; that is no night."""
    evening = Evening([0.0], [0.0], EVENING + timedelta(hours=1), lead_in_frames=round(seconds * RATE_HZ))
    loud = evening.sound(tmp_path)
    assert not evening.was_ended
    assert evening.sounding is not None
    assert evening.sounding.played == 480_000
    assert loud[-1][0] - 1000 == pytest.approx(seconds + 10, abs=0.001)


@settings(max_examples=examples(200, everyday=40))
@given(wakes_late=st.lists(st.floats(0, 0.15), min_size=1, max_size=20), look=st.integers(15, 60))
def test_a_clock_that_is_set_into_the_night_ends_it_at_the_next_look(wakes_late: list[float], look: int) -> None:
    """What the card has already is dropped, not played out."""
    evening = Evening(wakes_late, [0.0], EVENING + timedelta(hours=1), steps={look: 3600.0})
    with tempfile.TemporaryDirectory() as folder:
        loud = evening.sound(Path(folder))
    assert evening.was_ended
    assert loud[-1][0] <= evening.looks[look][0] + 0.000_05
    assert len(evening.looks) == look + 1
