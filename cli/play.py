"""``play``: a broadcast or a message, now."""

from __future__ import annotations

import argparse

from box.folders import Folders
from box.sentences import Sentence
from cli import terminal, wire

SUMMARY = Sentence("马上播一个广播时段或一条稿件", "play a broadcast or a message now")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the id."""
    parser.add_argument(
        "id", metavar="ID", help=terminal.text("广播时段或稿件的名字，如 morning", "of a broadcast or message")
    )


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Ask the speaker for a page: of the broadcast with that id, else of the message."""
    from speaker.airing import Reason  # noqa: PLC0415 - keeps --help quick
    from speaker.protocol import Refused  # noqa: PLC0415

    client = wire.client_of(folders)
    name: str = arguments.id[:64]
    reply = client.play(broadcast=name, who=wire.who())
    if isinstance(reply, Refused) and reply.reason is Reason.UNKNOWN:
        reply = client.play(message=name, who=wire.who())
    ahead = 0 if isinstance(reply, Refused) else reply.ahead
    if ahead:
        return wire.told(reply, f"在排队，前面还有 {ahead} 个：{name}", f"waiting behind {ahead}: {name}")
    return wire.told(reply, f"正在播：{name}", f"playing: {name}")
