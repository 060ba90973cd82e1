"""``leave``: this box belongs to no hub any more, and says only its own."""

from __future__ import annotations

import argparse
from pathlib import Path

from box.folders import Folders
from box.sentences import Sentence
from cli import terminal
from cli.outcome import DONE
from cli.owner import as_owner_of
from cli.wrong import InputWrong

SUMMARY = Sentence("退出社区总站", "leave the community's hub")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Forget the hub and what it sent; the agent, if it runs, says goodbye."""
    left = as_owner_of(folders.fleet, lambda: leave(folders.fleet))
    return left or as_owner_of(folders.panel, lambda: _take_ticket_back(folders.panel))


def _take_ticket_back(panel: Path) -> int:
    """Remove the ticket that this box joined by: it is spent, and while it is there the agent stays to follow it."""
    from fleet.agent.standing import JOIN_TICKET  # noqa: PLC0415 - only where it is needed

    (panel / JOIN_TICKET).unlink(missing_ok=True)
    return DONE


def leave(room: Path) -> int:
    """Forget the membership in ``room``. Raises InputWrong where there is none, OSError."""
    from fleet.agent.leaving import forget  # noqa: PLC0415 - only where it is needed
    from fleet.enrol.membership import is_damaged, is_member  # noqa: PLC0415

    if not is_member(room) and not is_damaged(room):
        raise InputWrong("这台小喇叭没有入网", "this box has joined no hub")
    forget(room)
    terminal.tell(
        "已退出。社区统一的节目不再播，本院的照常", "left. What was shared is aired no more; the yard's own goes on"
    )
    return DONE
