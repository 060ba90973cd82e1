"""The network service's voices, asked for once and kept, so that they can be listed without a network."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import msgspec

from box.clock import Clock
from box.durable import replace_file
from tts.child import Lister
from tts.engines import Voice
from tts.job import ListedVoice, ListingJob
from tts.voices import EDGE, VOICES

ASK_SECONDS = 20.0
_MODE = 0o640
_SPEAKS = {"zh-CN": ("", ""), "zh-HK": ("粤语", "Cantonese"), "zh-TW": ("台湾", "Taiwan")}


class KeptList(msgspec.Struct, frozen=True, kw_only=True):
    """What the service had when it was ``asked``."""

    asked: datetime
    voices: tuple[ListedVoice, ...]

    def gone(self) -> tuple[Voice, ...]:
        """Return the voices that we know of and the service had no more."""
        had = {voice.name for voice in self.voices}
        return tuple(voice for voice in VOICES if voice.engine == EDGE and voice.name not in had)

    def new(self) -> tuple[Voice, ...]:
        """Return the voices that we do not know of by ourselves, called as the service calls them."""
        known = {voice.name for voice in VOICES}
        return tuple(_titled(voice) for voice in self.voices if voice.name not in known)


class VoiceList:
    """The list that is kept at ``path``."""

    def __init__(
        self, path: Path, *, lister: Lister, clock: Clock, proxy: str | None = None, ca_file: str | None = None
    ) -> None:
        self._path = path
        self._lister = lister
        self._clock = clock
        self._proxy = proxy
        self._ca_file = ca_file

    def kept(self) -> KeptList | None:
        """Return the list, None where there is none or it is damaged."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=KeptList)
        except (OSError, msgspec.DecodeError):
            return None

    def update(self) -> KeptList:
        """Ask the service and keep what it says. Raises EngineError; then the list before stays."""
        with tempfile.TemporaryDirectory(prefix="xiaolaba-voices-") as work:
            job = ListingJob(work=work, seconds=ASK_SECONDS, proxy=self._proxy, ca_file=self._ca_file)
            kept = KeptList(asked=self._clock.now(), voices=self._lister.voices(job))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, msgspec.json.format(msgspec.json.encode(kept), indent=1), _MODE)
        return kept


def _titled(voice: ListedVoice) -> Voice:
    """Return the voice called by what its name says: zh-HK-HiuMaanNeural is HiuMaan, who speaks Cantonese."""
    region, _, own = voice.name.removesuffix("Neural").rpartition("-")
    zh, en = ("女声", "female") if voice.female else ("男声", "male")
    speaks_zh, speaks_en = _SPEAKS.get(region, (region, region))
    if not speaks_zh:
        return Voice(voice.name, f"{own}（{zh}）", EDGE, f"{own} ({en})")
    return Voice(voice.name, f"{own}（{zh}，{speaks_zh}）", EDGE, f"{own} ({en}, {speaks_en})")
