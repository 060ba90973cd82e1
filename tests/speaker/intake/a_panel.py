"""A data folder with a panel that publishes, and a speaker's intake that is looked through by hand."""

import hashlib
import io
import wave
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from box.folders import Folders
from programme.bulletins import Bulletins, encode_bulletins
from programme.publication import Publication, encode_publication
from speaker.intake.kept import kept_copy
from speaker.intake.publications import Intake
from tests.fakes import SetClock
from tests.speaker.fakes import a_message, a_publication


def wav(frames: int = 480, *, rate: int = 48_000, channels: int = 1, value: int = 1) -> bytes:
    """Return a WAV of 16 bit."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(value.to_bytes(2, "little") * frames * channels)
    return content.getvalue()


class Panel:
    """A data folder with a panel that publishes, and an intake that is looked through by hand."""

    def __init__(self, root: Path) -> None:
        self.folders = Folders(root / "data", root / "run")
        self.folders.clips.mkdir(parents=True)
        self.folders.speaker.mkdir()
        self.clock = SetClock(datetime(2026, 3, 2, tzinfo=UTC))
        self.taken: list[Publication] = []
        self.sentence = None
        self.bulletins: list[Bulletins] = []
        self.bulletin_sentence = None
        self.in_use: frozenset[str] = frozenset()
        self.free_bytes = 10**12
        self.intake = self.an_intake()

    def an_intake(self) -> Intake:
        """Return an intake as a start of the speaker makes it."""
        return Intake(
            self.folders,
            clock=self.clock,
            taken=self.taken.append,
            refused=self._refused,
            bulletins_taken=self.bulletins.append,
            bulletins_refused=self._bulletins_refused,
            clips_in_use=lambda: self.in_use,
            kept=kept_copy(self.folders, self.clock),
            free_bytes=lambda _folder: self.free_bytes,
        )

    def clip(self, content: bytes) -> str:
        """Put a clip into the panel's library; return its name."""
        name = hashlib.sha256(content).hexdigest()
        (self.folders.clips / f"{name}.wav").write_bytes(content)
        return name

    def publish(self, clip: str, revision: str = "r1", frames: int = 480, **changes) -> Publication:
        """Publish a programme of one message."""
        message = msgspec.structs.replace(a_message("home"), clip=clip, frames=frames)
        publication = msgspec.structs.replace(a_publication(messages=(message,), revision=revision), **changes)
        self.put(encode_publication(publication))
        return publication

    def put(self, content: bytes) -> None:
        """Put ``content`` in the publication's place."""
        new = self.folders.publication.with_suffix(".new")
        new.write_bytes(content)
        new.replace(self.folders.publication)

    def own_clips(self) -> list[str]:
        """Return the speaker's clips."""
        return sorted(path.stem for path in (self.folders.speaker / "clips").iterdir())

    def prepare(self, *clips: str, frames: int = 480, **changes) -> Bulletins:
        """Put bulletins there, one for each clip."""
        messages = tuple(
            msgspec.structs.replace(a_message(f"b-{number}"), clip=clip, frames=frames, **changes)
            for number, clip in enumerate(clips)
        )
        bulletins = Bulletins(messages=messages)
        self.folders.bulletins.write_bytes(encode_bulletins(bulletins))
        return bulletins

    def prepare_in_fleet(self, content: bytes, *, called: bytes | None = None) -> str:
        """Put one bulletin into the fleet's room, its clip under the name of ``called`` if given; return the name."""
        name = hashlib.sha256(called or content).hexdigest()
        (self.folders.fleet / "clips").mkdir(parents=True, exist_ok=True)
        (self.folders.fleet / "clips" / f"{name}.wav").write_bytes(content)
        message = msgspec.structs.replace(a_message("u-1"), clip=name, frames=480)
        (self.folders.fleet / "bulletins.json").write_bytes(encode_bulletins(Bulletins(messages=(message,))))
        return name

    def _refused(self, sentence) -> None:
        self.sentence = sentence

    def _bulletins_refused(self, sentence) -> None:
        self.bulletin_sentence = sentence
