"""Which clip is a voice's sample: what has been rendered once is not rendered again to be heard."""

from __future__ import annotations

from pathlib import Path

import msgspec

from box.durable import replace_file
from tts.example_sentence import VOICE_SAMPLE


class _Kept(msgspec.Struct, frozen=True):
    text: str
    clips: dict[str, str]


class Samples:
    """The clips of ``VOICE_SAMPLE`` by the names of the voices, in a file that may be thrown away."""

    def __init__(self, path: Path, clips: Path) -> None:
        self._path = path
        self._clips = clips

    def of(self, voice: str) -> str | None:
        """Return the SHA-256 of the clip in which ``voice`` says the sample; None where it must be rendered first."""
        clip = self._kept().get(voice)
        return clip if clip and (self._clips / f"{clip}.wav").is_file() else None

    def keep(self, voice: str, sha256: str) -> None:
        """Keep which clip it is."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = _Kept(VOICE_SAMPLE, self._kept() | {voice: sha256})
        replace_file(self._path, msgspec.json.encode(kept), mode=0o600)

    def _kept(self) -> dict[str, str]:
        """Return what is kept for the sentence as it is now; a damaged file counts as none."""
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except (FileNotFoundError, msgspec.DecodeError):
            return {}
        return kept.clips if kept.text == VOICE_SAMPLE else {}
