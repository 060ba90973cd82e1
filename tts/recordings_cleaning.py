"""A person's recording becomes a clip: decoded, cleaned, cut to what sounds, brought to the common loudness.

Only the child imports this. The file may have come from anybody.
"""

from __future__ import annotations

from pathlib import Path

from box.settings import Loudspeaker
from programme.publication import SAMPLE_RATE_HZ
from tts.engines import RecordingRefused
from tts.ffmpeg import declared_seconds, decode_foreign, process
from tts.mixdown import MOST_GAIN_DB, SILENT_BELOW_PEAK_DB, SILENT_DBFS, level, sounding
from tts.recordings_formats import HEAD_BYTES, Format, format_of
from tts.treatment import AIM_LUFS, BANDS
from tts.wave_file import SAMPLE_BYTES, whole_frames

LONGEST_SECONDS = 5 * 60
SHORTEST_SECONDS = 0.5  # less can't be measured, and is a finger that slipped
LOUDNESS_WITHIN_LU = 0.5
_MOST_MISSING_SECONDS = 1.0  # between what a file says it holds and what came out of it
_CLEAN = ("highpass=f=90", "lowpass=f=9000", "afftdn=nr=12:nf=-45:tn=1")  # rumble, hiss, steady noise
_EVEN = "acompressor=threshold=-24dB:ratio=3:attack=5:release=120:makeup=2"


def clean(source: Path, work: Path, target: Path, loudspeaker: Loudspeaker = "box") -> int:
    """Write the recording ``source`` to ``target`` as a WAV of ours for that loudspeaker; return its frames.

    ``work`` takes what arises.

    The ends are found before the compressor, which would lift the noise there into what sounds. Raises
    RecordingRefused with a sentence for what is no recording, cut off, silent, too short or too long.
    """
    with source.open("rb") as file:
        kind = format_of(file.read(HEAD_BYTES))
    decoded, cleaned, even = work / "decoded.raw", work / "cleaned.raw", work / "even.raw"
    seconds = _decoded(source, kind, decoded)
    if seconds > LONGEST_SECONDS:
        raise _too_long()
    if seconds < SHORTEST_SECONDS:
        raise _too_short()
    reached = process(decoded, (*_CLEAN, *BANDS[loudspeaker]), cleaned)
    if reached.peak_dbfs < SILENT_DBFS or reached.loudness_lufs < AIM_LUFS - MOST_GAIN_DB:
        raise RecordingRefused(
            "录音里没有声音，请靠近话筒再录一次", "there is no sound in the recording: please record it again, nearer"
        )
    first, last = sounding(cleaned, max(reached.peak_dbfs - SILENT_BELOW_PEAK_DB, SILENT_DBFS))
    if last - first < SHORTEST_SECONDS * SAMPLE_RATE_HZ:
        raise _too_short()
    before = process(cleaned, (_EVEN,), even)
    at_last = level(even, before, first, last, target)
    frames = whole_frames(target)
    if frames is None or abs(at_last.loudness_lufs - AIM_LUFS) > LOUDNESS_WITHIN_LU:
        raise RecordingRefused(
            "录音的声音太不均匀，调不到合适的响度，请再录一次",
            "the recording is too uneven to be brought to the common loudness: please record it again",
        )
    return frames


def _decoded(source: Path, kind: Format | None, target: Path) -> float:
    """Decode ``source`` and return its seconds. Raises RecordingRefused for what is no sound, and what was cut."""
    if kind is None:
        raise _no_sound()
    declared = declared_seconds(source, kind.demuxer) if kind.tells_length else None
    if kind.ending == "wav" and _wave_is_cut(source):
        raise _cut_off()
    if declared is not None and declared > LONGEST_SECONDS:
        raise _too_long()
    if not decode_foreign(source, kind.demuxer, target, most_seconds=LONGEST_SECONDS + 1):
        raise _no_sound()
    seconds = target.stat().st_size / SAMPLE_BYTES / SAMPLE_RATE_HZ
    if declared is not None and seconds < declared - _MOST_MISSING_SECONDS:
        raise _cut_off()
    return seconds


def _wave_is_cut(source: Path) -> bool:
    """Tell whether a WAV is shorter than its head says: ffmpeg believes the file there. 0 and -1 mean unknown."""
    with source.open("rb") as file:
        said = int.from_bytes(file.read(8)[4:], "little")
    return said not in {0, 0xFFFFFFFF} and said + 8 > source.stat().st_size + 1  # a last odd byte may be left out


def _cut_off() -> RecordingRefused:
    return RecordingRefused(
        "录音文件不完整，后面断了，请再传一次", "the recording is cut off at its end: please send it again"
    )


def _no_sound() -> RecordingRefused:
    return RecordingRefused(
        "这个文件不是录音，或者没有传完整，请用手机的录音机录好再传",
        "this is no recording, or not all of it came: please record with the phone's recorder and send it again",
    )


def _too_long() -> RecordingRefused:
    minutes = LONGEST_SECONDS // 60
    return RecordingRefused(
        f"录音超过 {minutes} 分钟了，请分成几段来录", f"the recording is over {minutes} minutes: please make several"
    )


def _too_short() -> RecordingRefused:
    return RecordingRefused("录音太短了，请再录一次", "the recording is too short: please record it again")
