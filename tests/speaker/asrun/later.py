"""A later version, for the tests of going back: this version's code, with another column in the as-run log."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec

from speaker.asrun.sealing import head_of
from speaker.asrun.stored import COLUMNS, airing_of
from speaker.chain import Head, sealed

ROOT = Path(__file__).resolve().parents[3]
FORM = 8  # one more than this version's
_PATCHES = {
    "speaker/record.py": {'    beyond: str = ""\n': '    beyond: str = ""\n    echo: str | None = None\n'},
    "speaker/asrun/database.py": {
        "_VERSION = 7\n": "_VERSION = 8\n",
        "    beyond TEXT NOT NULL DEFAULT ''\n": "    beyond TEXT NOT NULL DEFAULT '',\n    echo TEXT\n",
        "    6: (": '    7: ("ALTER TABLE airings ADD COLUMN echo TEXT",),\n    6: (',
    },
    "programme/publication.py": {'    hub: str = ""\n': '    hub: str = ""\n    echo: bool = False\n'},
    "pyproject.toml": {'version = "0.1.0"\n': 'version = "0.2.0"\n'},
}
_SINCE = f"SELECT {COLUMNS} FROM airings WHERE change > ? AND link IS NOT NULL ORDER BY link"  # noqa: S608 - of no input
_SCRIPT = """
import json, sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from speaker.airing import Outcome, Priority, Reason, Result
from speaker.asrun.log import AsRunLog, Entry
from speaker.record import Said
class Clock:
    at = datetime.fromisoformat(sys.argv[2])
    def now(self): return self.at
    def monotonic(self): return 1000.0
clock = Clock()
log = AsRunLog(Path(sys.argv[1]), clock)
said = (Said(message="a", title="甲", text="守好门。", clip="0" * 64, voice="v", engine="e", stand_in=False),)
for name, day, echo, ends in json.loads(sys.argv[3]):
    clock.at += timedelta(minutes=1)
    day = date.fromisoformat(day)
    row = log.begin(Entry(Priority.PROGRAMME, "schedule", "", name, day, 1, clock.at, 100, 80, "r2", said))
    if echo:
        log._database.execute("UPDATE airings SET echo = ? WHERE id = ?", (echo, row))
    if ends:
        log.end(row, Result(Outcome.AIRED, Reason.NONE, 100, clock.at, clock.at, 0.25))
log._database.close()
"""


def later_tree(folder: Path) -> Path:
    """Make a tree of the later version, and return it."""
    for name in ("box", "programme", "speaker"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    for name, patches in _PATCHES.items():
        text = (folder / name).read_text(encoding="utf-8")
        for before, after in patches.items():
            assert text.count(before) == 1, (name, before)
            text = text.replace(before, after)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def air_with(tree: Path, log: Path, now: str, airings: list[tuple[str, str, str, bool]]) -> None:
    """Have the version of ``tree`` air so on ``log``: broadcast, day, what the new column says, whether it ends."""
    subprocess.run(
        [sys.executable, "-P", "-c", _SCRIPT, str(log), now, json.dumps(airings)],
        env={"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )


def become_later(path: Path, seen: int, says: dict[int, str | None], outcome: str | None = None) -> None:
    """Make a log that this version wrote one of the later: rows changed after ``seen`` say more, by their numbers.

    ``outcome`` is one that this version doesn't know, of the last of them.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as log:
        log.execute("BEGIN")
        rows = log.execute(_SINCE, (seen,)).fetchall()
        log.execute("UPDATE airings SET link = NULL WHERE change > ?", (seen,))
        head = head_of(log)
        log.execute("ALTER TABLE airings ADD COLUMN echo TEXT")
        for row in rows:
            airing = airing_of(row)
            echo = says.get(airing.id)
            beyond = msgspec.json.encode({"echo": echo}).decode() if echo else ""
            placed = sealed(msgspec.structs.replace(airing, beyond=beyond), head)
            log.execute(
                "UPDATE airings SET link = ?, hash = ?, echo = ? WHERE id = ?",
                (placed.link, placed.hash, echo, airing.id),
            )
            head = Head(head.link + 1, placed.hash)
        if outcome and rows:
            log.execute("UPDATE airings SET outcome = ? WHERE id = ?", (outcome, airing_of(rows[-1]).id))
        log.execute(f"PRAGMA user_version = {FORM}")
        log.execute("COMMIT")
