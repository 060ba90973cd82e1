"""``stick``: a forgotten password, by a USB stick with an empty file ``xiaolaba-reset`` and the button on the box.

udev starts it for every stick, also for one on its round from a community's hub (``cli.walk``). What else is on it is
only ever looked at by name and size; the code is issued to who has the stick in the box and a hand on its button, and
is written on the stick and nowhere else.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from box.addresses import urls
from box.clock import Clock, SystemClock
from box.durable import replace_file, sync_folder
from box.folders import Folders
from box.sentences import Sentence, XiaolabaError
from box.settings_in_force import settings_in_force
from cli import terminal, wire
from cli.held import Hold, wait_for_hold
from cli.installation import InstallFailed, Machine, ThisMachine
from cli.mounting import mounted
from cli.owner import as_owner_of
from cli.places import settings_file
from cli.restore import finish_restore
from cli.setup_code import new_code
from cli.stick_words import invitation, refusal
from cli.walk import carry, is_for_this_box
from speaker.protocol import Status
from web.audit.log import Audit
from web.lan.announced_file import kept

SUMMARY = Sentence("忘了密码：插优盘、按住按钮，给开通码（自动做）", "a set-up code by stick and button (automatic)")

ANSWER = "xiaolaba-code.txt"
REQUESTS = ("xiaolaba-reset", "xiaolaba-reset.txt")  # Windows adds the second's ending without showing it
LOCK = Path("/run/xiaolaba-stick.lock")
_KINDS = ("-t", "vfat,exfat,ext4,ext3,ext2")


@dataclass(frozen=True)
class Box:
    """What the verb is given of this box. ``pause`` waits for so many seconds; ``lock`` lets one stick be answered."""

    folders: Folders
    machine: Machine
    clock: Clock
    ask: Callable[[], Status]
    pause: Callable[[float], None]
    lock: Path = LOCK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the device, such as ``/dev/sda1``."""
    parser.add_argument("device", type=Path, metavar="DEVICE")


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Answer the stick, where it asks for something."""
    machine = ThisMachine()
    if not machine.is_root():
        raise InstallFailed("要管理员权限：sudo xiaolaba stick", "this needs root: sudo xiaolaba stick")
    return answer(arguments.device, Box(folders, machine, SystemClock(), wire.client_of(folders).status, time.sleep))


def answer(device: Path, box: Box) -> int:
    """Look at the stick, wait for the button, and write on the stick what came of it.

    A stick on its round from a hub is served first, and needs no hand on the button: what it brings is signed.

    It is 0 also where it asks for nothing, or is told why it gets nothing: neither is a fault of the box.
    """
    with mounted(device, box.machine, *_KINDS, "-o", "ro") as stick:
        walks = is_for_this_box(stick, box.folders)
        if request_on(stick) is None and not walks:
            return 0
    if walks:
        with mounted(device, box.machine, *_KINDS) as stick:
            carry(stick, box.folders, box.clock, box.pause)
            if request_on(stick) is None:
                return 0
    with _alone(box.lock) as is_alone:
        if not is_alone:
            terminal.tell("已经有一个优盘在等按钮", "another stick already waits for the button")
            return 1
        hold = wait_for_hold(box.ask, box.clock, box.pause)
        with mounted(device, box.machine, *_KINDS) as stick:
            request = request_on(stick)
            if request is None:
                return 0
            put_answer(stick, _by_the_panel(box, lambda: _words(box, device, hold)))
            if hold is Hold.HELD:
                (stick / request).unlink()
                sync_folder(stick)
    if hold is Hold.HELD:
        terminal.tell(f"开通码写到优盘的 {ANSWER} 里了", f"the set-up code is in {ANSWER} on the stick")
    else:
        terminal.tell(f"没有给开通码，原因在优盘的 {ANSWER} 里", f"no set-up code; {ANSWER} on the stick says why")
    return 0


def request_on(stick: Path) -> str | None:
    """Return the name of an empty regular file that asks for a code; links are not followed, nothing is opened."""
    for name in REQUESTS:
        try:
            found = (stick / name).lstat()
        except OSError:  # it is not there, or that place of the stick is damaged
            continue
        if stat.S_ISREG(found.st_mode) and found.st_size == 0:
            return name
    return None


def put_answer(stick: Path, text: str) -> None:
    """Write the answer, in the place of whatever has its name, and have it on the stick when this returns.

    With the mark and the line ends that every Notepad knows. Raises OSError: a full stick, a folder of that name.
    """
    replace_file(stick / ANSWER, text.replace("\n", "\r\n").encode("utf-8-sig"), mode=0o644)


def _words(box: Box, device: Path, hold: Hold) -> str:
    """Issue the code if the button was held, note in the audit log what was done, and return what to write."""
    from web.people.setup_code import LASTS  # noqa: PLC0415 - as late as it is needed

    folders = box.folders
    finish_restore(folders)
    if hold is Hold.HELD:
        settings = settings_in_force(settings_file(folders), folders.panel, box.clock).settings
        until = (box.clock.now() + LASTS).astimezone(ZoneInfo(settings.limits.timezone))
        found = urls(settings.panel.host, settings.panel.port, name=kept(folders.announced).name)
        text = invitation(new_code(folders), until, found)
    else:
        text = refusal(hold)
    Audit(folders.panel / "audit", box.clock).record(
        who="", address="", what="stick.code", target=device.name, outcome=200 if hold is Hold.HELD else 403
    )
    return text


def _by_the_panel(box: Box, work: Callable[[], str]) -> str:
    """Return what ``work`` returns, done as the panel's user: a short text comes back through a pipe, and no file."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as told:

        def say() -> int:
            os.write(write_end, work().encode())  # a few hundred bytes: the pipe takes them at once
            return 0

        try:
            code = as_owner_of(box.folders.panel, say)
        finally:
            os.close(write_end)
        text = told.read().decode()
    if code != 0 or not text:
        raise XiaolabaError("开通码没有做成，看上面的原因", "the set-up code could not be made; see above for why")
    return text


@contextmanager
def _alone(lock: Path) -> Iterator[bool]:
    """Tell whether no other stick, or part of this one, waits: one hold of the button is one code."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
