"""The verbs of the command: a literal table, and the module that each one's work is in."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from box.folders import Folders
from box.sentences import Sentence


class Verb(Protocol):
    """What a verb's module holds. ``run`` returns the exit code: 0 done, 1 failed, 2 the input is wrong."""

    SUMMARY: Sentence

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare what may follow the verb."""
        ...

    def run(self, arguments: argparse.Namespace, folders: Folders) -> int:
        """Do it."""
        ...


@dataclass(frozen=True)
class Entry:
    """Where a verb is, and what the command does before it.

    ``takes_anything`` hands everything after the verb on as ``arguments.rest``, unread. ``writes_panel`` says that
    it writes in the panel's room, so that root becomes the room's owner first.
    """

    module: str
    takes_anything: bool = False
    writes_panel: bool = False


VERBS: dict[str, Entry] = {
    "run": Entry("cli.run"),
    "test": Entry("cli.test", takes_anything=True),
    "bench": Entry("cli.bench", takes_anything=True),
    "check": Entry("cli.check"),
    "day": Entry("cli.day"),
    "holidays": Entry("cli.holidays", writes_panel=True),
    "read": Entry("cli.read"),
    "say": Entry("cli.say"),
    "voices": Entry("cli.voices", writes_panel=True),
    "publish": Entry("cli.publish", writes_panel=True),
    "play": Entry("cli.play"),
    "stop": Entry("cli.stop"),
    "quiet": Entry("cli.quiet"),
    "status": Entry("cli.status"),
    "log": Entry("cli.log"),
    "doctor": Entry("cli.doctor"),
    "backup": Entry("cli.backup"),
    "restore": Entry("cli.restore"),
    "copy": Entry("cli.copy"),
    "stick": Entry("cli.stick"),
    "join": Entry("cli.join"),
    "leave": Entry("cli.leave"),
    "walk": Entry("cli.walk"),
    "setup-code": Entry("cli.setup_code", writes_panel=True),
    "rollback": Entry("cli.rollback"),
    "package": Entry("cli.package"),
    "hub": Entry("cli.hub"),
    "prepare": Entry("cli.prepare"),
    "restart-speaker": Entry("cli.restart_speaker"),
    "version": Entry("cli.version"),
}


def load(name: str) -> Verb:
    """Return the verb's module. It is imported only now: ``status`` need not wait for the voice's packages."""
    return cast(Verb, import_module(VERBS[name].module))
