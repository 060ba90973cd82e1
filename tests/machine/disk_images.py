"""What a power cut would leave, many times in a few minutes: the disk as it is milliseconds after an acknowledgement.

A boot takes a slow machine minutes, so ``power_cuts`` meets few saves. Here the machine is held for a moment, its disk
copied as it is, and the copy mounted here, which plays its journal back as a boot does. What the machine had not given
to its disk is not in it. Run by hand, as root, on a hub that has joined itself as a yard (else the fleet's part is
empty), with the tool of ``power_cuts`` and one verb more: ``tool copy FILE`` holds the machine, prints the instant in
seconds since 1970, copies the disk and lets the machine go on::

    python -m tests.machine.disk_images --tool ./vm --port 28080 --cuts 20 [--seed N]
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from box.clock import SystemClock
from cli.installation import PANEL_USER
from programme.file import ProgrammeFile
from programme.publication import decode_publication
from speaker.airing import Reason
from speaker.asrun.log import AsRunLog
from speaker.chain import follow
from speaker.protocol import AskRecords
from speaker.record import Airing
from tests.faults.courtyard import Person
from tests.machine.a_machine import MESSAGE, WholeMachine
from tests.machine.judged import behind, lost_rows, lost_words, twice
from tests.machine.power_cuts import OWNER, PROGRAMME, told

FOR_ALL = """\
version: 1
zone: 试验小区
timezone: Asia/Shanghai
voice: cmn-latn-pinyin
messages:
  hello: {title: 第0次, text: 各位居民请注意。, zones: [all]}
broadcasts:
"""
MOST_SAVES_BETWEEN = 12
LONGEST_AFTER_SECONDS = 0.1


def programme() -> str:
    """Return one that airs something for all yards every twenty minutes of the day."""
    minutes = ((hour, minute) for hour in range(7, 21) for minute in range(0, 60, 20))
    lines = (
        f'  at-{hour:02}{minute:02}: {{at: "{hour:02}:{minute:02}", messages: [hello], zones: [all], chime: false}}'
        for hour, minute in minutes
    )
    return FOR_ALL + "\n".join(lines) + "\n"


def save(person: Person, title: str) -> bool:
    """Give the message that title, which nothing has to be rendered for; tell whether it was acknowledged."""
    _, content = person.ask("GET", f"/api/v1/messages/{MESSAGE}")
    had = json.loads(content)
    new = {"title": title, "text": had["text"], "was": had["was"]}
    status, content = person.ask("PUT", f"/api/v1/messages/{MESSAGE}", new)
    work = json.loads(content)
    while status == 202:
        _, content = person.ask("GET", work["work"])
        job = json.loads(content)
        if job["state"] in {"done", "failed"}:
            return bool(job["state"] == "done")
    return False


@contextmanager
def mounted(image: Path) -> Iterator[Path]:
    """Give the folder of a disk's copy; what its journal holds is played back."""
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(["mount", "-o", "loop", str(image), name], check=True, timeout=60)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", name], check=True, timeout=60)


def title_in(data: Path) -> str:
    """Return what the programme file says."""
    messages = ProgrammeFile(data / "panel/schedule.yaml").read().programme.messages
    return next(one.title for one in messages if one.id == MESSAGE)


def rows_in(data: Path) -> list[Airing]:
    """Return the as-run log, held to its chain. Raises XiaolabaError for one that does not fit."""
    with closing(AsRunLog(data / "speaker/as-run.db", SystemClock())) as log:
        rows: list[Airing] = []
        more = True
        while more:
            records = log.records(AskRecords(after=rows[-1].id if rows else 0))
            rows, more = [*rows, *records.airings], records.more
        by_change: list[Airing] = []
        more = True
        while more:
            records = log.records(AskRecords(changed_after=by_change[-1].change if by_change else 0))
            by_change, more = [*by_change, *records.airings], records.more
        follow(by_change, records.log)
        return rows


def counters_in(data: Path) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Return the highest counters: those that the agent has on disk, that it has told to have taken, and the hub's."""
    taken: dict[str, int] = {}
    with suppress(FileNotFoundError):
        content = json.loads((data / "fleet/counters.json").read_bytes())
        taken = {channel: max(by_key.values()) for channel, by_key in content["highest"].items()}
    reported: dict[str, int] = {}
    sent: dict[str, int] = {}
    if (data / "hub/fleet.sqlite").exists():
        with closing(sqlite3.connect(data / "hub/fleet.sqlite")) as database:
            for (payload,) in database.execute("SELECT payload FROM report"):
                report = json.loads(payload)
                reported[report["channel"]] = max(reported.get(report["channel"], 0), report["of"])
            sent = dict(database.execute("SELECT channel, max(counter) FROM sent GROUP BY channel"))
    return taken, reported, sent


def examined(image: Path, title: str, before: list[Airing]) -> tuple[list[str], list[Airing], str]:
    """Return what is broken in a copy, the rows of its log, and the title that it has."""
    with mounted(image) as root:
        data = root / "var/lib/xiaolaba"
        now = title_in(data)
        rows = rows_in(data)
        taken, reported, sent = counters_in(data)
        decode_publication((data / "panel/on-air.json").read_bytes())
        broken = [
            *lost_words(title, [], now),
            *lost_rows(before, rows),
            *twice(rows),
            *behind("the agent's counter", taken, "what it told to have taken", reported),
            *behind("what the hub has kept", sent, "what the agent took", taken),
            *(str(path) for path in data.rglob("*.damaged-*")),
        ]
    return broken, rows, now


def main() -> int:
    """Save, copy the disk, look, so many times; 1 where anything is broken."""
    parser = argparse.ArgumentParser(prog="tests.machine.disk_images", description=__doc__)
    parser.add_argument("--tool", required=True, help="ssh and copy of the machine")
    parser.add_argument("--port", type=int, required=True, help="where the machine's panel is reached here")
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--most-saves", type=int, default=MOST_SAVES_BETWEEN, help="between two cuts")
    arguments = parser.parse_args()
    seed = random.SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    chance = random.Random(seed)  # noqa: S311 - when to copy is no secret
    machine = WholeMachine(arguments.tool)
    key = machine.python(OWNER, user=PANEL_USER).split()[-1]
    write = f"from pathlib import Path; Path({PROGRAMME!r}).write_text({programme()!r}, encoding='utf-8')"
    machine.python(write, user=PANEL_USER)
    machine.run("xiaolaba publish", seconds=600)
    person, saves, rows, broken, within = Person(arguments.port, key), 0, list[Airing](), list[str](), 0
    title = "第0次"
    told(f"seed {seed}")
    with tempfile.TemporaryDirectory() as name:
        image = Path(name) / "disk"
        for cut in range(1, arguments.cuts + 1):
            for _ in range(chance.randint(1, arguments.most_saves)):
                newer = f"第{saves + 1}次 {seed}"
                if save(person, newer):
                    title, saves = newer, saves + 1
            acknowledged = time.time()
            time.sleep(chance.uniform(0, LONGEST_AFTER_SECONDS / 2))
            copied = subprocess.run([arguments.tool, "copy", str(image)], check=True, capture_output=True, text=True)
            after_ms = 1000 * (float(copied.stdout) - acknowledged)
            within += after_ms <= 1000 * LONGEST_AFTER_SECONDS
            found, seen, now = examined(image, title, rows)
            # What was sounding counts as interrupted in the copy; in the machine itself it goes on.
            rows = [row for row in seen if row.reason is not Reason.INTERRUPTED]
            image.unlink()
            broken += [f"cut {cut}: {what}" for what in found]
            told(f"cut {cut}: {after_ms:.0f} ms after acknowledgement {saves}; there is {now!r}, {len(rows)} rows;"
                 f" broken: {found or 'nothing'}")  # fmt: skip
    told(f"seed {seed}: {saves} acknowledged saves, {arguments.cuts} cuts, {within} of them within 100 ms after one,"
         f" {len(broken)} things broken")  # fmt: skip
    for what in broken:
        told(f"broken: {what}")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
