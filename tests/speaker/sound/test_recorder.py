"""The stand-in for a sound card: its pace, its files, and how it ends."""

import random
import wave
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from box.clock import SystemClock
from speaker.airing import Outcome, Reason
from speaker.sound.card import CardMissing
from speaker.sound.playout import CardPlayout
from speaker.sound.recorder import MOST_FILES, Recorder
from tests.fakes import SetClock
from tests.speaker.listening import LATE_MS, Ending, NotedAmplifier, clip, never_quiet, once_within, rundown

NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
NOISE = random.Random(2).randbytes(2 * 9_600)  # noqa: S311 - 200 ms of noise, not a secret


def samples_of(path: Path) -> bytes:
    """Return what is in a WAV."""
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 48_000)
        return file.readframes(file.getnframes())


def test_it_takes_as_long_as_a_card(tmp_path: Path) -> None:
    """Nothing sounds before the start; then the delay falls by 48 frames a millisecond."""
    clock = SetClock(NOON)
    recorder = Recorder(tmp_path, clock)
    recorder.open()
    assert recorder.write(NOISE) == 9_600
    assert recorder.write(NOISE) == 0, "two hundred milliseconds fit"
    clock.advance(1)
    assert recorder.delay() == 9_600
    recorder.start()
    clock.advance(0.05)
    assert recorder.delay() == 7_200
    assert recorder.write(NOISE) == 2_400
    assert recorder.running
    recorder.close()


def test_a_recording_is_named_by_the_local_time_and_holds_what_sounded(tmp_path: Path) -> None:
    """What was dropped had not sounded and is not in the file."""
    clock = SetClock(NOON)
    recorder = Recorder(tmp_path, clock, zone=CHINA)
    recorder.open()
    recorder.write(NOISE)
    recorder.start()
    clock.advance(0.1)
    recorder.drop()
    recorder.write(NOISE)
    recorder.start()
    clock.advance(0.02)
    recorder.close()
    assert [path.name for path in tmp_path.iterdir()] == ["20260501-120000.wav"]
    assert samples_of(tmp_path / "20260501-120000.wav") == NOISE[: 2 * 4_800] + NOISE[: 2 * 960]


def test_an_underrun_is_counted_and_it_goes_on(tmp_path: Path) -> None:
    """As a card does, it stands after an underrun until it is started again."""
    clock = SetClock(NOON)
    recorder = Recorder(tmp_path, clock)
    recorder.open()
    recorder.write(NOISE)
    recorder.start()
    clock.advance(0.3)
    assert recorder.delay() == 0
    assert not recorder.running
    assert recorder.underruns == 1
    recorder.write(NOISE)
    recorder.start()
    clock.advance(0.1)
    recorder.close()
    assert samples_of(next(tmp_path.iterdir())) == NOISE + NOISE[: 2 * 4_800]


def test_what_a_killed_process_leaves_can_be_heard_and_is_named_later(tmp_path: Path) -> None:
    """The unfinished file has a valid header, and the next opening gives it its name."""
    clock = SetClock(NOON)
    killed = Recorder(tmp_path, clock, zone=CHINA)
    killed.open()
    killed.write(NOISE)
    killed.start()
    clock.advance(0.1)
    killed.delay()
    left = tmp_path / "20260501-120000.wav.part"
    assert samples_of(left) == NOISE[: 2 * 4_800]
    after = Recorder(tmp_path, clock, zone=CHINA)
    after.open()
    assert samples_of(tmp_path / "20260501-120000.wav") == NOISE[: 2 * 4_800]
    assert (tmp_path / "20260501-120000-2.wav.part").exists()
    killed.close()
    after.close()


def test_an_opening_without_sound_leaves_no_file(tmp_path: Path) -> None:
    """A rundown that was stopped before it sounded is not worth a file."""
    recorder = Recorder(tmp_path / "air", SetClock(NOON))
    recorder.probe()
    recorder.open()
    recorder.write(NOISE)
    recorder.close()
    recorder.close()
    assert list((tmp_path / "air").iterdir()) == []


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    """The disk of a box that nobody looks at does not fill up."""
    clock = SetClock(NOON)
    recorder = Recorder(tmp_path, clock, zone=CHINA)
    for _ in range(MOST_FILES + 5):
        recorder.open()
        recorder.write(NOISE[:960])
        recorder.start()
        clock.advance(60)
        recorder.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == MOST_FILES
    assert names[0] == "20260501-120500.wav"


def test_a_folder_that_can_not_be_made_is_a_missing_card(tmp_path: Path) -> None:
    """It says what to do, and where."""
    (tmp_path / "air").write_bytes(b"")
    with pytest.raises(CardMissing, match="请检查磁盘"):
        Recorder(tmp_path / "air", SetClock(NOON)).open()


def test_playout_sounds_on_it_as_on_a_card(tmp_path: Path) -> None:
    """The very same playout, at real pace: lead-in, the clip bit by bit, tail."""
    sound, samples = clip(tmp_path, "words", 9_600)
    clock = SystemClock()
    amplifier = NotedAmplifier()
    playout = CardPlayout(
        card=Recorder(tmp_path / "air", clock),
        amplifier=amplifier,
        clock=clock,
        lead_in_ms=20,
        tail_ms=20,
        loudest_percent=100,
        quiet_from=never_quiet,
    )

    def late_ms() -> float:
        ending = Ending()
        due = clock.now() + timedelta(seconds=1)
        playout.start(rundown(sound, due=due), ending)
        result = ending.result()
        assert playout.card_state() == "recorder"
        assert (result.outcome, result.reason) == (Outcome.AIRED, Reason.NONE)
        assert result.lateness_ms is not None
        assert result.lateness_ms > -1
        assert (result.ended - due).total_seconds() == pytest.approx(0.2 + result.lateness_ms / 1000, abs=0.001)
        return result.lateness_ms

    once_within(LATE_MS, late_ms)
    playout.close()
    recorded = samples_of(next((tmp_path / "air").iterdir()))
    at = recorded.index(samples)
    assert set(recorded[:at]) == {0}
    assert set(recorded[at + len(samples) :]) == {0}
    assert amplifier.orders[-2:] == ["on", "off"]
