"""The running speaker, as the verbs ask it."""

from __future__ import annotations

import os
import pwd

from box.folders import Folders
from cli import terminal
from speaker.client import SpeakerClient
from speaker.protocol import Done, Refused


def client_of(folders: Folders) -> SpeakerClient:
    """Return the way to the speaker of that data folder."""
    return SpeakerClient(folders.socket)


def who() -> str:
    """Return the name of the person at the terminal, for the as-run log."""
    try:
        return os.environ.get("SUDO_USER") or pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def told(reply: Done | Refused, zh: str, en: str) -> int:
    """Tell what became of a request, and return the exit code."""
    if isinstance(reply, Refused):
        terminal.tell(reply.zh, reply.en)
        return 1
    terminal.tell(zh, en)
    return 0
