"""The neural engine with made voices that echo their tokens, and with some that are broken."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.tts.made_voice import MATCHA, RATE_HZ, VITS, Made, make_voice, token_ids
from tts.child import RenderChild
from tts.engines import SpeechNotWhole, TextRefused, VoiceBroken
from tts.job import Job
from tts.sherpa import Sherpa
from tts.voices import SHERPA
from tts.wave_file import whole_frames

pytest.importorskip("sherpa_onnx", reason="the optional engine sherpa-onnx is not installed (requirements/neural.txt)")

ENOUGH = 1_500  # samples a token: more than the least that counts as spoken


def job(folder: Path, voice: Path, spoken: str = "请注意") -> Job:
    """Return a job for the voice in that folder."""
    folder.mkdir()
    target = str(folder / "clip.wav")
    return Job(
        engine=SHERPA,
        voice="made-echo",
        spoken=spoken,
        work=str(folder),
        target=target,
        seconds=30.0,
        voice_folder=str(voice),
    )


def echoed(path: Path, hold: int) -> list[int]:
    """Return the token ids that the samples of a WAV of floats are."""
    content = path.read_bytes()
    form, channels, rate = struct.unpack_from("<HHI", content, 20)
    assert (content[:4], form, channels, rate) == (b"RIFF", 3, 1, RATE_HZ)
    samples = struct.unpack(f"<{(len(content) - 44) // 4}f", content[44:])
    return [round(sample * 1000) for sample in samples[::hold]]


@pytest.mark.parametrize(("kind", "metadata"), [("matcha", MATCHA), ("vits", VITS)])
def test_exactly_its_tokens_are_said(tmp_path: Path, kind: str, metadata: dict[str, object]) -> None:
    """Every sound of every word, the phrase as a phrase, the marks as the voice has them; nothing more."""
    voice = tmp_path / "voice"
    make_voice(voice, Made(kind=kind, hold=ENOUGH, metadata=metadata))  # type: ignore[arg-type]  # one of both
    said = Sherpa(folder=voice, threads=1).speak("请注意。注意火、请！", "made-echo", tmp_path)
    first, second = token_ids("q", "ing3", "zh", "u4", "i4", "。"), token_ids("zh", "u4", "sp", "h", "uo3", "，")
    assert echoed(said, ENOUGH) == first + second + token_ids("q", "ing3", "！")


def test_the_child_makes_a_clip_of_it(tmp_path: Path) -> None:
    """From the job to 48 kHz PCM, in a process of its own."""
    make_voice(tmp_path / "voice")
    frames = RenderChild().render(job(tmp_path / "work", tmp_path / "voice"))
    assert frames == whole_frames(tmp_path / "work/clip.wav")
    assert frames > 48_000


def test_characters_that_it_does_not_know_come_back_by_name(tmp_path: Path) -> None:
    """The engine would leave them out without a word."""
    make_voice(tmp_path / "voice")
    with pytest.raises(TextRefused) as refused:
        RenderChild().render(job(tmp_path / "work", tmp_path / "voice", "请张三注意"))
    assert "“张三”" in refused.value.sentence.zh


@pytest.mark.parametrize(
    "made",
    [Made(metadata={}), Made(metadata={"sample_rate": 22_050}), Made(vocoder_metadata={})],
    ids=["none", "some", "vocoder"],
)
def test_a_model_that_ends_its_process_is_an_error_that_names_it(tmp_path: Path, made: Made) -> None:
    """The library exits on missing metadata, and crashes on a vocoder without; the parent lives and knows which."""
    make_voice(tmp_path / "voice", made)
    with pytest.raises(VoiceBroken) as broken:
        RenderChild().render(job(tmp_path / "work", tmp_path / "voice"))
    assert "made-echo" in broken.value.sentence.zh
    assert "一用就中断" in broken.value.sentence.zh


@pytest.mark.parametrize("name", ["model-steps-3.onnx", "lexicon.txt", "vocos-made.onnx", "voice.toml"])
@pytest.mark.parametrize("content", [None, b"damaged"], ids=["missing", "damaged"])
def test_a_damaged_file_is_never_heard(tmp_path: Path, name: str, content: bytes | None) -> None:
    """Every file is held against its hash before it is used."""
    voice = tmp_path / "voice"
    make_voice(voice)
    (voice / name).unlink()
    if content is not None:
        (voice / name).write_bytes(content)
    with pytest.raises(VoiceBroken):
        Sherpa(folder=voice).speak("请注意", "made-echo", tmp_path)


def test_speech_that_is_too_short_for_its_words_is_refused(tmp_path: Path) -> None:
    """A model that says less than anybody could has left words out."""
    make_voice(tmp_path / "voice", Made(hold=10))
    with pytest.raises(SpeechNotWhole):
        Sherpa(folder=tmp_path / "voice").speak("请注意", "made-echo", tmp_path)


def test_what_is_no_model_is_an_error(tmp_path: Path) -> None:
    """Whoever wrote the hash of rubbish gets a sentence."""
    voice = tmp_path / "voice"
    make_voice(voice, Made(rubbish=True))
    with pytest.raises(VoiceBroken):
        Sherpa(folder=voice).speak("请注意", "made-echo", tmp_path)
