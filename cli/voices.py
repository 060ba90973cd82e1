"""``voices``: the voices there are and on whose terms, and adding one that needs no network."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from box.folders import Folders, share
from box.sentences import Sentence
from cli import terminal
from cli.wrong import InputWrong

if TYPE_CHECKING:  # as late as it is needed
    from tts.voice_list import VoiceList

SUMMARY = Sentence("列出声音，或添加一个不用上网的声音", "list the voices, or add one that needs no network")

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_STEP = 5  # percent between two lines of progress where the terminal is none


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing, ``update``, or ``add`` and what is to be added."""
    verbs = parser.add_subparsers(dest="what", metavar="add|update")
    asks = terminal.text(
        "向网络语音要一份新的声音表，存着离线用", "ask the network service for its voices, and keep the list"
    )
    verbs.add_parser("update", help=asks)
    add = verbs.add_parser("add", help=terminal.text("添加一个声音", "add a voice"))
    text = terminal.text
    add.add_argument(
        "source",
        type=_place,
        metavar="FOLDER_OR_ARCHIVE_OR_URL",
        help=text("文件夹、压缩包（.tar.bz2 等）或下载地址", "a folder, an archive (.tar.bz2 …) or an address"),
    )
    add.add_argument("--sha256", type=_sha256, help=text("压缩包的校验和", "the archive's checksum"))
    add.add_argument(
        "--vocoder",
        type=_place,
        metavar="FILE_OR_URL",
        help=text(
            "声码器（vocos-22khz-univ.onnx），matcha 声音要用", "the vocoder that a matcha voice is published without"
        ),
    )
    add.add_argument("--vocoder-sha256", type=_sha256, help=text("声码器的校验和", "the vocoder's checksum"))
    add.add_argument("--name", help=text("声音的名字", "the name it is to have"))


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """List, ask for a new list, or add."""
    if arguments.what == "update":
        return _update(folders)
    return _add(arguments, folders) if arguments.what == "add" else _list(folders)


def _update(folders: Folders) -> int:
    """Ask the network service; a list that is kept stays where it can't be asked."""
    kept = _voice_list(folders).update()
    terminal.tell(
        f"网络语音现有 {len(kept.voices)} 个中文声音，已存好，离线也能列出",
        f"the network service has {len(kept.voices)} Chinese voices; the list is kept for when there is no network",
    )
    return 0


def _voice_list(folders: Folders) -> VoiceList:
    from tts.build import voice_list_at  # noqa: PLC0415 - as late as it is needed

    return voice_list_at(folders)


def _list(folders: Folders) -> int:
    """Print a voice a line: name, engine, title, licence. What is wrong with one, and what is missing, is told."""
    from tts.voice_store.installed import VoiceStore  # noqa: PLC0415 - as late as it is needed
    from tts.voices import LICENCES, VOICES  # noqa: PLC0415

    store = VoiceStore(folders.voices)
    installed = store.installed()
    kept = _voice_list(folders).kept()
    *network, plainest = VOICES
    known = [*network, *(kept.new() if kept else ()), plainest]
    rows = [(voice, LICENCES[voice.engine].text(terminal.language())) for voice in known]
    rows[-1:-1] = [(voice.voice, voice.manifest.licence) for voice in installed]
    name_width = max(len(voice.name) for voice, _ in rows)
    engine_width = max(len(voice.engine) for voice, _ in rows)
    for voice, licence in rows:
        print(f"{voice.name:<{name_width}}  {voice.engine:<{engine_width}}  {voice.title}  {licence}")
    for voice in kept.gone() if kept else ():
        terminal.tell(
            f"网络语音已经没有 {voice.name} 了，请换一个",
            f"the network service has {voice.name} no more: choose another",
        )
    for fault in store.faults():
        terminal.tell(*fault.sentence)
    if installed and not _engine_is_there():
        terminal.tell(*_how_to_install())
    return 0


def _add(arguments: argparse.Namespace, folders: Folders) -> int:
    from tts.child import RenderChild  # noqa: PLC0415 - as late as it is needed
    from tts.voice_store.adding import Source, VoiceAdder  # noqa: PLC0415
    from tts.voice_store.installed import VoiceStore  # noqa: PLC0415

    if not _engine_is_there():
        raise InputWrong(*_how_to_install())
    source = Source(arguments.source, arguments.sha256)
    vocoder = Source(arguments.vocoder, arguments.vocoder_sha256) if arguments.vocoder else None
    adder = VoiceAdder(
        store=VoiceStore(folders.voices), renderer=RenderChild(), report=_Progress().tell, wait=time.sleep
    )
    try:
        voice = adder.add(source, vocoder=vocoder, name=arguments.name)
    except PermissionError as error:
        if str(error.filename).startswith(str(folders.panel)):
            raise
        raise InputWrong(
            f"小喇叭的用户读不了 {error.filename}，请放到 /tmp 里再试",
            f"the panel's user may not read {error.filename}: put it into /tmp and try again",
        ) from error
    manifest = voice.manifest
    terminal.tell(f"已安装：{manifest.name}（{manifest.title}）", f"installed: {manifest.name} ({manifest.title})")
    terminal.tell(f"许可：{manifest.licence}", f"licence: {manifest.licence}")
    return 0


class _Progress:
    """How far a download is: one line that changes on a terminal, a line every few percent elsewhere."""

    def __init__(self) -> None:
        self._told = -1

    def tell(self, there: int, total: int | None) -> None:
        """Take how many bytes there are, of how many."""
        step = 1 if sys.stderr.isatty() else _STEP
        now = there * 100 // total // step * step if total else there >> 20
        if now == self._told:
            return
        self._told = now
        done = f"{there / 1e6:.1f} / {total / 1e6:.1f} MB，{now}%" if total else f"{there / 1e6:.1f} MB"
        end = "\n" if not sys.stderr.isatty() or there == total else "\r"
        print(terminal.text("下载", "download"), done, end=end, file=sys.stderr, flush=True)


def _engine_is_there() -> bool:
    return find_spec("sherpa_onnx") is not None


def _how_to_install() -> Sentence:
    sudo = [] if os.access(sys.prefix, os.W_OK) else ["sudo"]
    words = [*sudo, sys.executable, "-m", "pip", "install", "--no-deps", "--require-hashes", "-r"]
    command = shlex.join([*words, str(share() / "requirements" / "neural.txt")])
    return Sentence(
        f"还没有装离线语音引擎 sherpa-onnx。请运行：{command}",
        f"the offline voice engine sherpa-onnx is not installed. Run: {command}",
    )


def _place(word: str) -> str:
    """Return an address as it is, a path in full: root may stand elsewhere once it has become the panel's user."""
    return word if re.match(r"https?://", word) else str(Path(word).absolute())


def _sha256(word: str) -> str:
    if not _SHA256.fullmatch(word):
        raise argparse.ArgumentTypeError(terminal.text("应是64位十六进制", "64 hexadecimal digits are expected"))
    return word
