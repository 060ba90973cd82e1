"""The clip library: rendered audio under the hash of its bytes, found by what makes its sound."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from box.durable import replace_file, sync_folder
from box.sentences import XiaolabaError
from box.storage import hash_of
from tts.clip import Clip
from tts.exclusive import exclusive
from tts.treatment import USUAL, Treatment
from tts.wave_file import whole_frames

_CLIP_MODE = 0o640  # the speaker reads it through the shared group, nobody else does
_WORKPLACE = ".rendering"
_PIECE_BYTES = 1 << 20
MOST_BYTES = 1 << 30  # three hours of speech, twice what the longest programme file says


class ClipUnlike(XiaolabaError):
    """A clip that was handed in is not what its name says."""


class Recipe(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that makes a clip's sound. Two renderings of the same recipe are the same clip.

    ``spoken`` is the text after the number rules and the word list, ``given`` the pinyin that the list gives to words
    in it (only for engines that take pinyin). The versions are of our own code that
    shapes the sound: a clip made by an older one is made again. ``model`` is the hash of the voice's files where they
    are on this machine, else empty. ``treatment`` is None where it is the usual one: so clips from before there was
    another are still found.
    """

    engine: str
    voice: str
    spoken: str
    pace: str
    preparation: int
    mixdown: int
    model: str = ""
    treatment: Treatment | None = None
    given: dict[str, str] = {}

    @property
    def key(self) -> str:
        """The recipe's hash, under which its clip is found."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()


class Sidecar(msgspec.Struct, frozen=True, kw_only=True):
    """What ``<key>.json`` says of a clip: its file, its length and what it was made from."""

    sha256: str
    frames: int
    recipe: Recipe


class ClipLibrary:
    """The clips of one data folder. Whatever is damaged counts as not there, and is made again.

    Both the panel and the command write here: rendering is under one lock between them.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def path(self, sha256: str) -> Path:
        """Return where the clip of that hash is, or would be."""
        return self._folder / f"{sha256}.wav"

    def find(self, recipe: Recipe) -> Clip | None:
        """Return the clip made by ``recipe``, or None if there is none that is whole."""
        try:
            sidecar = msgspec.json.decode(self._sidecar(recipe).read_bytes(), type=Sidecar)
        except (OSError, ValueError):
            return None
        if sidecar.recipe != recipe or not self.holds(sidecar.sha256, sidecar.frames):
            return None
        with suppress(OSError):  # where the disk is read-only, nothing is added and nothing forgotten
            os.utime(self.path(sidecar.sha256))
        return _clip(sidecar)

    def said(self, spoken: str, mixdown: int, treatment: Treatment) -> list[Clip]:
        """Return every whole clip that says ``spoken``, whoever speaks, mixed down by that version.

        Those with that treatment come first.
        """
        found: list[tuple[bool, Clip]] = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                sidecar = msgspec.json.decode(path.read_bytes(), type=Sidecar)
            except (OSError, ValueError):
                continue  # what is damaged counts as not there
            recipe = sidecar.recipe
            if (recipe.spoken, recipe.mixdown) == (spoken, mixdown) and self.holds(sidecar.sha256, sidecar.frames):
                found.append(((recipe.treatment or USUAL) != treatment, _clip(sidecar)))
        return [clip for _, clip in sorted(found, key=lambda one: one[0])]

    def holds(self, sha256: str, frames: int) -> bool:
        """Tell whether that clip is here, with these frames and the very bytes that its name says."""
        path = self.path(sha256)
        return whole_frames(path) == frames and _hash(path) == sha256

    def add(self, recipe: Recipe, rendered: Path) -> Clip:
        """Take the whole WAV ``rendered``, which must be on the library's disk, and return its clip.

        It is durable when this returns. Of all clips, those asked for the longest ago make way where there are too
        many; publishing asks for every one of the programme. Raises OSError when the disk is full, ValueError when it
        is not whole.
        """
        frames = whole_frames(rendered)
        if frames is None:
            raise ValueError(rendered)
        with rendered.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            os.fchmod(file.fileno(), _CLIP_MODE)
            os.fsync(file.fileno())
        rendered.replace(self.path(sha256))
        sync_folder(self._folder)
        sidecar = Sidecar(sha256=sha256, frames=frames, recipe=recipe)
        replace_file(self._sidecar(recipe), msgspec.json.format(msgspec.json.encode(sidecar), indent=1), _CLIP_MODE)
        self._forget_the_oldest(but=sha256)
        return _clip(sidecar)

    def asked_for(self, sha256: str, frames: int) -> bool:
        """Tell whether that clip is here, as ``holds``, and let it count as asked for now."""
        if not self.holds(sha256, frames):
            return False
        with suppress(OSError):  # as in ``find``
            os.utime(self.path(sha256))
        return True

    def take(self, clip: BinaryIO, sha256: str, frames: int) -> None:
        """Copy ``clip``, a WAV that somebody else made, durably. It has no recipe: it is found by its name alone.

        Raises ClipUnlike where it is not what ``sha256`` and ``frames`` say, OSError when the disk is full.
        """
        with self.workplace() as folder:
            copy, digest = folder / "taken.wav", hashlib.sha256()
            with copy.open("wb") as file:
                while piece := clip.read(_PIECE_BYTES):
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fchmod(file.fileno(), _CLIP_MODE)
                os.fsync(file.fileno())
            if digest.hexdigest() != sha256 or whole_frames(copy) != frames:
                raise ClipUnlike(
                    "收到的声音和说好的不一样，没有采用", "a clip that came is not what was announced and was refused"
                )
            copy.replace(self.path(sha256))
            sync_folder(self._folder)

    def forget_unused(self, used: Collection[str], asked_for_since: float) -> int:
        """Remove the clips that are not ``used`` and were last asked for before that second; return how many.

        Publishing asks for every clip of the programme. What was removed can be rendered again.
        """
        gone = 0
        for path in self._folder.glob("*.wav"):
            if path.stem not in used and path.stat().st_mtime < asked_for_since:
                path.unlink(missing_ok=True)
                gone += 1
        if gone:
            self._forget_sidecars()
        return gone

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """Give an empty folder on the library's disk to render in, to one renderer at a time.

        What a renderer that was killed left behind is cleared first: nobody else is at work under the lock. The folder
        itself stays: a voice that is away is asked again each hour, and to make it anew cost 28 to 90 kB of writing.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with exclusive(self._folder / ".lock"):
            for of_earlier_versions in self._folder.glob(f"{_WORKPLACE}-*"):
                shutil.rmtree(of_earlier_versions)
            folder = self._folder / _WORKPLACE
            folder.mkdir(mode=0o700, exist_ok=True)
            _clear(folder)
            try:
                yield folder
            finally:
                _clear(folder)

    def _forget_the_oldest(self, but: str) -> None:
        held = sorted(
            ((path.stat().st_mtime_ns, path) for path in self._folder.glob("*.wav") if path.stem != but), reverse=True
        )
        total = self.path(but).stat().st_size
        forgotten = False
        for _, path in held:
            total += path.stat().st_size
            if total > self._most_bytes:
                path.unlink()
                forgotten = True
        if forgotten:
            self._forget_sidecars()

    def _forget_sidecars(self) -> None:
        for sidecar in self._folder.glob("*.json"):
            with suppress(ValueError):  # it counts as not there, and is written anew when it is needed
                if not self.path(msgspec.json.decode(sidecar.read_bytes(), type=Sidecar).sha256).exists():
                    sidecar.unlink()

    def _sidecar(self, recipe: Recipe) -> Path:
        return self._folder / f"{recipe.key}.json"


def _clear(folder: Path) -> None:
    for path in list(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _clip(sidecar: Sidecar) -> Clip:
    recipe = sidecar.recipe
    return Clip(
        sha256=sidecar.sha256,
        frames=sidecar.frames,
        engine=recipe.engine,
        voice=recipe.voice,
        stand_in=False,
        spoken=recipe.spoken,
    )


def _hash(path: Path) -> str | None:
    try:
        return hash_of(path)
    except OSError:
        return None
