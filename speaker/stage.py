"""A script becomes the rundown that sounds it."""

from __future__ import annotations

from box.folders import Folders
from speaker.airing import Priority, Rundown, Sound
from speaker.intake.publications import clips_folder
from speaker.limits import HardLimits
from speaker.script import Script
from speaker.sound.chime import chimes, emergency_signal, test_signal
from speaker.sound.rundown import rundown_of


class Stage:
    """Turns a script into the rundown that sounds it: own clips, own chimes, within the installer's volume."""

    def __init__(self, folders: Folders, limits: HardLimits) -> None:
        self._clips = clips_folder(folders)
        self._folder = folders.speaker
        self._limits = limits
        self._chimes = chimes(folders.speaker)
        self._emergency_signal = emergency_signal(folders.speaker)

    def rundown(self, script: Script) -> Rundown:
        """Return the rundown of ``script``."""
        opening = self._chimes[script.chime] if script.chime else None
        if script.priority is Priority.EMERGENCY:
            opening = self._emergency_signal
        if script.is_self_test:
            opening = test_signal(self._folder)
        return rundown_of(
            sounds=[
                Sound(self._clips / f"{message.clip}.wav", message.frames, message.id) for message in script.messages
            ],
            chime=opening,
            repeat=script.repeat,
            gap_seconds=script.gap_seconds,
            pause_seconds=script.pause_seconds,
            priority=script.priority,
            volume_percent=self._limits.volume(script.volume_percent),
            due=script.due,
            said_before=script.said_before,
        )
