"""``say``: a text as it will sound, into a file or at once."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from box.clock import SystemClock
from box.folders import Folders
from box.sentences import Sentence, XiaolabaError
from box.settings import read_settings
from cli import terminal
from cli.places import settings_file
from cli.read import said, words_of
from cli.wrong import InputWrong
from programme.model import Programme

SUMMARY = Sentence("把一段文字读出来，或存成文件", "say a text, or write it to a file")
DEFAULT_VOICE = Programme(zone="").voice


class NotPlayed(XiaolabaError):
    """The speech is made, but this machine could not play it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the text, the file and the voice."""
    parser.add_argument("text", metavar="TEXT", nargs="+", help=terminal.text("要读的文字", "what is to be said"))
    parser.add_argument(
        "-o", dest="file", type=Path, metavar="FILE.wav", help=terminal.text("存成文件", "write it there")
    )
    parser.add_argument(
        "--voice",
        default=DEFAULT_VOICE,
        help=terminal.text(f"声音，默认 {DEFAULT_VOICE}", f"the voice, {DEFAULT_VOICE} unless named"),
    )


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Render in a folder of its own, so that trying out leaves nothing in the clip library; then play or write."""
    from tts.build import studio_in  # noqa: PLC0415 - keeps --help quick
    from tts.treatment import treatment_of  # noqa: PLC0415
    from tts.voice_store.installed import VoiceStore  # noqa: PLC0415
    from tts.voices import engine_of  # noqa: PLC0415

    text = " ".join(arguments.text)
    audio = read_settings(settings_file(folders)).audio
    words = words_of(folders)
    said(text, words.words())
    if engine_of(arguments.voice) is None and VoiceStore(folders.voices).find(arguments.voice) is None:
        raise InputWrong(f"没有“{arguments.voice}”这个声音", f"there is no voice “{arguments.voice}”")
    with tempfile.TemporaryDirectory(prefix="xiaolaba-say-") as folder:
        studio = studio_in(Path(folder), SystemClock(), folders.voices, words, treatment_of(audio))
        clip = studio.clip(text, arguments.voice)
        if clip.stand_in:
            zh, en = clip.why or ("", "")
            terminal.tell(f"{zh}。暂由 {clip.engine} 代读", f"said by {clip.engine}, the stand-in ({en})")
        if arguments.file is not None:
            shutil.copyfile(studio.path(clip), arguments.file)
        else:
            _play(studio.path(clip))
    seconds = clip.frames / 48_000
    terminal.tell(f"{seconds:.1f} 秒，{clip.engine} {clip.voice}", f"{seconds:.1f} s, {clip.engine} {clip.voice}")
    return 0


def _play(path: Path) -> None:
    """Play on this machine's default card, beside the speaker and without its limits: it is for trying out."""
    program = shutil.which("aplay")
    if program is None:
        raise NotPlayed(
            "这台机器没有 aplay，不能直接播放。用 -o 文件.wav 存成文件再听",
            "this machine has no aplay to play it with. Write it to a file: -o FILE.wav",
        )
    done = subprocess.run(  # noqa: S603 - aplay as found on the path, with a file of our own making
        [program, "-q", str(path)], capture_output=True, check=False
    )
    if done.returncode != 0:
        raise NotPlayed(
            "声卡打不开：没有接好，或者小喇叭正在用它。用 -o 文件.wav 存成文件再听",
            "the sound card can't be opened: it is not there, or xiaolaba is using it. Write it to a file: -o FILE.wav",
        )
