"""``walk``: takes what a stick brings from the hub to a yard without network, and gives it the records to take back.

Nothing of the stick is believed: what is copied is bounded, no link is followed, and the agent holds every envelope to
its signature and every clip to its hash.
"""

from __future__ import annotations

import argparse
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from box.clock import Clock, SystemClock
from box.durable import replace_file
from box.folders import Folders
from box.sentences import Sentence, XiaolabaError
from cli import terminal
from cli.outcome import DONE
from cli.owner import as_owner_of
from cli.wrong import InputWrong
from programme.foreign import open_foreign, read_foreign
from programme.publication import PublicationInvalid

SUMMARY = Sentence("没有网络的小区：从优盘取总站的节目，带回记录", "a yard without network: the hub's stick, both ways")

FOLDER, AUDIO, BACK, CHANNELS = "xiaolaba-walk", "audio", "back", ("keys", "ack", "answer", "programme")
PATIENCE_SECONDS = 150.0
LARGEST_ENVELOPE_BYTES = 600 * 1024
LARGEST_CLIP_BYTES = 120 * 1024 * 1024
MOST_BYTES = 1024 * 1024 * 1024
LARGEST_BACK_BYTES = 8 * 1024 * 1024
LARGEST_MEMBERSHIP_BYTES = 64 * 1024
_TRAVELS = re.compile(rb'"sha256":"([0-9a-f]{64})"')
_PIECE_BYTES = 1 << 20


class _Named(msgspec.Struct):
    name: str


class NothingCame(XiaolabaError):
    """The agent has not laid anything ready for the way back."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where the stick is mounted."""
    parser.add_argument("stick", type=Path, metavar="DIR")


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Take what is for this box, and wait for what goes back."""
    if not is_for_this_box(arguments.stick, folders):
        raise InputWrong("优盘上没有给这台小喇叭的东西", "there is nothing for this box on the stick")
    carry(arguments.stick, folders, SystemClock(), time.sleep)
    terminal.tell("已取走总站的节目，记录写到优盘上了", "taken; the records are on the stick for the way back")
    return DONE


def is_for_this_box(stick: Path, folders: Folders) -> bool:
    """Tell whether a hub has put something on the stick for this box. A link is nothing: it may lead off the stick."""
    name = _name(folders)
    folder = stick / FOLDER / name
    return bool(name) and folder.is_dir() and not (folder.is_symlink() or folder.parent.is_symlink())


def carry(stick: Path, folders: Folders, clock: Clock, pause: Callable[[float], object]) -> None:
    """Bring in what is for this box, wait for the agent, put its answer on the stick. Raises NothingCame, OSError."""
    walk, name = folders.fleet / "walk", _name(folders)
    if as_owner_of(folders.fleet, lambda: _bring_in(stick / FOLDER, walk, name)) != DONE:
        raise NothingCame("优盘上的东西取不下来", "what is on the stick can't be taken")
    until = clock.monotonic() + PATIENCE_SECONDS
    while not (walk / BACK).exists():
        if clock.monotonic() >= until:
            raise NothingCame("联网程序没有回应，请看 xiaolaba doctor", "the agent did not answer: see xiaolaba doctor")
        pause(0.5)
    if not is_for_this_box(stick, folders):  # root writes there now
        raise NothingCame("优盘上的东西变了，没有写", "what is on the stick has changed; nothing was written")
    replace_file(stick / FOLDER / name / BACK, read_foreign(walk, BACK, most_bytes=LARGEST_BACK_BYTES))
    as_owner_of(folders.fleet, lambda: _forget(walk / BACK))


def _bring_in(stick: Path, walk: Path, name: str) -> int:
    """Copy what is for ``name`` and put it in place whole."""
    coming = walk / ".coming"
    shutil.rmtree(coming, ignore_errors=True)
    (coming / AUDIO).mkdir(parents=True, mode=0o750)
    (walk / BACK).unlink(missing_ok=True)
    programme = b""
    for channel in CHANNELS:
        try:
            envelope = read_foreign(stick, name, channel, most_bytes=LARGEST_ENVELOPE_BYTES)
        except (FileNotFoundError, PublicationInvalid):
            continue
        replace_file(coming / channel, envelope)
        programme = envelope if channel == "programme" else b""
    left = MOST_BYTES
    for digest in dict.fromkeys(found.decode() for found in _TRAVELS.findall(programme)):
        left = _copy_clip(stick, f"{digest}.flac", coming / AUDIO, left)
    shutil.rmtree(walk / "in", ignore_errors=True)
    coming.rename(walk / "in")
    return DONE


def _copy_clip(stick: Path, name: str, target: Path, left: int) -> int:
    """Copy a clip that is on the stick; return how many bytes may still come."""
    try:
        with (
            open_foreign(stick, AUDIO, name, most_bytes=min(LARGEST_CLIP_BYTES, left)) as file,
            (target / name).open("wb") as copy,
        ):
            while piece := file.read(min(_PIECE_BYTES, left)):
                copy.write(piece)
                left -= len(piece)
    except (FileNotFoundError, PublicationInvalid):
        return left
    return left


def _forget(path: Path) -> int:
    path.unlink(missing_ok=True)
    return DONE


def _name(folders: Folders) -> str:
    """Return what this box is called in its community, empty where it is in none."""
    try:
        content = read_foreign(folders.fleet, "membership.json", most_bytes=LARGEST_MEMBERSHIP_BYTES)
        name = msgspec.json.decode(content, type=_Named).name
    except (OSError, PublicationInvalid, ValueError, RecursionError):  # it is in no community then
        return ""
    return name if re.fullmatch(r"[a-z0-9-]{1,32}", name) else ""
