"""ffmpeg, held tight: named formats, no network, no other file, bounded in time."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from programme.publication import SAMPLE_RATE_HZ
from tts.engines import EngineUnavailable, SpeechNotWhole

LONGEST_SECONDS = 45 * 60  # twenty minutes at the usual pace, and more than half of that again for a slow voice
_RUN_SECONDS = 120
_FORMATS = "mp3,wav,s16le"
_OURS = ("-ar", str(SAMPLE_RATE_HZ), "-ac", "1")
_SUMMARY = re.compile(
    rb"Integrated loudness:\s+I:\s+(-?[\d.]+|-?inf|nan) LUFS.*?Peak:\s+(-?[\d.]+|-?inf|nan) dBFS", re.DOTALL
)
_CODECS = (
    "aac,aac_latm,alac,mp3,mp3float,amrnb,amrwb,opus,vorbis,flac,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8,"
    "pcm_s16be,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,wmav1,wmav2"
)
_FOREIGN = ("-protocol_whitelist", "file", "-codec_whitelist", _CODECS)
_METER = "ebur128=peak={}:framelog=verbose"


@dataclass(frozen=True)
class Level:
    """How loud a sound is: its loudness in LUFS and its peak in dBFS, the true one unless another was asked for."""

    loudness_lufs: float
    peak_dbfs: float


def decode(source: Path, audio_format: str, filters: tuple[str, ...], target: Path, *, true_peak: bool = True) -> Level:
    """Decode ``source``, which is of ``audio_format`` and nothing else, through ``filters`` to bare samples.

    The samples at ``target`` are S16_LE mono at 48 kHz. The format is named and never guessed: a playlist in
    disguise made ffmpeg read other files (measured). Raises SpeechNotWhole for what can't be decoded. Without
    ``true_peak`` the peak is that of the samples, which takes a third less time.
    """
    given = ("-f", audio_format, "-i", str(source), "-vn", "-t", str(LONGEST_SECONDS))
    wanted = ("-f", "s16le", str(target))
    return _run(given, (f"aresample={SAMPLE_RATE_HZ}", *filters), wanted, true_peak=true_peak)


def decode_foreign(source: Path, audio_format: str, target: Path, *, most_seconds: float) -> bool:
    """Decode a file that anybody may have sent to bare samples at ``target``, as they are; tell whether it could be.

    Only the named format and the codecs of phones are read, nothing on the network, no other file, no more than
    ``most_seconds`` however long it says it is, and what it makes ffmpeg complain of is thrown away unread.
    """
    bound = ("-t", str(most_seconds))
    opened = (*_FOREIGN, "-format_whitelist", audio_format, "-f", audio_format, *bound, "-i", str(source))
    chosen = ("-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", *bound)
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-loglevel", "quiet", "-y", *opened, *chosen]
    done = _bounded([*command, *_OURS, "-c:a", "pcm_s16le", "-f", "s16le", str(target)])
    return done.returncode == 0 and target.exists() and target.stat().st_size > 0


def declared_seconds(source: Path, audio_format: str) -> float | None:
    """Return how long the file says it is, None where it does not."""
    command = ["ffprobe", "-hide_banner", "-loglevel", "quiet", *_FOREIGN, "-format_whitelist", audio_format]
    command += ["-f", audio_format, "-show_entries", "format=duration", "-of", "default=nk=1:nw=1", "-i", str(source)]
    try:
        return float(_bounded(command).stdout[:40])
    except ValueError:  # it says N/A, or nothing
        return None


def process(samples: Path, filters: tuple[str, ...], target: Path) -> Level:
    """Put the bare samples through ``filters`` into a WAV, or bare where ``target`` ends in ``.raw``; measure that."""
    shape = ("-f", "s16le") if target.suffix == ".raw" else ("-f", "wav", "-bitexact")
    return _run(("-f", "s16le", *_OURS, "-i", str(samples)), filters, (*shape, str(target)))


def compress(clip: Path, target: Path) -> None:
    """Write a clip of ours as an MP3 of speech at ``target``: 5 kB a second instead of 96, and every phone plays it.

    Raises EngineUnavailable or SpeechNotWhole.
    """
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y"]
    command += ["-protocol_whitelist", "file", "-format_whitelist", "wav", "-f", "wav", "-i", str(clip)]
    command += ["-map_metadata", "-1", "-ar", "24000", "-ac", "1", "-c:a", "libmp3lame", "-b:a", "40k"]
    if _bounded([*command, "-f", "mp3", str(target)]).returncode != 0:
        raise SpeechNotWhole("声音文件没有压缩成", "the clip could not be compressed")


def _run(given: tuple[str, ...], filters: tuple[str, ...], wanted: tuple[str, ...], *, true_peak: bool = True) -> Level:
    """Run ffmpeg from file to file: through pipes twenty minutes of speech took 1.4 GB (measured)."""
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-y"]
    command += ["-protocol_whitelist", "file,pipe", "-format_whitelist", _FORMATS]
    command += [
        *given,
        "-af",
        ",".join((*filters, _METER.format("true" if true_peak else "sample"))),
        *_OURS,
        "-c:a",
        "pcm_s16le",
        *wanted,
    ]
    done = _bounded(command)
    summary = _SUMMARY.search(done.stderr[-4000:])
    if done.returncode != 0 or summary is None:
        raise SpeechNotWhole(
            "收到的声音文件是坏的，没有采用，请再试", "the speech could not be decoded, please try again"
        )
    return Level(float(summary[1]), float(summary[2]))


def _bounded(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - fixed arguments, no shell, paths of our own making
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_RUN_SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise EngineUnavailable(
            "没有装 ffmpeg，请安装：apt install ffmpeg", "ffmpeg is missing: apt install ffmpeg"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise SpeechNotWhole(
            "声音处理太久，已停止，请再试", "processing the sound took too long, please try again"
        ) from error
