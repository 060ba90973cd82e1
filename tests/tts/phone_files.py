"""Recordings as phones and browsers make them: real speech in every format that is taken."""

from __future__ import annotations

import ctypes
import subprocess
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tts.espeak import Espeak
from tts.voices import ESPEAK_VOICE

WORDS = "请各位居民注意，明天上午停水，请提前储水。"
SILENT_BEFORE_SECONDS = 1.2
SILENT_AFTER_SECONDS = 1.5
_AMR_NB_MODE, _AMR_WB_MODE = 7, 8  # 12.2 and 23.85 kbit/s, the best of each
_AAC = ("-c:a", "aac", "-b:a", "64k", "-ar", "44100")
_OPUS = ("-c:a", "libopus", "-b:a", "32k")


@dataclass(frozen=True)
class Speech:
    """Words between silence, as a WAV: how long the words alone sound, and how long the whole is."""

    path: Path
    sounding_seconds: float
    seconds: float


# What makes them: iPhone (m4a, caf), Android recorders (m4a, aac, mp3, amr, 3gp, wav), older Windows (wma), browsers
# (webm of Chrome and Firefox, m4a in fragments of Safari, ogg of Firefox), and flac of those who know it.
FORMATS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "m4a": ("memo.m4a", (*_AAC, "-f", "ipod")),
    "m4a of a browser": ("memo.m4a", (*_AAC, "-f", "mp4", "-movflags", "frag_keyframe+empty_moov+default_base_moof")),
    "m4a lossless": ("memo.m4a", ("-c:a", "alac", "-f", "ipod")),
    "aac": ("memo.aac", (*_AAC, "-f", "adts")),
    "mp3": ("memo.mp3", ("-c:a", "libmp3lame", "-b:a", "64k", "-ar", "44100")),
    "mp3 without a head": (
        "memo.mp3",
        ("-c:a", "libmp3lame", "-b:a", "48k", "-ar", "24000", "-id3v2_version", "0", "-write_xing", "0"),
    ),
    "ogg": ("memo.ogg", ("-c:a", "libvorbis", "-ar", "44100")),
    "opus": ("memo.opus", (*_OPUS, "-f", "ogg")),
    "webm": ("memo.webm", (*_OPUS, "-f", "webm")),
    "webm of a browser": ("memo.webm", (*_OPUS, "-f", "webm", "-live", "1")),  # its head knows no length
    "3gp with aac": ("memo.3gp", (*_AAC, "-f", "3gp")),
    "wav": ("memo.wav", ("-c:a", "pcm_s16le", "-ar", "44100", "-ac", "2")),
    "wav of telephones": ("memo.wav", ("-c:a", "pcm_alaw", "-ar", "8000")),
    "flac": ("memo.flac", ("-c:a", "flac", "-ar", "48000")),
    "caf": ("memo.caf", ("-c:a", "alac", "-f", "caf")),
    "wma": ("memo.wma", ("-c:a", "wmav2", "-b:a", "64k", "-ar", "44100", "-f", "asf")),
}
AMR_FORMATS = ("amr-nb", "amr-wb", "3gp with amr")
ALL = (*FORMATS, *AMR_FORMATS)


def speech(folder: Path, *, level_db: float = 0.0, words: str = WORDS) -> Speech:
    """Have espeak-ng say ``words``, that much louder, and put silence on both sides."""
    said = Espeak().speak(words, ESPEAK_VOICE, folder)
    path = folder / "speech.wav"
    around = f"adelay={SILENT_BEFORE_SECONDS * 1000:.0f}:all=1,apad=pad_dur={SILENT_AFTER_SECONDS}"
    ffmpeg("-i", str(said), "-af", f"volume={level_db}dB,{around}", "-ar", "44100", "-ac", "1", str(path))
    samples = _samples(path, 48_000)
    silent = max(map(abs, samples)) // 100
    heard = [at for at, sample in enumerate(samples) if abs(sample) > silent]
    return Speech(path, (heard[-1] - heard[0]) / 48_000, len(samples) / 48_000)


def phone_file(folder: Path, format_name: str, source: Path) -> Path:
    """Return ``source``, a WAV, as a phone would have recorded it in that format."""
    if format_name == "amr-nb":
        return _amr_nb(folder / "memo.amr", source)
    if format_name == "amr-wb":
        return _amr_wb(folder / "memo.amr", source)
    if format_name == "3gp with amr":
        path = folder / "memo.3gp"
        ffmpeg("-i", str(_amr_nb(folder / "inside.amr", source)), "-c", "copy", "-f", "3gp", str(path))
        return path
    name, arguments = FORMATS[format_name]
    path = folder / name
    ffmpeg("-i", str(source), *arguments, str(path))
    return path


def ffmpeg(*arguments: str) -> None:
    """Run ffmpeg as anybody would."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def _amr_nb(path: Path, source: Path) -> Path:
    """Encode with libopencore-amrnb0, as ffmpeg here can only decode AMR."""
    library = ctypes.CDLL("libopencore-amrnb.so.0")
    library.Encoder_Interface_init.restype = ctypes.c_void_p
    library.Encoder_Interface_exit.argtypes = [ctypes.c_void_p]
    encode = library.Encoder_Interface_Encode
    encode.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]
    state = library.Encoder_Interface_init(0)
    packets = []
    for frame in _frames(source, 8_000, 160):
        packet = ctypes.create_string_buffer(64)
        size = encode(state, _AMR_NB_MODE, frame, packet, 0)
        packets.append(packet.raw[:size])
    library.Encoder_Interface_exit(state)
    path.write_bytes(b"#!AMR\n" + b"".join(packets))
    return path


def _amr_wb(path: Path, source: Path) -> Path:
    """Encode with libvo-amrwbenc0."""
    library = ctypes.CDLL("libvo-amrwbenc.so.0")
    library.E_IF_init.restype = ctypes.c_void_p
    library.E_IF_exit.argtypes = [ctypes.c_void_p]
    encode = library.E_IF_encode
    encode.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]
    state = library.E_IF_init()
    packets = []
    for frame in _frames(source, 16_000, 320):
        packet = ctypes.create_string_buffer(128)
        size = encode(state, _AMR_WB_MODE, frame, packet, 0)
        packets.append(packet.raw[:size])
    library.E_IF_exit(state)
    path.write_bytes(b"#!AMR-WB\n" + b"".join(packets))
    return path


def _frames(source: Path, rate_hz: int, samples: int) -> list[bytes]:
    """Return the whole sound in frames of 20 ms, the last one filled up."""
    pcm = _samples(source, rate_hz).tobytes()
    size = samples * 2
    return [pcm[at : at + size].ljust(size, b"\0") for at in range(0, len(pcm), size)]


def _samples(source: Path, rate_hz: int) -> array[int]:
    pcm = source.with_suffix(f".{rate_hz}.raw")
    ffmpeg("-i", str(source), "-ar", str(rate_hz), "-ac", "1", "-f", "s16le", str(pcm))
    samples = array("h")
    samples.frombytes(pcm.read_bytes())
    return samples
