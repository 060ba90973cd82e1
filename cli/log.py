"""``log``: the as-run log."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from datetime import date, tzinfo
from zoneinfo import ZoneInfo

import msgspec

from box.folders import Folders
from box.seconds import nearest_second
from box.sentences import Sentence
from box.table_cell import harmless
from cli import terminal, wire
from cli.log_verify import verify
from programme.publication import SAMPLE_RATE_HZ
from speaker.client import SpeakerClient
from speaker.heard import hearing_sentence
from speaker.record import Airing
from speaker.words import standing

SUMMARY = Sentence("播出记录", "the as-run log")

_COLUMNS = (
    "id", "day", "broadcast", "priority", "origin", "who", "attempt", "due", "started", "ended", "outcome", "reason",
    "frames", "frames_played", "lateness_ms", "volume_percent", "revision", "said", "voices", "clock",
    "link", "hash", "heard", "likeness_percent", "above_noise_db", "delay_ms", "not_listened_why",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the days, and the form."""
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY", help="2026-01-17")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=terminal.text("只输出 JSON", "nothing but JSON"))
    form.add_argument(
        "--verify",
        action="store_true",
        help=terminal.text("检查每一条记录都和播完时一样", "check that every row is as it was when it was finished"),
    )
    form.add_argument("--csv", action="store_true", help=terminal.text("表格软件能打开", "for a spreadsheet"))


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Print the rows of those days, oldest first. Instants are UTC in JSON and CSV, the courtyard's time for people."""
    if arguments.verify:
        return verify(folders)
    client = wire.client_of(folders)
    rows = airings(client, arguments.first, arguments.last)
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode(list(rows)), indent=1).decode())
    elif arguments.csv:
        table = csv.writer(sys.stdout)
        table.writerow(_COLUMNS)
        table.writerows(cells_of(row) for row in rows)
    else:
        zone = zone_of(client.status().timezone)
        for row in rows:
            print(line_of(row, zone))
    return 0


def airings(client: SpeakerClient, first: date | None = None, last: date | None = None) -> Iterator[Airing]:
    """Yield every row from ``first`` to ``last``, asking the speaker page by page."""
    after = 0
    while True:
        reply = client.records(first=first, last=last, after=after)
        yield from reply.airings
        if not reply.more or not reply.airings:
            return
        after = reply.airings[-1].id


def cells_of(row: Airing) -> list[object]:
    """Return a row of the CSV."""
    plain: dict[str, object] = msgspec.to_builtins(row)
    plain["said"] = "；".join(said.title for said in row.said)
    plain["voices"] = "；".join(dict.fromkeys(said.voice for said in row.said))
    plain["heard"] = row.heard.verdict if row.heard else None
    plain["likeness_percent"] = row.heard.likeness_percent if row.heard else None
    plain["above_noise_db"] = row.heard.above_noise_db if row.heard else None
    plain["delay_ms"] = row.heard.delay_ms if row.heard else None
    plain["not_listened_why"] = row.heard.why if row.heard else None
    return [harmless(plain[name]) for name in _COLUMNS]


def zone_of(timezone: str) -> tzinfo | None:
    """Return the courtyard's time zone; None, the machine's own, as long as nothing is on air."""
    return ZoneInfo(timezone) if timezone else None


def line_of(row: Airing, zone: tzinfo | None) -> str:
    """Return a row for a person, its instant by the clock of ``zone``."""
    at = row.started or row.due or row.ended
    when = nearest_second(at).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if at else str(row.day)
    outcome = _outcome(row).text(terminal.language())
    late = f"  {_lateness(row.lateness_ms)}" if row.lateness_ms is not None else ""
    titles = "、".join(said.title for said in row.said)
    told = f"{row.who}  {titles}".rstrip() if row.origin == "contact" else titles
    seconds = row.frames_played / SAMPLE_RATE_HZ
    heard = f"  {hearing_sentence(row.heard).text(terminal.language())}" if row.heard else ""
    return f"{when}  {row.broadcast or row.priority:<12} {outcome}  {seconds:.0f} s{late}  {told}{heard}"


def _outcome(row: Airing) -> Sentence:
    how = standing(row.outcome or ("held" if row.parts else "sounding"), row.reason)
    cuts = sum(part.cut_by is not None for part in row.parts)
    if not cuts:
        return how
    return Sentence(f"{how.zh}，被打断 {cuts} 次", f"{how.en}, cut {f'{cuts} times' if cuts > 1 else 'once'}")


def _lateness(lateness_ms: float) -> str:
    """Return it in the unit that a person reads: what is aired late after a power cut is late by seconds."""
    return f"{lateness_ms:+.1f} ms" if abs(lateness_ms) < 1000 else f"{lateness_ms / 1000:+.0f} s"
