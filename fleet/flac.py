"""Clips as they travel: FLAC, half the size, and bit by bit the same clip when it is decoded."""

from __future__ import annotations

import os
import subprocess
import tempfile
import wave
from pathlib import Path

from box.durable import sync_folder
from box.sentences import XiaolabaError
from box.storage import hash_of
from programme.publication import SAMPLE_RATE_HZ
from tts.ffmpeg import LONGEST_SECONDS, decode_foreign
from tts.wave_file import SAMPLE_BYTES

_RUN_SECONDS = 120
_PIECE_BYTES = 1 << 20


class ClipNotWhole(XiaolabaError):
    """A clip could not be compressed, or what came is not the clip that was announced."""


def compress(clip: Path, folder: Path) -> tuple[str, int]:
    """Put the WAV ``clip`` into ``folder`` as ``<sha256>.flac``, durably; return that hash and the size in bytes.

    Raises ClipNotWhole, OSError.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=".") as name:
        flac, again = Path(name) / "clip.flac", Path(name) / "clip.wav"
        command = ["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y"]
        command += ["-protocol_whitelist", "file", "-f", "wav", "-i", str(clip), "-map_metadata", "-1"]
        command += ["-c:a", "flac", "-compression_level", "8", "-bitexact", "-f", "flac", str(flac)]
        try:
            done = subprocess.run(  # noqa: S603 - fixed arguments, no shell, paths of our own making
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_RUN_SECONDS, check=False
            )
        except FileNotFoundError as error:
            raise ClipNotWhole(
                "没有装 ffmpeg，请安装：apt install ffmpeg", "ffmpeg is missing: apt install ffmpeg"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise ClipNotWhole("声音压缩太久，已停止", "compressing a clip took too long") from error
        if done.returncode != 0:
            raise ClipNotWhole("有一段声音压缩不了，请重新生成", "a clip can't be compressed: make it again")
        decompress(flac, hash_of(clip), again)
        digest, size = hash_of(flac), flac.stat().st_size
        flac.chmod(0o640)
        with flac.open("rb") as file:
            os.fsync(file.fileno())
        flac.replace(folder / f"{digest}.flac")
    sync_folder(folder)
    return digest, size


def decompress(flac: Path, clip: str, target: Path) -> int:
    """Decode ``flac`` into the WAV ``target``, which must have the hash ``clip``; return its frames.

    Anybody may have made the file: ffmpeg is held as for a phone's recordings, and ``target`` is not there unless the
    hash is right. Raises ClipNotWhole, OSError.
    """
    samples = target.with_suffix(".raw")
    try:
        if not decode_foreign(flac, "flac", samples, most_seconds=LONGEST_SECONDS):
            raise ClipNotWhole("收到的声音解不开，没有采用", "a clip that came can't be decoded and was refused")
        frames = _wrap(samples, target)
        if hash_of(target) != clip:
            target.unlink()
            raise ClipNotWhole(
                "收到的声音被改过，没有采用", "a clip that came is not what was announced and was refused"
            )
        return frames
    finally:
        samples.unlink(missing_ok=True)


def _wrap(samples: Path, target: Path) -> int:
    """Put bare samples into the one kind of WAV there is here, and return the frames."""
    with samples.open("rb") as source, target.open("wb") as raw:
        with wave.open(raw, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(SAMPLE_RATE_HZ)
            file.setnframes(samples.stat().st_size // SAMPLE_BYTES)
            while piece := source.read(_PIECE_BYTES):
                file.writeframesraw(piece)
        raw.flush()
        os.fsync(raw.fileno())
    return samples.stat().st_size // SAMPLE_BYTES
