"""The neural voices that are installed: read anew each time, so that a new one is known without a restart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tts.engines import Voice
from tts.voice_store.manifest import Manifest, VoiceWrong, read_manifest
from tts.voices import SHERPA


@dataclass(frozen=True)
class InstalledVoice:
    """A voice and the folder its files are in."""

    manifest: Manifest
    folder: Path

    @property
    def name(self) -> str:
        """The name that the programme file writes."""
        return self.manifest.name

    @property
    def voice(self) -> Voice:
        """The voice as every engine's is described."""
        return Voice(self.manifest.name, self.manifest.title, SHERPA)


class VoiceStore:
    """The voices in the folders of ``folder``; names that begin with a dot are work under way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def installed(self) -> tuple[InstalledVoice, ...]:
        """Return the voices whose description is right, in order of their names."""
        voices = []
        for folder in self._folders():
            try:
                manifest = read_manifest(folder)
            except VoiceWrong:
                continue  # ``faults`` tells of it
            if manifest.name == folder.name:
                voices.append(InstalledVoice(manifest, folder))
        return tuple(voices)

    def find(self, name: str) -> InstalledVoice | None:
        """Return the voice of that name, or None."""
        return next((voice for voice in self.installed() if voice.name == name), None)

    def faults(self) -> tuple[VoiceWrong, ...]:
        """Return what is wrong with the folders that hold no usable voice."""
        faults = []
        for folder in self._folders():
            try:
                manifest = read_manifest(folder)
            except VoiceWrong as error:
                faults.append(error)
                continue
            if manifest.name != folder.name:
                faults.append(
                    VoiceWrong(
                        f"文件夹 {folder.name} 里是另一个声音：{manifest.name}",
                        f"the folder {folder.name} holds another voice: {manifest.name}",
                    )
                )
        return tuple(faults)

    def _folders(self) -> list[Path]:
        try:
            inside = sorted(self.folder.iterdir())
        except OSError:
            return []  # no voice was ever added
        return [folder for folder in inside if folder.is_dir() and not folder.name.startswith(".")]
