"""``join``: this box becomes a member of a community's hub, by a ticket and six digits."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

from box.clock import Clock, SystemClock
from box.folders import Folders
from box.sentences import Sentence, XiaolabaError
from box.version import version_here
from cli import terminal
from cli.outcome import DONE
from cli.owner import as_owner_of
from cli.wrong import InputWrong

SUMMARY = Sentence("加入社区总站（用总站给的入网票）", "join a community's hub, by the ticket that it gave")

LOOK_SECONDS = 2.0
PATIENCE_SECONDS = 24 * 3600.0  # as long as a ticket holds
LARGEST_BYTES = 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the ticket's file."""
    parser.add_argument(
        "file", metavar="FILE", help=terminal.text("入网票文件，- 是标准输入", "the ticket's file, or -")
    )


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Show the digits, wait until somebody at the hub has confirmed them, and keep the membership."""
    content = _ticket(arguments.file)
    return as_owner_of(folders.fleet, lambda: join(content, folders.fleet, SystemClock(), Event().wait))


def join(content: bytes, room: Path, clock: Clock, pause: Callable[[float], object]) -> int:
    """Join by the ticket in ``content``. Raises TicketInvalid, JoinRefused, HubFalse, OSError."""
    from fleet.enrol.joining import HttpsHub, HubNotReached, Joining  # noqa: PLC0415 - cryptography, only where it is needed
    from fleet.enrol.mending import whole_membership  # noqa: PLC0415

    if whole_membership(room, clock) is not None:
        raise AlreadyJoined(
            "这台小喇叭已经入网；要换总站，请先 xiaolaba leave",
            "this box has joined a hub already; to join another, first: xiaolaba leave",
        )
    joining = Joining(room, HttpsHub(), clock, version_here())
    pending = joining.begin(content)
    digits = f"{pending.digits[:3]} {pending.digits[3:]}"
    print(digits, flush=True)  # it waits now, for a day at most: who reads it by a pipe must have it before
    terminal.tell(
        f"请在总站上核对这六位数字：{digits}，一样就点“确认”",
        f"compare these digits at the hub: {digits}. Are they the same, confirm",
    )
    until = clock.monotonic() + PATIENCE_SECONDS
    missed: Sentence | None = None
    while clock.monotonic() < until:
        try:
            membership = joining.ask()
        except HubNotReached as error:
            if error.sentence != missed:
                missed = error.sentence
                terminal.tell(*error.sentence)
            membership = None
        if membership is not None:
            terminal.tell(
                f"已入网：{membership.zone}（{membership.name}）", f"joined as {membership.name}: {membership.zone}"
            )
            return DONE
        pause(LOOK_SECONDS)
    joining.give_up()
    raise NotConfirmed("一天里没有人确认，没有入网", "nobody confirmed within a day: this box did not join")


class AlreadyJoined(XiaolabaError):
    """The box is a member already."""


class NotConfirmed(XiaolabaError):
    """Nobody at the hub confirmed the digits."""


def _ticket(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(LARGEST_BYTES + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise InputWrong(
            f"入网票读不出来：{name}（{error.strerror}）", f"the ticket can't be read: {name} ({error.strerror})"
        ) from error
