"""Files that somebody means harm with, or that a phone has spoilt: a folder of them, and what is to become of each."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.tts.phone_files import ffmpeg, phone_file

NO_RECORDING = "不是录音"
CUT_OFF = "后面断了"
TOO_LONG = "超过 5 分钟"
TOO_SHORT = "太短"
SILENT = "没有声音"
NOTHING_CAME = "没有收到录音"
TOO_LARGE = "太大"
_HOURS = 4
_STREAMINFO_TOTAL = slice(21, 26)  # of a FLAC file: 4 bits of the depth, then 36 of the count of samples


@dataclass(frozen=True)
class Hostile:
    """A file, and the words of the sentence that refuses it; None where it holds good speech and is to be taken."""

    path: Path
    refused: str | None


def hostile_files(folder: Path, *, speech: Path, secret: Path, port: int) -> list[Hostile]:
    """Write them into ``folder``. Those that lead elsewhere lead to the file ``secret`` and to a local ``port``."""
    made = folder.parent / "made"
    made.mkdir()
    return [
        *(_written(folder, name, content, NO_RECORDING) for name, content in _leading_elsewhere(secret, port)),
        *(_written(folder, name, content, NO_RECORDING) for name, content in _no_sound()),
        *(_written(folder, name, content, refused) for name, content, refused in _rubbish()),
        *_bombs(folder, made),
        *_spoilt(folder, made, speech),
        *_harmless(folder, made, speech),
    ]


def _written(folder: Path, name: str, content: bytes, refused: str | None) -> Hostile:
    path = folder / name
    path.write_bytes(content)
    return Hostile(path, refused)


def _leading_elsewhere(secret: Path, port: int) -> Iterator[tuple[str, bytes]]:
    """Yield playlists and descriptions that name another file or a server, bare and in the clothes of a recording."""
    url = f"http://127.0.0.1:{port}/a.mp3"
    playlists = {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n",
        "hls-server": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n",
        "hls-key": f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{url}"\n#EXTINF:9,\nfile://{secret}\n#EXT-X-ENDLIST\n',
        "concat": f"ffconcat version 1.0\nfile '{secret}'\n",
        "concat-server": f"ffconcat version 1.0\nfile '{url}'\n",
        "dash": f'<?xml version="1.0"?><MPD><Period><BaseURL>{url}</BaseURL></Period></MPD>',
        "asx": f'<asx version="3.0"><entry><ref href="{url}"/></entry></asx>',
        "smil": f"[playlist]\nFile1={url}\nNumberOfEntries=1\n",
    }
    for name, text in playlists.items():
        yield f"{name}.m4a" if "server" in name else f"{name}.mp3", text.encode()
        yield f"{name}-with-id3.mp3", b"ID3\x03\0\0\0\0\0\0" + text.encode()
    yield "sdp.m4a", f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio {port} RTP/AVP 0\n".encode()
    yield "rtsp.sdp", f"rtsptext\nrtsp://127.0.0.1:{port}/a\n".encode()
    yield "drawing.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>'.encode()


def _no_sound() -> Iterator[tuple[str, bytes]]:
    """Yield what is no recording at all, under the names of recordings."""
    yield "text.mp3", "请各位居民注意。\n".encode()
    yield "page.wav", b"<!DOCTYPE html><script>alert(1)</script>"
    yield "script.m4a", b"#!/bin/sh\ntouch /tmp/owned\n"
    yield "image.mp3", _png(8, 8)
    yield "image-bomb.mp3", _png(30_000, 30_000)
    yield "archive.ogg", b"PK\x03\x04" + bytes(60)
    yield "noughts.wav", bytes(4096)


def _rubbish() -> Iterator[tuple[str, bytes, str]]:
    """Yield the first bytes of a recording and then nothing that belongs there."""
    noise = bytes(at * at * 31 % 251 for at in range(20_000))
    yield "rubbish.ogg", b"OggS" + noise, NO_RECORDING
    yield "rubbish.webm", b"\x1a\x45\xdf\xa3" + noise, NO_RECORDING
    yield "rubbish.flac", b"fLaC" + noise, NO_RECORDING
    yield "rubbish.m4a", b"\0\0\0\x18ftypM4A \0\0\0\0" + noise, NO_RECORDING
    yield "rubbish.wav", b"RIFF\xff\xff\xff\xffWAVEfmt " + noise, NO_RECORDING
    yield "rubbish.caf", b"caff\0\x01\0\0" + noise, NO_RECORDING
    yield "rubbish.wma", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c" + noise, NO_RECORDING
    yield "rubbish.mp3", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + noise, NO_RECORDING
    yield "a-size-of-all-ones.m4a", b"\xff\xff\xff\xffftypM4A " + b"\xff\xff\xff\xffmoov" + noise, NO_RECORDING
    yield "no-rate.wav", _wave(rate_hz=0, channels=1, samples=bytes(96_000)), NO_RECORDING
    yield "no-channels.wav", _wave(rate_hz=48_000, channels=0, samples=bytes(96_000)), NO_RECORDING


def _bombs(folder: Path, made: Path) -> Iterator[Hostile]:
    """Yield small files that are hours of sound, or claim to be."""
    hours = made / "hours.flac"
    silence = ("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", str(_HOURS * 3600))
    ffmpeg(*silence, "-c:a", "flac", "-compression_level", "0", "-frame_size", "65535", str(hours))
    yield _written(folder, "four-hours.flac", hours.read_bytes(), TOO_LONG)
    bomb = made / "bomb.flac"
    wide = ("-f", "lavfi", "-i", "anullsrc=r=192000:cl=7.1", "-t", "90")
    ffmpeg(*wide, "-c:a", "flac", "-compression_level", "0", "-frame_size", "65535", str(bomb))
    yield _written(folder, "wide.flac", _without_length(bomb.read_bytes()), SILENT)
    yield _written(folder, "bomb.flac", _without_length(hours.read_bytes()), TOO_LONG)
    frame = b"\x04" + bytes(12)  # 20 ms at 4.75 kbit/s
    yield _written(folder, "four-hours.amr", b"#!AMR\n" + frame * (_HOURS * 3600 * 50), TOO_LONG)
    yield _written(folder, "one-sample-a-second.wav", _wave(rate_hz=1, channels=1, samples=bytes(40_000)), TOO_LONG)
    yield _written(folder, "larger-than-is-taken.wav", b"RIFF" + bytes(20 * 1024 * 1024), TOO_LARGE)


def _spoilt(folder: Path, made: Path, speech: Path) -> Iterator[Hostile]:
    """Yield what arrived in part, and what holds nothing to hear."""
    m4a = phone_file(made, "m4a", speech).read_bytes()
    yield _written(folder, "cut.m4a", m4a[: len(m4a) // 2], NO_RECORDING)  # its index is at its end
    fast = made / "fast.m4a"
    ffmpeg("-i", str(made / "memo.m4a"), "-c", "copy", "-movflags", "faststart", "-f", "ipod", str(fast))
    yield _written(folder, "cut-with-index.m4a", fast.read_bytes()[: fast.stat().st_size // 2], CUT_OFF)
    wav = speech.read_bytes()
    yield _written(folder, "cut.wav", wav[: len(wav) // 2], CUT_OFF)
    yield _written(folder, "nothing.m4a", b"", NOTHING_CAME)
    yield _written(folder, "silence.wav", _wave(rate_hz=8_000, channels=1, samples=bytes(64_000)), SILENT)
    yield _written(folder, "a-blink.wav", _wave(rate_hz=48_000, channels=1, samples=b"\x10\x27" * 4_800), TOO_SHORT)
    film = made / "film.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x64:rate=5:duration=3", "-c:v", "mpeg4", str(film))
    yield _written(folder, "film-without-sound.mp4", film.read_bytes(), NO_RECORDING)


def _harmless(folder: Path, made: Path, speech: Path) -> Iterator[Hostile]:
    """Yield good speech that looks like trouble: wrong endings, names like options, a cover that is a bomb."""
    mp3 = phone_file(made, "mp3 without a head", speech).read_bytes()
    m4a = phone_file(made, "m4a", speech).read_bytes()
    for name in ("mp3-that-is-called.wav", "-i", "-y.mp3", "--help", "a b;c$(d)`e`|f.mp3", "录音\n二.mp3"):
        yield _written(folder, name, mp3, None)
    yield _written(folder, "m4a-that-is-called.txt", m4a, None)
    yield _written(folder, "concat:secret|secret.mp3", mp3, None)
    yield _written(folder, "cover-bomb.mp3", _with_cover(mp3, _png(30_000, 30_000)), None)


def _wave(*, rate_hz: int, channels: int, samples: bytes) -> bytes:
    """Return a WAV of S16_LE whose head says what it is told to."""
    block = channels * 2
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate_hz, rate_hz * block, block, 16)
    body = b"WAVE" + head + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _without_length(flac: bytes) -> bytes:
    """Return a FLAC file whose head says that it does not know how many samples there are."""
    depth = flac[_STREAMINFO_TOTAL][0] & 0xF0
    return flac[: _STREAMINFO_TOTAL.start] + bytes([depth, 0, 0, 0, 0]) + flac[_STREAMINFO_TOTAL.stop :]


def _png(width: int, height: int) -> bytes:
    """Return a black picture, which is small however large it is when it is decoded."""
    size = (1 + width * 3) * height
    packer = zlib.compressobj(9, wbits=-15)
    million = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)  # can stand anywhere
    end = packer.compress(bytes(size % 1_000_000)) + packer.flush()
    adler = size % 65_521 << 16 | 1  # of so many noughts (RFC 1950)
    pixels = b"\x78\xda" + million * (size // 1_000_000) + end + struct.pack(">I", adler)

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _with_cover(mp3: bytes, picture: bytes) -> bytes:
    """Return the mp3 with a tag that holds the picture, as music has its cover."""
    frame = b"\0image/png\0\x03\0" + picture
    tag = b"APIC" + struct.pack(">I", len(frame)) + b"\0\0" + frame
    size = bytes(len(tag) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + tag + mp3
