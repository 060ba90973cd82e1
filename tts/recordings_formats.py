"""What a phone's file is, told by its first bytes: its name may say anything, and ffmpeg must not guess."""

from __future__ import annotations

from dataclasses import dataclass

HEAD_BYTES = 64


@dataclass(frozen=True)
class Format:
    """A kind of file: ``ending`` for its name where we keep it, ``demuxer`` as ffmpeg calls its only reader.

    ``tells_length`` says whether its head knows how long the whole is, so that a file that was cut shows.
    """

    ending: str
    demuxer: str
    tells_length: bool = False


_MOV = Format("m4a", "mov", tells_length=True)
FORMATS = (
    _MOV,
    Format("3gp", "mov", tells_length=True),
    Format("aac", "aac"),
    Format("mp3", "mp3"),
    Format("ogg", "ogg"),
    Format("webm", "matroska", tells_length=True),
    Format("amr", "amr"),
    Format("wav", "wav", tells_length=True),
    Format("flac", "flac", tells_length=True),
    Format("caf", "caf", tells_length=True),
    Format("wma", "asf"),
)
_BY_ENDING = {known.ending: known for known in FORMATS}
_STARTS = (
    (b"OggS", "ogg"),  # opus is an ogg too
    (b"\x1a\x45\xdf\xa3", "webm"),
    (b"#!AMR", "amr"),
    (b"fLaC", "flac"),
    (b"caff", "caf"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wma"),
    (b"ID3", "mp3"),
)


def format_of(head: bytes) -> Format | None:
    """Return the format of a file that begins with ``head``, or None if it is none that a phone records."""
    for start, ending in _STARTS:
        if head.startswith(start):
            return _BY_ENDING[ending]
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return _BY_ENDING["wav"]
    if head[4:8] == b"ftyp":
        return _BY_ENDING["3gp" if head[8:11] in {b"3gp", b"3g2"} else "m4a"]
    return _mpeg(head)


def _mpeg(head: bytes) -> Format | None:
    """Return mp3 or aac for what begins with the sync word of one: the layer is 0 in AAC and 1 (III) in mp3."""
    if len(head) < 2 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer = head[1] >> 1 & 0b11
    if layer == 0 and head[1] & 0xF0 == 0xF0:
        return _BY_ENDING["aac"]
    return _BY_ENDING["mp3"] if layer == 1 else None
