"""The sound that is measured, and a programme of nothing else: a tone whose first sample is at full level."""

from __future__ import annotations

import hashlib
import shutil
import wave
from array import array
from datetime import UTC, datetime, time
from pathlib import Path

from box.folders import Folders, share
from programme.file import ProgrammeFile
from programme.model import Broadcast
from programme.publication import SAMPLE_RATE_HZ, Publication, PublishedMessage, encode_publication

LEVEL = 8000  # of 32767: far above what an mp3 leaves around a sound, and no limit of ours touches it
_HALF_WAVE_FRAMES = 24  # a square wave of 1 kHz


def write_tone(path: Path, frames: int) -> None:
    """Write so many frames of the tone, as a clip is: 48 kHz, mono, S16_LE."""
    samples = array("h", [LEVEL if frame // _HALF_WAVE_FRAMES % 2 == 0 else -LEVEL for frame in range(frames)])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(samples.tobytes())


def publish_tone(folders: Folders, frames: int, now: datetime) -> Publication:
    """Put a programme on air that has the tone for its only message.

    The panel's file is the starter programme, under whose revision this is published, so that the panel has
    pages to show and no reason to publish anything itself.
    """
    folders.clips.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(share() / "schedule.yaml", folders.programme)
    raw = folders.clips / "tone.wav"
    write_tone(raw, frames)
    digest = hashlib.sha256(raw.read_bytes()).hexdigest()
    raw.rename(folders.clips / f"{digest}.wav")
    publication = Publication(
        revision=ProgrammeFile(folders.programme).read().revision,
        published=now,
        zone="bench",
        timezone=timezone_of(now),
        volume_percent=100,
        broadcasts=(Broadcast(id="evening", at=time(18, 0), messages=("tone",), chime=False),),
        messages=(
            PublishedMessage(
                id="tone",
                title="tone",
                text="tone",
                clip=digest,
                frames=frames,
                voice="tone",
                engine="bench",
                stand_in=False,
            ),
        ),
    )
    folders.publication.write_bytes(encode_publication(publication))
    return publication


def timezone_of(instant: datetime) -> str:
    """Return a time zone in which it is about ten in the morning, so that no cue falls on the next day."""
    ahead = (10 - instant.astimezone(UTC).hour + 12) % 24 - 12
    return "Etc/GMT" if ahead == 0 else f"Etc/GMT{-ahead:+d}"  # POSIX signs: west is plus
