"""The bench of the voice: what it makes, how it looks at memory, and that it says what it did not measure."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench import voice
from bench.engines import Asked, engines
from bench.loudness import WAYS, level_of
from bench.peak import PeakMemory
from bench.speech import ENGINE_LEVELS_DB, RECORDED_FORMATS, RECORDED_LEVELS_DB, mixed_set, spoken_seconds
from tts.mixdown import AIM_LUFS
from tts.wave_file import whole_frames

_HOLDS_40_MB = "a = bytearray(40_000_000); a[::4096] = b'1' * len(a[::4096]); print(flush=True); input()"


def few(**differs: object) -> Namespace:
    """Return the least that can be measured."""
    parser = ArgumentParser()
    voice.add_arguments(parser)
    arguments = parser.parse_args(["--seconds", "4", "--rounds", "1", "--set-seconds", "4", "--sounds", "2"])
    vars(arguments).update(differs)
    return arguments


def test_memory_is_that_of_what_was_started_and_of_what_that_started() -> None:
    """A grandchild's memory counts, our own does not, and it is still known when they have ended.

    Nor does that of what was started before: a browser, say, of other tests.
    """
    before = subprocess.Popen([sys.executable, "-c", _HOLDS_40_MB], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert before.stdout is not None
    before.stdout.readline()
    inner = f"import subprocess,sys; p = subprocess.Popen([sys.executable, '-c', {_HOLDS_40_MB!r}]); p.wait()"
    with PeakMemory() as peak:
        started = [sys.executable, "-c", inner]
        process = subprocess.Popen(started, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        while peak.megabytes < 40:
            assert process.poll() is None
        process.communicate(b"\n", timeout=60)
    before.communicate(b"\n", timeout=60)
    assert 40 < peak.megabytes < 80


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return four seconds of speech."""
    return spoken_seconds(tmp_path_factory.mktemp("speech"), 4.0)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_writes_a_clip(way: str, speech: Path, tmp_path: Path) -> None:
    """Ours and what one would use instead make 48 kHz mono PCM of the speech; all but pydub know of loudness."""
    WAYS[way](speech, tmp_path / "out.wav")
    assert whole_frames(tmp_path / "out.wav") == pytest.approx(4 * 48_000, rel=0.15)
    within_lu = 3.0 if way == "pydub normalize" else 1.0
    assert level_of(tmp_path / "out.wav").loudness_lufs == pytest.approx(AIM_LUFS, abs=within_lu)


@pytest.mark.slow
def test_the_mixed_set_is_mixed(tmp_path: Path) -> None:
    """It holds every engine format and every phone's, at levels that lie far apart."""
    sounds = list(mixed_set(tmp_path, 2.0))
    assert len(sounds) == 2 * len(ENGINE_LEVELS_DB) + len(RECORDED_FORMATS) * len(RECORDED_LEVELS_DB)
    assert {sound.path.suffix for sound in sounds} >= {".wav", ".mp3", ".m4a", ".webm", ".amr", ".3gp"}
    levels = [level_of(sound.path).loudness_lufs for sound in sounds if sound.audio_format == "wav"]
    assert max(levels) - min(levels) > 25


def test_every_engine_is_asked_and_what_is_not_real_is_named(tmp_path: Path) -> None:
    """Two of the three can't be had whole on a test machine: the figure says what is not in it."""
    with ExitStack() as running:
        asked = {one.engine: one for one in engines(tmp_path, 4.0, running)}
    assert list(asked) == ["espeak-ng", "sherpa-onnx", "edge-tts"]
    assert "not in it" in asked["sherpa-onnx"].note
    assert "not in it" in asked["edge-tts"].note


def test_an_engine_that_is_not_here_has_a_row(tmp_path: Path) -> None:
    """A row without a value, not a gap."""
    [figure] = voice._rendering(Asked("sherpa-onnx", "", {}, "not installed"), tmp_path, 1)
    assert (figure.value, figure.note) == (None, "not installed")


@pytest.mark.slow
def test_a_small_measurement_has_every_figure() -> None:
    """The aims that the issue names are held against, and the others stand beside without one."""
    measurement = voice.measure(few())
    aimed = {figure.what: figure.aim for figure in measurement.figures if figure.aim is not None}
    assert aimed == {
        "xiaolaba: 4 s of finished audio": 1.0,
        "xiaolaba: 4 s of finished audio, processor": 1.0,
        "xiaolaba: most memory": 120.0,
        "xiaolaba, horn: loudness error p95": 0.5,
        "xiaolaba, box: loudness error p95": 0.5,
        "xiaolaba, flat: loudness error p95": 0.5,
        "xiaolaba: highest true peak": -1.5,
    }
    by_name = {figure.what: figure for figure in measurement.figures}
    assert all(by_name[f"xiaolaba, {band}: loudness error p95"].verdict == "met" for band in ("horn", "box", "flat"))
    assert sum("loudness error p95" in what for what in by_name) == 3 + len(WAYS) - 1
    assert "2 sounds" in measurement.conditions
