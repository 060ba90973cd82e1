"""Mixdown: one loudness, no silence at the ends, no click, and nothing but the named format is decoded."""

from __future__ import annotations

import struct
import subprocess
from array import array
from itertools import pairwise
from pathlib import Path

import pytest

from box.settings import Loudspeaker
from tts.engines import SpeechNotWhole
from tts.ffmpeg import decode, process
from tts.mixdown import AIM_LUFS, mix_down
from tts.treatment import Treatment
from tts.wave_file import whole_frames

SPEECH_LIKE = "sine=frequency=440:duration=3,tremolo=f=4:d=0.8"


def made(path: Path, source: str, *arguments: str) -> Path:
    """Let ffmpeg make a file from one of its generators."""
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, *arguments, str(path)], check=True, timeout=60
    )
    return path


def strength_at(wav: Path, pitch_hz: int) -> float:
    """Return how much of a narrow band is in the WAV, in dB of its level."""
    bare = wav.with_suffix(".bare.raw")
    whole = decode(wav, "wav", (), bare)
    narrow = process(bare, (f"bandpass=f={pitch_hz}:width_type=q:w=8",) * 2, wav.with_suffix(".narrow.raw"))
    return narrow.peak_dbfs - whole.peak_dbfs


@pytest.mark.parametrize("loudspeaker", ["horn", "box", "flat"])
@pytest.mark.parametrize("volume", ["-30dB", "-15dB", "0dB", "12dB"])
def test_every_source_comes_out_at_the_common_loudness(tmp_path: Path, volume: str, loudspeaker: Loudspeaker) -> None:
    """Quiet or overdriven, for whichever loudspeaker, it is at -16 LUFS with its true peak below -1.5 dB."""
    source = made(tmp_path / "in.wav", f"{SPEECH_LIKE},volume={volume}")
    frames = mix_down([source], "wav", tmp_path / "out.wav", Treatment(loudspeaker=loudspeaker))
    assert frames == whole_frames(tmp_path / "out.wav")
    measured = decode(tmp_path / "out.wav", "wav", (), tmp_path / "measured.raw")
    assert measured.loudness_lufs == pytest.approx(AIM_LUFS, abs=0.5)
    assert measured.peak_dbfs <= -1.5


@pytest.mark.parametrize(
    ("loudspeaker", "low", "rumble", "high"),
    [("horn", False, False, False), ("box", True, False, True), ("flat", True, True, True)],
)
def test_the_band_is_that_of_the_loudspeaker(
    tmp_path: Path, loudspeaker: Loudspeaker, low: bool, rumble: bool, high: bool
) -> None:
    """Of four tones of one strength, a horn gets the middle, a box no rumble, and nothing is taken from the rest."""
    tones = "+".join(f"0.1*sin(2*PI*{pitch}*t)" for pitch in (40, 150, 1000, 12000))
    source = made(tmp_path / "in.wav", f"aevalsrc='{tones}':d=2:s=48000")
    mix_down([source], "wav", tmp_path / "out.wav", Treatment(loudspeaker=loudspeaker))
    middle = strength_at(tmp_path / "out.wav", 1000)
    heard = [strength_at(tmp_path / "out.wav", pitch) > middle - 6 for pitch in (40, 150, 12000)]
    assert heard == [rumble, low, high]


def test_sentences_are_joined_with_the_pause_and_without_a_click(tmp_path: Path) -> None:
    """Speech that begins and ends at its loudest is faded; between two lies silence of the length that was set."""
    sources = [
        made(tmp_path / f"{number}.wav", f"aevalsrc='0.5*cos(2*PI*{pitch}*t)':d=1:s=48000")
        for number, pitch in enumerate((300, 500, 700))
    ]
    frames = mix_down(sources, "wav", tmp_path / "out.wav", Treatment(sentence_pause_ms=800))
    assert frames == 3 * 48_000 + 2 * 38_400
    samples = array("h", (tmp_path / "out.wav").read_bytes()[44:])
    sounding = [at for at, sample in enumerate(samples) if abs(sample) > 2]
    silences = [(end, begin) for end, begin in pairwise(sounding) if begin - end > 4_800]
    assert [begin - end for end, begin in silences] == pytest.approx([38_400, 38_400], abs=50)
    for end, begin in silences:
        assert max(abs(sample) for sample in (*samples[end - 24 : end], *samples[begin : begin + 24])) < 1_500
    assert max(map(abs, samples)) > 5_000


def test_a_sentence_without_sound_spoils_the_whole(tmp_path: Path) -> None:
    """Words are missing, wherever they are."""
    sources = [made(tmp_path / "a.wav", SPEECH_LIKE), made(tmp_path / "b.wav", "anullsrc=duration=2")]
    with pytest.raises(SpeechNotWhole):
        mix_down(sources, "wav", tmp_path / "out.wav", Treatment(sentence_pause_ms=500))


def test_speech_with_hard_peaks_is_limited_not_clipped(tmp_path: Path) -> None:
    """Clicks far above the speech do not keep it quiet, nor come through."""
    source = made(tmp_path / "in.wav", "aevalsrc='0.05*sin(1400*t)+0.9*lt(mod(t\\,0.7)\\,0.0005)':d=3")
    mix_down([source], "wav", tmp_path / "out.wav")
    measured = decode(tmp_path / "out.wav", "wav", (), tmp_path / "measured.raw")
    assert measured.loudness_lufs == pytest.approx(AIM_LUFS, abs=1)
    assert measured.peak_dbfs <= -1.5


def test_silence_at_both_ends_is_cut_to_a_pad(tmp_path: Path) -> None:
    """A second of sound in the middle of four is left with less than 150 ms around it."""
    source = made(tmp_path / "in.wav", "sine=frequency=300:duration=1,adelay=1500,apad=pad_dur=1.5")
    frames = mix_down([source], "wav", tmp_path / "out.wav")
    assert 48_000 <= frames <= 48_000 * 1.3


def test_both_ends_begin_and_end_at_nothing(tmp_path: Path) -> None:
    """The first and the last sample are all but zero, so that no joint clicks."""
    mix_down([made(tmp_path / "in.wav", SPEECH_LIKE)], "wav", tmp_path / "out.wav")
    content = (tmp_path / "out.wav").read_bytes()
    assert content[36:40] == b"data"
    first, last = struct.unpack("<h", content[44:46])[0], struct.unpack("<h", content[-2:])[0]
    assert max(abs(first), abs(last)) < 60


def test_mp3_of_the_service_is_decoded(tmp_path: Path) -> None:
    """24 kHz mono mp3 comes out as 48 kHz PCM of the same length."""
    source = made(tmp_path / "in.mp3", SPEECH_LIKE, "-ar", "24000", "-b:a", "48k")
    frames = mix_down([source], "mp3", tmp_path / "out.wav")
    assert frames / 48_000 == pytest.approx(3, abs=0.15)


def test_silence_is_not_speech(tmp_path: Path) -> None:
    """An engine that gave silence has not spoken."""
    source = made(tmp_path / "in.wav", "anullsrc=duration=2")
    with pytest.raises(SpeechNotWhole):
        mix_down([source], "wav", tmp_path / "out.wav")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not audio at all",
        b"#EXTM3U\n#EXTINF:10,\nsecret.wav\n",
        b"ffconcat version 1.0\nfile secret.wav\n",
    ],
)
@pytest.mark.parametrize("audio_format", ["mp3", "wav"])
def test_what_is_not_of_the_named_format_is_refused(tmp_path: Path, content: bytes, audio_format: str) -> None:
    """A playlist in disguise is not followed: the file beside it does not come out."""
    made(tmp_path / "secret.wav", SPEECH_LIKE)
    (tmp_path / "in").write_bytes(content)
    with pytest.raises(SpeechNotWhole):
        mix_down([tmp_path / "in"], audio_format, tmp_path / "out.wav")
    assert not (tmp_path / "out.wav").exists()
