"""``day``: what will be played on a day."""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from box.clock import SystemClock
from box.folders import Folders
from box.sentences import Language, Sentence
from box.settings import read_settings
from cli import terminal
from cli.places import settings_file
from cli.programme_in_use import programme_in_use
from cli.wrong import InputWrong
from programme.calendar_end import ending_soon
from programme.chimes import TITLES
from programme.daysheet import DayRow, DaySheet, day_sheet
from programme.foreign import read_publication
from programme.publication import SAMPLE_RATE_HZ, Publication, PublicationInvalid
from programme.shared import shared_at
from programme.together import as_one, together
from programme.year_table import year_table
from programme.zones import for_this_yard
from speaker.forecast import forecast_within

if TYPE_CHECKING:
    from programme.model import Programme

SUMMARY = Sentence("看某一天会播什么", "what will be played on a day")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(1970, 2200)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take ``--date``, ``--year`` and ``--json``."""
    parser.add_argument("--date", metavar="D", help=terminal.text("哪一天，如 2026-02-17", "the day, as 2026-02-17"))
    help_text = terminal.text("一整年，一天一行，如 2027", "a whole year, a line a day, as 2027")
    parser.add_argument("--year", metavar="Y", help=help_text)
    parser.add_argument("--json", action="store_true", help=terminal.text("只输出 JSON", "nothing but JSON"))


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Print the day on standard output and return 0."""
    programme = for_this_yard(_programme(folders))
    shared = shared_at(folders.panel / "shared.json")
    if arguments.year:
        both = as_one(together(programme, shared), shared)
        for line in year_table(both, year_in(arguments.year), terminal.language()):
            print(line)
        return 0
    today = SystemClock().now().astimezone(ZoneInfo(programme.timezone)).date()
    day = day_in(arguments.date) if arguments.date else today
    settings = read_settings(settings_file(folders))
    sheet = day_sheet(
        programme,
        day,
        on_air=_on_air(folders),
        foretell=forecast_within(settings.limits),
        shared=shared,
    )
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode(_as_json(sheet)), indent=1).decode())
        return 0
    for line in lines_of(sheet):
        print(line)
    end = ending_soon(programme, today)
    if end is not None:
        terminal.tell(*end)
    return 0


def day_in(text: str) -> date:
    """Return the date in ``text``; raises InputWrong when it is none."""
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise InputWrong(f"“{text}”不是日期，请写成 2026-02-17 这样", f"{text!r} is no date; write it as 2026-02-17")
    return day


def year_in(text: str) -> int:
    """Return the year in ``text``; raises InputWrong when it is none."""
    if not text.isascii() or not text.isdigit() or int(text) not in _YEARS:
        raise InputWrong(f"“{text}”不是年份，请写成 2027 这样", f"{text!r} is no year; write it as 2027")
    return int(text)


def lines_of(sheet: DaySheet) -> list[str]:
    """Return the day for a person, a line a broadcast and its warnings below it."""
    language = terminal.language()
    lines = [f"{sheet.zone}  {sheet.day}  {sheet.kind.text(language)}"]
    for row in sheet.rows:
        titles = "、".join(said.title for said in row.messages) or "—"
        times = f" ×{row.repeat}" if row.repeat > 1 else ""
        chime = f"  ♪ {TITLES[row.chime].text(language)}" if row.chime else ""
        lines.append(
            f"  {row.due:%H:%M}  {row.broadcast:<12} {_length(row):>8}  {row.volume_percent:>3}%  "
            f"{titles}{times}{chime}{_from_where(row, language)}"
        )
        lines += [f"         ! {warning.text(language)}" for warning in row.warnings]
    lines += [f"  -  {one.at:%H:%M}  {one.broadcast:<12} {one.why.text(language)}" for one in sheet.skipped]
    lines += [f"  ! {note.text(language)}" for note in sheet.notes]
    return lines


def _from_where(row: DayRow, language: Language) -> str:
    return f"  ({Sentence('社区统一', 'from the hub').text(language)})" if row.shared else ""


def _length(row: DayRow) -> str:
    minutes, seconds = divmod(round(row.seconds), 60)
    mark = "~" if terminal.language() == "en" else "约"
    return f"{'' if row.exact else mark}{minutes}:{seconds:02}"


def _as_json(sheet: DaySheet) -> dict[str, object]:
    return {
        "date": sheet.day,
        "kind": sheet.kind._asdict(),
        "zone": sheet.zone,
        "broadcasts": [
            {
                "at": f"{row.due:%H:%M}",
                "due": row.due,
                "broadcast": row.broadcast,
                "messages": [
                    {"id": said.id, "title": said.title, "seconds": said.seconds, "estimated": not said.exact}
                    for said in row.messages
                ],
                "chime": row.chime,
                "repeat": row.repeat,
                "seconds": row.seconds,
                "estimated": not row.exact,
                "volume": row.volume_percent,
                "shared": row.shared,
                "foretold": _foretold(row),
                "warnings": [warning._asdict() for warning in row.warnings],
            }
            for row in sheet.rows
        ],
        "skipped": [
            {"at": f"{one.at:%H:%M}", "broadcast": one.broadcast, "why": one.why._asdict()} for one in sheet.skipped
        ],
        "notes": [note._asdict() for note in sheet.notes],
    }


def _foretold(row: DayRow) -> dict[str, object] | None:
    """Return what will come of a broadcast if nothing else happens; ``volume`` is within what the installer allows."""
    foretold = row.foretold
    if foretold is None:
        return None
    return {
        "begins": foretold.begins,
        "seconds": round(foretold.frames / SAMPLE_RATE_HZ, 3),
        "volume": foretold.volume_percent,
        "outcome": foretold.outcome,
        "reason": foretold.reason,
    }


def _programme(folders: Folders) -> Programme:
    from programme.faults import ProgrammeInvalid  # noqa: PLC0415 - the YAML parser costs time that other verbs save
    from programme.file import ProgrammeFile, ProgrammeUnreadable  # noqa: PLC0415

    path = programme_in_use(folders)
    try:
        return ProgrammeFile(path).read().programme
    except ProgrammeUnreadable as error:
        raise InputWrong(*error.sentence) from error
    except ProgrammeInvalid as error:
        terminal.tell_faults(path, error.faults)
        zh, en = "节目单有错，先改好再看", "the programme has mistakes; mend them first"
        raise InputWrong(zh, en) from error


def _on_air(folders: Folders) -> Publication | None:
    try:
        return read_publication(folders.publication)
    except FileNotFoundError:
        return None
    except (PublicationInvalid, OSError) as error:
        terminal.tell(
            f"看不到正在播的内容，长度只能估计（{error}）",
            f"what is on air can't be read; lengths are estimates ({error})",
        )
        return None
