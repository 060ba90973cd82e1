"""The panel's process: builds it from its parts, serves it, ends."""

from __future__ import annotations

import argparse
import ctypes
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Timer
from types import FrameType

from flask import Flask

from box.clock import SystemClock
from box.folders import Folders
from box.notify import Notifier
from box.sentences import Sentence, XiaolabaError, language_of
from box.settings_in_force import settings_in_force
from fleet.hub.client import HubClient
from programme.credits import Credits
from programme.file import ProgrammeFile
from programme.history import History
from speaker.client import SpeakerClient
from tts.build import community_at, publisher_at, shared_layer_at, studio_at, takes_at, voice_list_at
from tts.kept_words import KeptWords
from tts.voice_store.installed import VoiceStore
from web.app import create_app
from web.backup.restoring import finish_begun
from web.community import HandsOver, HubsYards
from web.desk import Desk
from web.handed_in import HandedIn
from web.installed import Installed
from web.jobs import Jobs
from web.lan.announcer_at import announcer_at
from web.lan.announcing import Announcer
from web.lan.certificate import CERTIFICATE
from web.lan.standing import OnLan
from web.people.secret import secret_at
from web.people.setup_code import SetupCode
from web.people.users import Users
from web.pulse import start_pulse
from web.records.copy import RecordsCopy
from web.rounds import Rounds
from web.security import names_of
from web.serving import Encrypted, encrypted_at, listen

END_WITHIN_SECONDS = 1.0  # then what still runs is left: everything that must last is on the disk already
_M_MMAP_THRESHOLD = -3
_LOG = logging.getLogger(__name__)


def main() -> int:
    """Serve the panel until a signal ends it; return the exit code."""
    arguments = _parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="panel: %(message)s", stream=sys.stderr)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue of two is no news
    _give_large_memory_back()
    try:
        return _serve(arguments)
    except XiaolabaError as error:
        print(error.sentence.text(language_of(os.environ)), file=sys.stderr)  # noqa: T201 - a process's last word
        return 1


def _serve(arguments: argparse.Namespace) -> int:
    folders = Folders(arguments.data.absolute(), arguments.runtime.absolute())
    settings = settings_in_force(arguments.settings, folders.panel, SystemClock()).settings  # the speaker tells why
    host = arguments.host or settings.panel.host
    port = settings.panel.port if arguments.port is None else arguments.port
    encrypted, on_lan = _encrypted(folders, host, settings.panel.https_port)
    announcer = announcer_at(folders.announced, host, port, on_lan.https_port) if settings.panel.announce else None
    if announcer:
        on_lan = replace(on_lan, announced=lambda: announcer.announced)
    voices, listed = VoiceStore(folders.voices), voice_list_at(folders)
    app = build(folders, Installed(settings, arguments.settings, host, port, voices, listed, folders.checkup), on_lan)
    notifier = Notifier(os.environ)
    notifier.watchdog()  # a large restore may have been finished until now
    serve = listen(app, host, port, encrypted)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ending(announcer))
    _LOG.info("listening on %s port %s", host, port)
    if encrypted:
        _LOG.info("encrypted on port %s, certificate %s", encrypted.port, on_lan.fingerprint())
    if announcer:
        announcer.start()
    start_pulse(notifier, host, port)
    try:
        serve()
    finally:
        house: HandedIn = app.extensions["xiaolaba"]
        house.audit.finish()
        if announcer:
            announcer.join()
    return 0


def _encrypted(folders: Folders, host: str, port: int) -> tuple[Encrypted | None, OnLan]:
    """Return the encrypted address, where it is wanted and can be had: what is needed daily is the plain one."""
    if not port:
        return None, OnLan()
    try:
        encrypted = encrypted_at(folders.https, host, port, SystemClock())
    except XiaolabaError as error:
        _LOG.error("%s", error)
        return None, OnLan(fault=error.sentence)
    return encrypted, OnLan(https_port=port, certificate=folders.https / CERTIFICATE)


def build(folders: Folders, installed: Installed, on_lan: OnLan) -> Flask:
    """Return the panel over ``folders`` as it is installed, with its threads started."""
    clock, audio = SystemClock(), installed.settings.audio
    folders.panel.mkdir(parents=True, exist_ok=True)
    finish_begun(folders.panel)
    words = KeptWords(folders.words, guards=True)
    studio = studio_at(folders, audio, clock, words)
    publisher = publisher_at(folders, audio, clock, studio)
    jobs = Jobs()
    desk = Desk(ProgrammeFile(folders.programme), History(folders.history), clock, Credits(folders.credits))
    app = create_app(
        clock=clock,
        secret=secret_at(folders.panel / "secret"),
        names=names_of(socket.gethostname()),
        panel_folder=folders.panel,
        clips_folder=folders.clips,
        desk=desk,
        studio=studio,
        takes=takes_at(folders, audio, clock),
        publisher=publisher,
        speaker=SpeakerClient(folders.socket),
        jobs=jobs,
        users=Users(folders.panel / "users.json"),
        setup_code=SetupCode(folders.panel / "setup-code.json", clock),
        records_copy=RecordsCopy(folders.panel / "records.sqlite"),
        words=words,
        on_lan=on_lan,
        end=_end_soon,
        installed=installed,
        hub_at=lambda: HubClient(folders.hub_socket) if folders.hub.is_dir() else None,
    )
    house: HandedIn = app.extensions["xiaolaba"]
    house.audit.start()
    hands_over = HandsOver(HubsYards(HubClient(folders.hub_socket)), community_at(folders, audio, clock, studio))
    rounds = Rounds(house, publisher, shared_layer_at(folders), hands_over)
    rounds.look()  # before the first page is asked for
    jobs.start()
    rounds.start()
    return app


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m web", description=Sentence("面板", "the panel").text())
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runtime", type=Path, required=True)
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    return parser


def _give_large_memory_back() -> None:
    """Let glibc return every block over 128 KiB: argon2's 19 MiB on four threads would stay for good (measured)."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # musl has none, and needs none
        mallopt(_M_MMAP_THRESHOLD, 128 * 1024)


def _end_soon() -> None:
    """End as at a signal, once the phone that asked has heard that it is done."""
    Timer(0.5, os.kill, args=(os.getpid(), signal.SIGTERM)).start()


def _ending(announcer: Announcer | None) -> Callable[[int, FrameType | None], None]:
    """Return what a signal does: the farewell to the LAN is said while the rest ends."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        if announcer:
            announcer.end()
        last_resort = Timer(END_WITHIN_SECONDS, os._exit, args=(0,))
        last_resort.daemon = True
        last_resort.start()
        raise SystemExit(0)

    return end


if __name__ == "__main__":
    sys.exit(main())
