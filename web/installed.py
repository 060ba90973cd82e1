"""What the installer decided, for the pages that show it: nothing of it can be changed from the panel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from box.settings import Settings
from tts.voice_list import VoiceList
from tts.voice_store.installed import VoiceStore


@dataclass(frozen=True)
class Installed:
    """The settings as they were when the panel started, their file, where it listens, and which voices there are.

    ``voices`` were added to this box; ``listed`` is what the network service had when it was asked. ``checkup`` is
    where the last check of the machine lies.
    """

    settings: Settings
    file: Path
    host: str
    port: int
    voices: VoiceStore
    listed: VoiceList
    checkup: Path
