"""An airing that is listened to: through the real ALSA, from a virtual card into a virtual microphone."""

from __future__ import annotations

import audioop
import math
import resource
import subprocess
import sys
import time
import wave
from pathlib import Path
from queue import SimpleQueue
from random import Random

import pytest

from bench.room import hiss
from box.clock import SystemClock
from speaker.airing import Outcome, Priority, Reason, Result, Rundown, Silence, Sound
from speaker.heard import Hearing
from speaker.hearing.ears import ListenedPlayout, parts_of
from speaker.hearing.listening import Part
from speaker.sound.alsa import AlsaCard
from speaker.sound.amplifier import NoAmplifier
from speaker.sound.playout import CardPlayout
from tests.card.virtual_ear import MICROPHONE, at_48k
from tests.slowness import is_within
from tests.speaker.fakes import FakePlayout
from tests.speaker.hearing.sounds import words
from tests.speaker.listening import never_quiet, once_within

PATIENCE_SECONDS = 60
# Half a second later than in most yards, as a busy machine writes late what sounds (tests/card/virtual_microphone.c).
WAYS = (
    (620.0, 0.3),
    (655.0, 0.12),
    (690.0, -0.08),
)
WORDS = at_48k(words(3.0, seed=1))


class Yard:
    """The card, the microphone, and the playout that is listened to."""

    def __init__(self, card, folder: Path, answer_seconds: float) -> None:
        self.card = card
        self.microphone = card.microphone
        self.ended: SimpleQueue[Result] = SimpleQueue()
        self.told: SimpleQueue[tuple[int, Hearing]] = SimpleQueue()
        self.folder = folder
        self.card_playout = CardPlayout(
            card=AlsaCard("default"),
            amplifier=NoAmplifier(),
            clock=SystemClock(),
            lead_in_ms=0,
            tail_ms=0,
            loudest_percent=100,
            quiet_from=never_quiet,
        )
        self.playout = ListenedPlayout(
            self.card_playout,
            MICROPHONE,
            SystemClock(),
            lambda *told: self.told.put(told),
            answer_seconds=answer_seconds,
        )
        self.microphone.air(*WAYS)
        self.noise()

    def noise(self, sound: bytes = b"") -> None:
        """Let the microphone hear this over and over, and hiss."""
        own = audioop.mul(hiss(2.0, Random(1)), 2, 0.002)  # noqa: S311 - the same in every run
        whole = own * (1 + len(sound) // len(own))
        self.microphone.noise(at_48k(audioop.add(whole, sound + bytes(len(whole) - len(sound)), 2)))

    def sound(self, samples: bytes) -> None:
        """Have it sound so many samples of 48 kHz as one message."""
        path = self.folder / f"{len(list(self.folder.iterdir()))}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 48_000, len(samples) // 2, "NONE", ""))
            file.writeframes(samples)
        rundown = Rundown((Sound(path, len(samples) // 2, "a"),), Priority.PAGE, 100)
        self.playout.start(rundown, self.ended.put)

    def verdict(self) -> Hearing:
        """Return what is told next."""
        return self.told.get(timeout=PATIENCE_SECONDS)[1]


@pytest.fixture
def yard(virtual_card, tmp_path):
    """Give a yard; close it afterwards."""
    folder = tmp_path / "clips"
    folder.mkdir()
    yard = Yard(virtual_card, folder, answer_seconds=PATIENCE_SECONDS)
    yield yard
    yard.playout.close()


@pytest.fixture
def impatient_yard(virtual_card, tmp_path):
    """Give a yard that waits for an answer for a second."""
    folder = tmp_path / "clips"
    folder.mkdir()
    yard = Yard(virtual_card, folder, answer_seconds=1)
    yield yard
    yard.playout.close()


def test_what_sounds_is_heard(yard):
    """By two echoes, over the microphone's noise; the delay is that of the air."""

    def lacking() -> float:
        yard.sound(WORDS)
        assert yard.ended.get(timeout=PATIENCE_SECONDS).listening is not None
        hearing = yard.verdict()
        assert (hearing.verdict, hearing.why) == ("heard", "")
        assert hearing.delay_ms == pytest.approx(620, abs=60)
        if hearing.above_noise_db is None or hearing.above_noise_db <= 15:
            return math.inf  # nothing of the noise was heard before the words: the ear was started late
        return 100 - hearing.likeness_percent

    once_within(25, lacking)


def test_a_loudspeaker_that_is_cut_off_is_not_heard_though_others_speak(yard):
    """Another yard's words arrive, ours do not."""
    yard.microphone.air()
    yard.noise(audioop.mul(words(12.0, seed=5), 2, 0.3))

    def is_taken_for_ours() -> bool:
        yard.sound(WORDS)
        return yard.verdict().verdict != "not-heard"

    once_within(1, is_taken_for_ours)


def test_a_driver_that_hangs_holds_up_nothing(impatient_yard):
    """The words begin and end as if nobody listened, bit by bit; that nobody could is told in time."""
    yard = impatient_yard
    yard.microphone.hang()
    before = time.monotonic()
    yard.sound(WORDS)
    assert is_within(time.monotonic() - before, 1.0)
    result = yard.ended.get(timeout=PATIENCE_SECONDS)
    took = time.monotonic() - before
    assert (result.outcome, result.frames_played) == (Outcome.AIRED, len(WORDS) // 2)
    assert is_within(took - len(WORDS) / 96_000, 2.0)
    assert WORDS in yard.card.recorded()
    assert yard.verdict() == Hearing(verdict="not-listened", why="too-slow")


def test_a_microphone_that_is_not_there_is_told_after_the_words(yard):
    """Nothing is waited for."""
    yard.microphone.unplug()
    yard.sound(at_48k(words(1.0, seed=3)))
    assert yard.verdict() == Hearing(verdict="not-listened", why="missing")


def test_what_is_stopped_before_it_sounds_has_no_verdict(yard):
    """Nothing sounded, so there is nothing that could have been heard."""
    yard.sound(b"")
    result = yard.ended.get(timeout=PATIENCE_SECONDS)
    assert (result.frames_played, result.listening) == (0, None)
    assert yard.told.empty()


@pytest.mark.slow
def test_a_microphone_that_another_program_holds_is_busy(yard):
    """Two seconds are granted to the listening before."""
    yard.microphone.hold()
    yard.sound(WORDS)
    assert yard.verdict() == Hearing(verdict="not-listened", why="busy")


@pytest.mark.slow
def test_a_plug_that_is_pulled_in_the_middle_is_told(yard):
    """And the words go on."""
    yard.sound(at_48k(words(6.0, seed=1)))
    yard.card.wait_for(lambda: yard.microphone.listens, PATIENCE_SECONDS)
    yard.microphone.unplug()
    assert yard.ended.get(timeout=PATIENCE_SECONDS).outcome is Outcome.AIRED
    assert yard.verdict() == Hearing(verdict="not-listened", why="lost")


@pytest.mark.slow
def test_what_follows_at_once_is_listened_to_as_well(yard):
    """The first is judged without the noise after it, and the microphone is let go for the second."""
    longer, following = at_48k(words(8.0, seed=1)), at_48k(words(4.0, seed=8))

    def is_missed() -> bool:
        before = len(yard.card.recorded())
        yard.sound(longer)
        yard.card.wait_for(lambda: len(yard.card.recorded()) > before + 2 * 96_000 + 48_000)
        yard.sound(following)
        first, second = yard.ended.get(timeout=PATIENCE_SECONDS), yard.ended.get(timeout=PATIENCE_SECONDS)
        assert (first.reason, second.outcome) == (Reason.HIGHER_PRIORITY, Outcome.AIRED)
        return {yard.verdict().verdict for _ in range(2)} != {"heard"}

    once_within(1, is_missed)  # a busy machine may start an ear when the words are half over


@pytest.mark.parametrize(("card", "percent"), [("recorder", 80), ("card", 0)])
def test_what_is_in_no_air_is_not_listened_to(card, percent):
    """It is only recorded, where there is no sound card, or has no volume: not heard would be no news."""
    inner = FakePlayout(SystemClock())
    inner.have(card)
    ended: SimpleQueue[Result] = SimpleQueue()
    told: SimpleQueue[object] = SimpleQueue()
    playout = ListenedPlayout(inner, "nowhere", SystemClock(), lambda *one: told.put(one))
    playout.start(Rundown((Silence(48_000),), Priority.PAGE, percent), ended.put)
    inner.finish()
    result = ended.get(timeout=PATIENCE_SECONDS)
    assert (result.outcome, result.listening) == (Outcome.AIRED, None)
    playout.close()
    assert told.empty()


def test_words_are_compared_and_chimes_are_not(tmp_path):
    """Other yards have the same chime; where there is nothing else, it is compared nevertheless."""
    chime, words_ = Sound(tmp_path / "c.wav", 5), Sound(tmp_path / "w.wav", 7, "a")
    rundown = Rundown((chime, Silence(3), words_), Priority.PAGE, 100)
    assert [(part.frames, part.counts) for part in parts_of(rundown)] == [(5, False), (3, False), (7, True)]
    assert parts_of(Rundown((chime,), Priority.PAGE, 100)) == (Part(str(chime.path), 5, counts=True),)


def test_the_ear_can_write_no_file(tmp_path):
    """The kernel itself refuses: no file may grow, and no core is left."""
    code = (
        "import speaker.hearing.__main__ as ear, sys\n"
        "ear._give_up_writing()\n"
        "open(sys.argv[1], 'wb', buffering=0).write(b'heard')\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(tmp_path / "file")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "File too large" in done.stderr
    assert (tmp_path / "file").stat().st_size == 0
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0
