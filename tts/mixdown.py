"""Mixdown: an engine's audio becomes 48 kHz mono PCM at the common loudness. Only the child imports this (pydub)."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from pathlib import Path

from pydub import AudioSegment
from pydub.silence import detect_leading_silence

from programme.publication import SAMPLE_RATE_HZ
from tts.engines import SpeechNotWhole
from tts.ffmpeg import Level, decode, process
from tts.treatment import AIM_LUFS, BANDS, USUAL, Treatment
from tts.wave_file import SAMPLE_BYTES, whole_frames

LOUDEST_PEAK_DBFS = -1.5
CLOSE_ENOUGH_LU = 0.3
_LIMIT_DBFS = -1.7  # of the samples: between them the true peak is a little higher
MOST_GAIN_DB = 40.0
_MOST_ROUNDS = 6  # speech took one or two (measured)
_LIMITED_SLOPE = 0.5  # LU that a dB of gain brings where the limiter holds the peaks: 0.4 to 0.6 with speech (measured)
_LEAST_SLOPE = 0.25
_QUIETEST_LUFS = -69.0  # below this the meter has nothing to gate: silence, or shorter than 0.4 s

SILENT_DBFS = -60.0
SILENT_BELOW_PEAK_DB = 40.0
_PAD_FRAMES = 60 * SAMPLE_RATE_HZ // 1000
_FADE_FRAMES = 5 * SAMPLE_RATE_HZ // 1000
_END_SECONDS = 20  # no engine is silent for longer at either end


def mix_down(sources: Sequence[Path], audio_format: str, target: Path, treatment: Treatment = USUAL) -> int:
    """Write the ``sources`` (mp3 or wav of speech) to ``target`` as one WAV of ours; return its frames.

    Of each, silence at both ends is cut to a small pad and the ends are faded, so that nothing clicks; between two
    lies the sentence pause. The loudness of the whole is brought to -16 LUFS with a true peak below -1.5 dB. Bare
    samples stay beside ``target`` with the suffix ``.raw``. Raises SpeechNotWhole when there is no sound in one.
    """
    band = BANDS[treatment.loudspeaker]
    samples = target.with_suffix(".raw")
    if len(sources) == 1:
        decoded, first, last = _decoded(sources[0], audio_format, band, samples)
    else:
        pause_frames = treatment.sentence_pause_ms * SAMPLE_RATE_HZ // 1000
        decoded = _joined(sources, audio_format, band, pause_frames, samples)
        first, last = 0, samples.stat().st_size // SAMPLE_BYTES
    level(samples, decoded, first, last, target)
    frames = whole_frames(target)
    if frames is None:
        raise SpeechNotWhole("声音文件没有写完整，请检查存储空间", "the clip was not written whole, is the disk full?")
    return frames


def _decoded(source: Path, audio_format: str, band: tuple[str, ...], samples: Path) -> tuple[Level, int, int]:
    """Decode ``source`` to ``samples``; return its level, the first frame that sounds and the one after the last."""
    decoded = decode(source, audio_format, band, samples, true_peak=False)
    if decoded.peak_dbfs < SILENT_DBFS:
        raise SpeechNotWhole("生成的声音里没有内容，请再试", "the speech that came was silent, please try again")
    return decoded, *sounding(samples, max(decoded.peak_dbfs - SILENT_BELOW_PEAK_DB, SILENT_DBFS))


def _joined(
    sources: Sequence[Path], audio_format: str, band: tuple[str, ...], pause_frames: int, samples: Path
) -> Level:
    """Write what sounds of all ``sources`` to ``samples``, the pause between two; return the level of the whole."""
    one, ended, joined = (samples.with_suffix(f".{name}.raw") for name in ("one", "ended", "joined"))
    with joined.open("wb") as file:
        for number, source in enumerate(sources):
            _, first, last = _decoded(source, audio_format, band, one)
            process(one, _ends(first, last), ended)
            if number:
                file.write(bytes(pause_frames * SAMPLE_BYTES))
            with ended.open("rb") as part:
                shutil.copyfileobj(part, file)
    return process(joined, (), samples)


def _ends(first: int, last: int, between: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the filters that cut to the frames from ``first`` to ``last`` and, after ``between``, fade both ends."""
    return (
        f"atrim=start_sample={first}:end_sample={last}",
        *between,
        f"afade=type=in:start_sample=0:nb_samples={_FADE_FRAMES}",
        f"afade=type=out:start_sample={max(last - first - _FADE_FRAMES, 0)}:nb_samples={_FADE_FRAMES}",
    )


def level(samples: Path, decoded: Level, first: int, last: int, target: Path) -> Level:
    """Bring the frames from ``first`` to ``last`` to the aim by a gain and a limiter.

    Again, a little different, for what the limiter took away or let through: it takes the more the louder it gets, so
    that what is missed is not what has to be added. The ends are trimmed before and faded after that. Returns what was
    reached, measured on the result.
    """
    measurable = math.isfinite(decoded.loudness_lufs) and decoded.loudness_lufs > _QUIETEST_LUFS
    gain_db = min(AIM_LUFS - decoded.loudness_lufs, MOST_GAIN_DB) if measurable else 0.0
    limit_dbfs, slope = _LIMIT_DBFS, _LIMITED_SLOPE
    before: tuple[float, float] | None = None
    for _ in range(_MOST_ROUNDS):
        limiter = f"alimiter=limit={10 ** (limit_dbfs / 20):.4f}:level=false"
        reached = process(samples, _ends(first, last, (f"volume={gain_db:.2f}dB", limiter)), target)
        missed_lu = AIM_LUFS - reached.loudness_lufs
        excess_db = reached.peak_dbfs - LOUDEST_PEAK_DBFS
        if not measurable or (abs(missed_lu) <= CLOSE_ENOUGH_LU and excess_db <= 0):
            break
        if before is not None and gain_db != before[0]:
            slope = (reached.loudness_lufs - before[1]) / (gain_db - before[0])
            slope = min(max(slope, _LEAST_SLOPE), 1.0)
        before = gain_db, reached.loudness_lufs
        gain_db = min(gain_db + missed_lu / slope, MOST_GAIN_DB)
        limit_dbfs -= max(excess_db + 0.1, 0.0)
    return reached


def sounding(samples: Path, silent_dbfs: float) -> tuple[int, int]:
    """Return the first frame and the one after the last that sound, with the pad around them."""
    frames = samples.stat().st_size // SAMPLE_BYTES
    most = _END_SECONDS * SAMPLE_RATE_HZ
    with samples.open("rb") as file:
        head = _segment(file.read(most * SAMPLE_BYTES))
        file.seek(max(frames - most, 0) * SAMPLE_BYTES)
        tail = _segment(file.read()).reverse()
    before = detect_leading_silence(head, silent_dbfs) * SAMPLE_RATE_HZ // 1000
    after = detect_leading_silence(tail, silent_dbfs) * SAMPLE_RATE_HZ // 1000
    return max(before - _PAD_FRAMES, 0), min(frames - after + _PAD_FRAMES, frames)


def _segment(samples: bytes) -> AudioSegment:
    return AudioSegment(data=samples, sample_width=SAMPLE_BYTES, frame_rate=SAMPLE_RATE_HZ, channels=1)
