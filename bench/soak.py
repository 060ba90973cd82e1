"""A week of schedule at 60 times speed, with faults thrown in at random, and what came of every broadcast.

The schedule is squeezed, not the clock: a clock that ran faster would not be the one that the sound card keeps, and
nothing that is measured would be what happens on a wall. So the broadcasts of ``--days`` lie ``--speed`` times closer
together, their grace likewise, and one night of the installer's lies in the middle; processes, card, files and time are
real. At 60 times a week takes 2.8 hours, at 1008 ten minutes. The clock is not stepped here, and no disk is filled.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Timer

from bench.card import build_card, new_card
from bench.figures import Figure, Measurement
from bench.memory import memory_of
from bench.soaking import Night, heard_beyond_the_rows, seconds_within
from box.clock import SystemClock
from programme.file import ProgrammeFile
from speaker.airing import Outcome
from speaker.client import SpeakerAway
from speaker.record import Airing
from tests.card.virtual import VirtualCard
from tests.faults.courtyard import Courtyard, Process, pause, until

SUMMARY = "a week of schedule squeezed, with faults at random: aired, late, missed, twice, at night, lost saves, memory"
A_DAY = 4  # broadcasts
LATE_MS = 1000.0
START_UP_SECONDS = 30
SETTINGS = """\
[audio]
device = "default"
lead_in_ms = 50
tail_ms = 20
[limits]
timezone = "UTC"
quiet_hours = "{night}"
longest_minutes_per_day = 1440
"""
clock = SystemClock()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how long, how fast, and which faults."""
    parser.add_argument("--days", type=float, default=7.0, help="days of schedule, four broadcasts each (7)")
    parser.add_argument("--speed", type=float, default=60.0, help="times as fast (60; 1008: a week in ten minutes)")
    parser.add_argument("--seed", type=int, help="of the faults, as a run before has printed it")


def measure(arguments: argparse.Namespace) -> Measurement:
    """Let it run, and count."""
    seed = random.SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    every = max(2, round(86_400 / A_DAY / arguments.speed))
    count = max(1, round(arguments.days * A_DAY))
    _tell(f"seed {seed}; {every * (count + 1) / 60 + 1:.0f} minutes")
    with tempfile.TemporaryDirectory(prefix="xiaolaba-soak-") as name:
        card = new_card(build_card(Path(name)), Path(name) / "card")
        first = clock.now().replace(microsecond=0) + timedelta(seconds=START_UP_SECONDS)
        night = Night.in_the_middle(first, timedelta(seconds=every * count))
        settings = SETTINGS.format(night=night.as_setting())
        with Courtyard(Path(name), card.environment, settings=settings) as yard:
            soak = Soak(yard, card, random.Random(seed), first=first, count=count, every=every)  # noqa: S311 - no secret
            soak.run()
            figures = soak.figures(night)
    return Measurement(
        name="soak",
        conditions=(
            f"{count} broadcasts of {arguments.days:g} days, one each {every} s "
            f"({86_400 / A_DAY / every:.0f} times as fast), night {night.as_setting()} UTC, "
            f"seed {seed}; faults: {soak.told()}"
        ),
        figures=figures,
    )


class Soak:
    """One run on a courtyard."""

    def __init__(
        self, yard: Courtyard, card: VirtualCard, chance: random.Random, *, first: datetime, count: int, every: int
    ) -> None:
        self._yard = yard
        self._card = card
        self._chance = chance
        self._every = every
        self._count = count
        self._end = first + timedelta(seconds=every * count)
        self._timetable = ("--first", str(int(first.timestamp())), "--count", str(count), "--every", str(every))
        self._faults: Counter[str] = Counter()
        self._acknowledged = ""
        self._handed_in: list[str] = []
        self._saves = 0
        self._lost = 0
        self._memory: list[float] = []

    def run(self) -> None:
        """Start both, throw faults until the last broadcast is over, and let all come to rest."""
        self._yard.publish()
        self._person = self._yard.person()
        self._file = ProgrammeFile(self._yard.folders.programme)
        self._acknowledged = self._file.read().programme.messages[0].text
        self._speaker, self._panel = self._speaking(), self._yard.panel()
        until(self._yard.taken)
        self._note_memory()
        deeds: list[tuple[Callable[[], None], int]] = [
            (self._save, 5),
            (self._page, 4),
            (self._kill_speaker, 2),
            (self._kill_panel, 1),
            (self._kill_panel_while_saving, 2),
            (self._hang_panel, 1),
            (self._unplug, 1),
            (self._damage, 1),
        ]
        while clock.now() < self._end:
            [deed] = self._chance.choices([deed for deed, _ in deeds], [weight for _, weight in deeds])
            name = deed.__name__.strip("_").replace("_", " ")
            self._faults[name] += 1
            _tell(name)
            deed()
            pause(self._chance.uniform(0.05, 0.5) * self._every)
        pause(self._every)
        until(lambda: self._yard.status() is not None and all(row.outcome for row in self._yard.airings()))
        self._check_saves()
        self._note_memory()

    def figures(self, night: Night) -> tuple[Figure, ...]:
        """Return what came of it."""
        rows = self._yard.airings()
        cues = [row for row in rows if row.priority == "programme"]
        last = {row.broadcast: row for row in cues}
        aired = [row for row in cues if row.outcome is Outcome.AIRED]
        late = sum((row.lateness_ms or 0.0) > LATE_MS for row in aired)
        twice = len(aired) - len({row.broadcast for row in aired}) + heard_beyond_the_rows(self._card, len(rows))
        begin, end = self._memory[:2], self._memory[-2:]
        return (
            Figure("due", float(self._count), ""),
            Figure("aired", float(len(aired)), ""),
            Figure("of them late", float(late), "", None, f"by more than {LATE_MS / 1000:g} s"),
            *(Figure(what, float(number), "") for what, number in sorted(_others(last).items())),
            Figure("without a row", float(self._count - len(last)), "", 0.5),
            Figure("heard twice", float(twice), "", 0.5),
            Figure("heard at night", seconds_within(self._card, night), "s", 0.001),
            Figure("saves lost", float(self._lost), "", 0.5, f"of {self._saves} acknowledged"),
            Figure("speaker: PSS at the end", end[0], "MB", None, f"{begin[0]:.1f} at the start"),
            Figure("panel: PSS at the end", end[1], "MB", None, f"{begin[1]:.1f} at the start"),
        )

    def told(self) -> str:
        """Return what was done to it, and how often."""
        return ", ".join(f"{what} {number}" for what, number in self._faults.most_common())

    def _speaking(self) -> Process:
        return self._yard.speaker("bench.dense_speaker", *self._timetable, wait=False)

    def _save(self) -> None:
        self._handed_in.append(f"第{self._saves + len(self._handed_in) + 1}次改的话。")
        try:
            state, told = self._person.save(self._handed_in[-1])
        except OSError:
            return
        if state == "done":
            self._acknowledged, self._handed_in = self._handed_in[-1], []
            self._saves += 1
        else:
            _tell(f"not saved: {told}")

    def _page(self) -> None:
        with suppress(SpeakerAway):  # it has just been killed
            self._yard.client.play(message="hello", occasion="soak")

    def _kill_speaker(self) -> None:
        self._speaker.kill()
        self._speaker = self._speaking()

    def _kill_panel(self) -> None:
        self._panel.kill()
        self._check_saves()
        self._panel = self._yard.panel()

    def _kill_panel_while_saving(self) -> None:
        killer = Timer(self._chance.uniform(0.0, 1.5), self._panel.kill)
        killer.start()
        self._save()
        killer.join()
        self._kill_panel()

    def _hang_panel(self) -> None:
        self._panel.hang()
        pause(0.3 * self._every)
        self._panel.go_on()

    def _unplug(self) -> None:
        self._card.unplug()
        pause(0.6 * self._every)
        self._card.plug()

    def _damage(self) -> None:
        self._panel.kill()
        self._check_saves()
        names = ("users.json", "tokens.json", "on-air.json", "records.sqlite", "schedule.yaml")
        path = self._yard.folders.panel / self._chance.choice(names)
        if path.exists():
            path.write_bytes(bytes(path.stat().st_size))
        self._panel = self._yard.panel()
        until(lambda: not self._file.is_rubble())

    def _check_saves(self) -> None:
        """Count a save that was acknowledged and is not in the file; go on from what is in it."""
        text = self._file.read().programme.messages[0].text
        if text not in (self._acknowledged, *self._handed_in):
            self._lost += 1
        self._acknowledged, self._handed_in = text, []

    def _note_memory(self) -> None:
        self._memory += [memory_of(one.popen.pid).pss for one in (self._speaker, self._panel)]


def _tell(what: str) -> None:
    """Tell on standard error what happens, and when: it takes hours."""
    print(f"{clock.now():%H:%M:%S} {what}", file=sys.stderr, flush=True)


def _others(last: dict[str | None, Airing]) -> Counter[str]:
    """Return how many broadcasts came to something else, by what and why."""
    others = (row for row in last.values() if row.outcome is not Outcome.AIRED)
    return Counter(f"{row.outcome or 'open'}: {row.reason}" for row in others)
