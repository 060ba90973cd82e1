"""``run``: the whole thing on this machine, panel and speaker, until it is interrupted."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from types import FrameType
from typing import NoReturn

from box.addresses import EVERYWHERE, urls
from box.clock import Clock, SystemClock
from box.folders import INSTALLED_DATA, Folders, checkout, share
from box.guarded import copy_of
from box.sentences import Sentence
from box.settings import Settings, read_settings
from cli import addresses, encrypted, terminal, wire
from cli.findings import findings
from cli.first_airing import FirstAiring
from cli.first_run import AlreadyRuns, copy_starter, sole_user
from cli.on_air import bring_up_to_date
from cli.places import child_environment, fleet_agent, module, settings_file
from cli.restore import finish_restore
from cli.supervisor import Command, Supervisor
from fleet.agent.standing import JOIN_TICKET
from fleet.enrol.membership import MEMBERSHIP
from programme.publication import Publication
from speaker.client import SpeakerAway, SpeakerClient
from speaker.protocol import Status

SUMMARY = Sentence("在这台机器上运行整个小喇叭（面板和播音）", "run the whole thing here, panel and speaker")

LOOK_SECONDS = 0.05  # between two looks for readiness
FOLLOW_SECONDS = 0.5
HUB_SETTINGS = "hub.json"  # fleet.hub.room: it exists where this box is a hub
REST_SECONDS = 5.0  # somebody may have joined a hub, or made this box one
PATIENCE_SECONDS = 20.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where the panel listens."""
    parser.add_argument("--host", help=terminal.text("面板的地址（默认所有）", "the panel's address (default: all)"))
    parser.add_argument(
        "--port", type=_port, help=terminal.text("面板的端口（默认 8080）", "the panel's port (default 8080)")
    )


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Run until SIGINT or SIGTERM. Exit 2 where the programme file has faults and nothing was published before."""
    settings = read_settings(settings_file(folders))
    host: str = arguments.host or settings.panel.host
    port: int = arguments.port or settings.panel.port
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with sole_user(folders):
            _require_alone(folders)
            addresses.require_free(host, port)
            finish_restore(folders)
            if copy_starter(folders, share()):
                terminal.tell(
                    f"起始节目已放到 {folders.programme}", f"the starter programme is now {folders.programme}"
                )
            publication = bring_up_to_date(folders)
            if publication is None:
                return 2
            return _stay(folders, settings, publication, host=host, port=port)
    except KeyboardInterrupt:
        return 0


def _stay(folders: Folders, settings: Settings, publication: Publication, *, host: str, port: int) -> int:
    client = wire.client_of(folders)
    here = folders.data != INSTALLED_DATA and checkout() is not None
    leave = ("--record-without-card", "--assume-clock") if here else ()
    commands = (
        Command("播音 · speaker", module("speaker", folders, *leave)),
        Command("面板 · panel", module("web", folders, "--host", host, "--port", str(port))),
    )
    when_there_is = {
        (folders.hub / HUB_SETTINGS,): Command("总站 · hub", module("fleet.hub", folders)),
        (folders.fleet / MEMBERSHIP, copy_of(folders.fleet / MEMBERSHIP), folders.panel / JOIN_TICKET): Command(
            "联网 · fleet", fleet_agent(folders), may_end=True
        ),
    }
    clock = SystemClock()
    with Supervisor(commands, clock=clock, environment=child_environment(), died=_tell_death) as children:
        status = _until_ready(children, client, publication, clock, host=host, port=port)
        if status is None:
            return 0
        for sentence in findings(folders, settings, publication, status):
            terminal.tell(f"· {sentence.zh}", sentence.en)
        for alarm in status.alarms:
            terminal.tell(f"! {alarm.zh}", alarm.en)
        _show_panel(folders, settings, host, port)
        first = FirstAiring(client, publication, folders.air)
        _tell(first.ask(status))
        terminal.tell("小喇叭在值班。结束请按 Ctrl-C", "on duty. Ctrl-C ends it")
        while children.attend(FOLLOW_SECONDS if first.sounds else REST_SECONDS):
            for paths, command in when_there_is.items():
                if any(path.exists() for path in paths) and not children.has(command):
                    children.add(command)
            try:
                _tell(first.follow(status))
            except SpeakerAway:
                continue  # it is being started again, and its death was told
    terminal.tell("小喇叭已关闭", "ended")
    return 0


def _until_ready(
    children: Supervisor, client: SpeakerClient, publication: Publication, clock: Clock, *, host: str, port: int
) -> Status | None:
    """Return the speaker's status once both processes answer and ``publication`` is on air; None to end.

    A speaker that does not take the publication says why in its alarms: it is not waited for without end.
    """
    patient_until = clock.monotonic() + PATIENCE_SECONDS
    late = False
    while children.attend(LOOK_SECONDS):
        status = _ready(client, host, port)
        if status is not None and (late or status.revision == publication.revision):
            return status
        if not late and clock.monotonic() > patient_until:
            late = True
            terminal.tell("还没有准备好，继续等……", "not ready yet, still waiting …")
    return None


def _ready(client: SpeakerClient, host: str, port: int) -> Status | None:
    """Return the speaker's status once it and the panel answer."""
    try:
        status = client.status()
        there = "127.0.0.1" if host in EVERYWHERE else host
        socket.create_connection((there, port), timeout=1.0).close()
    except (SpeakerAway, OSError):
        return None
    return status


def _require_alone(folders: Folders) -> None:
    try:
        wire.client_of(folders).status()
    except SpeakerAway:
        return
    raise AlreadyRuns(
        f"小喇叭已经在运行（{folders.data}）。看它的情况：xiaolaba status",
        f"xiaolaba already runs ({folders.data}). How it is: xiaolaba status",
    )


def _show_panel(folders: Folders, settings: Settings, host: str, port: int) -> None:
    """Print the panel's addresses and, while nobody has a password, a set-up code: on the terminal, in no log."""
    from cli.setup_code import new_code  # noqa: PLC0415 - argon2 is not needed until here
    from web.people.users import Users  # noqa: PLC0415

    found = urls(host, port)
    print(terminal.text("面板", "the panel") + ": " + "  ".join(found))
    for line in encrypted.lines_of(folders, settings.panel, host):
        print(line)
    if sys.stdout.isatty():
        print(addresses.qr_code(found[0]))
    if not Users(folders.panel / "users.json").exist():
        code = new_code(folders)
        print(terminal.text("开通码（只能用一次）", "set-up code (works once)") + ": " + code)
    sys.stdout.flush()


def _tell(sentence: Sentence | None) -> None:
    if sentence is not None:
        terminal.tell(*sentence)


def _tell_death(command: Command, status: int, pause_seconds: float) -> None:
    terminal.tell(
        f"“{command.name}”意外结束（{status}），{pause_seconds:g} 秒后重新启动",
        f"“{command.name}” ended unexpectedly ({status}); it is started again in {pause_seconds:g} s",
    )


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _port(word: str) -> int:
    number = int(word)
    if not 1 <= number <= 65535:
        raise ValueError(word)
    return number
