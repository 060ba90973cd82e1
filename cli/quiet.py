"""``quiet``: nothing but an emergency sounds until a time of today."""

from __future__ import annotations

import argparse
import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from box.folders import Folders
from box.sentences import Sentence
from cli import terminal, wire
from cli.wrong import InputWrong

SUMMARY = Sentence("请喇叭安静到今天几点（应急广播照常）", "quiet until a time of today; an emergency still sounds")

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_END_OF_DAY = "24:00"
_LONGEST_WHY = 200  # what the speaker takes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the time and the reason, or ``--end``."""
    which = parser.add_mutually_exclusive_group(required=True)
    when = terminal.text("今天几点，如 14:30；24:00 是今天结束", "a time of today, as 14:30; 24:00 is its end")
    which.add_argument("until", nargs="?", metavar="HH:MM", help=when)
    which.add_argument("--end", action="store_true", help=terminal.text("现在就恢复", "let it sound again now"))
    why = terminal.text("原因，会记下来", "why; it is on record")
    parser.add_argument("--why", default="", metavar="TEXT", help=why)


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Ask the speaker for quiet, or end it. Raises InputWrong for what is no time."""
    client = wire.client_of(folders)
    if arguments.end:
        return wire.told(client.end_quiet(wire.who()), "恢复了，下一次广播照常", "it sounds again; the next cue airs")
    status = client.status()
    until = until_in(arguments.until, status.now, ZoneInfo(status.timezone or "Asia/Shanghai"))
    why = " ".join(arguments.why.split())[:_LONGEST_WHY]
    at = arguments.until
    return wire.told(client.be_quiet(until, wire.who(), why), f"安静到 {at}，到时间自己恢复", f"quiet until {at}")


def until_in(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of today that ``text`` names, as the clock on the wall shows it. Raises InputWrong."""
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    if text == _END_OF_DAY:
        return midnight + timedelta(days=1)
    found = _TIME.fullmatch(text)
    if found is None:
        raise InputWrong(f"“{text}”不是时间，请写成 14:30 这样", f"{text!r} is no time; write it as 14:30")
    return midnight.replace(hour=int(found[1]), minute=int(found[2]))
