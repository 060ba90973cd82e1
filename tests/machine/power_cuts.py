"""Cuts the power of a whole machine at random moments of saves, renders, airings and boots, and looks what is left.

It is run by hand, with the tool for the machine, whose clock, sound card and disk are real to it::

    python -m tests.machine.power_cuts --tool ./vm --port 28080 --cuts 20 [--seed N] [-- WORDS FOR EACH BOOT]

``--at renders`` aims each cut into the making of a clip, as the panel tells of it; nothing is cut in a boot then.

The machine is on, xiaolaba is installed on it from its package, and what is in it may be lost: programme, settings
and users are replaced. A seed is printed; the moments of the same seed are the same, what they hit is not.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cli.installation import PANEL_USER
from speaker.airing import Outcome
from speaker.record import Airing
from tests.faults.courtyard import NAME, PASSWORD, Person
from tests.machine.a_machine import Unanswered, WholeMachine
from tests.machine.judged import Span, at_night, heard_at_night, lost_rows, lost_words, twice, unrecorded

ZONE = ZoneInfo("Asia/Shanghai")
EVERY = timedelta(minutes=3)
MOST_BROADCASTS = 48
IN_THE_BOOT = 0.3  # of the cuts
LONGEST_LIFE_SECONDS = 150.0
LONGEST_BOOT_SECONDS = 120.0
SENTENCES_MADE = 5  # as many take a slow machine a minute, so that a cut can be aimed within
TERMINAL = ("xiaolaba publish", "xiaolaba backup /tmp/cut.tar", "xiaolaba play long", "xiaolaba log --verify")
SETTINGS = "/etc/xiaolaba/settings.toml"
PROGRAMME = "/var/lib/xiaolaba/panel/schedule.yaml"
_WATCH = "while sleep 1; do echo $(date +%s) $(head -1 /proc/asound/card0/pcm0p/sub0/status); done"
OWNER = f"""
from pathlib import Path
from box.clock import SystemClock
from web.people.tokens import Tokens
from web.people.users import Users
room = Path("/var/lib/xiaolaba/panel")
Users(room / "users.json").set_password({NAME!r}, {PASSWORD!r})
print(Tokens(room / "tokens.json").make("cuts", {NAME!r}, SystemClock().now()))
"""


def told(line: str) -> None:
    """Print a line at once, with the time."""
    sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S} {line}\n")
    sys.stdout.flush()


def programme(first: datetime) -> tuple[str, dict[str, datetime]]:
    """Return a programme that sounds half of the time from ``first`` on, and when each broadcast of it is due."""
    # Names that no run of this day has had: what was aired under one is not aired again.
    due = {f"at-{first:%H%M}-{number}": first + number * EVERY for number in range(MOST_BROADCASTS)}
    words = "各位居民，请记住这几件小事：出门戴好口罩，回家先洗手，早晚开窗通风，不串门，不聚餐，不扎堆。" * 2
    lines = [
        *("version: 1", "zone: 试验小区", "timezone: Asia/Shanghai", "voice: cmn-latn-pinyin", "messages:"),
        f"  long: {{title: 长稿, text: {words}}}",
        "  hello: {title: 短稿, text: 还没有改过。}",
        "broadcasts:",
        *(
            f'  {name}: {{at: "{at.astimezone(ZONE):%H:%M}", messages: [long, hello], repeat: 2, chime: false}}'
            for name, at in due.items()
        ),
    ]
    return "\n".join(lines) + "\n", due


@dataclass
class Work:
    """What goes on while there is power, each on a thread of its own, and what was seen of it."""

    machine: WholeMachine
    person: Person
    chance: random.Random
    life: int
    over: threading.Event = field(default_factory=threading.Event)
    acknowledged: str = ""
    handed_in: list[str] = field(default_factory=list)
    saved: int = 0
    refused: list[str] = field(default_factory=list)
    sounding: list[datetime] = field(default_factory=list)

    def start(self) -> None:
        """Begin to save, to watch the card, and to use the terminal."""
        self._begin(self._save, self._watch, self._type)

    def render(self, longest_seconds: float) -> str:
        """Save one short word, then have a long one made; return how far that was when a moment within it had come.

        The moment is a random one within ``longest_seconds``; a render that is over before is begun anew with other
        words, three times at most.
        """
        self._begin(self._watch)
        self._save_once("短短一句。")
        for attempt in range(3):
            text = "".join(f"第{self.life}次通电，第{attempt}篇，第{one}句话。" for one in range(SENTENCES_MADE))
            status, content = self.person.change(text)
            self.handed_in.append(text)
            if status != 202:
                raise Unanswered(f"the panel refused the words: {content!r}")
            began = time.monotonic()
            moment = began + self.chance.uniform(0, longest_seconds)
            while (state := self._state_of(content)) in {"waiting", "running"}:
                if state == "running" and time.monotonic() > moment:
                    return state
                time.sleep(0.05)
            if state == "done":
                self.acknowledged, self.handed_in = text, []
                self.saved += 1
                longest_seconds = time.monotonic() - began  # it is quicker now than when it was timed
        return "over"

    def _state_of(self, answer: bytes) -> str:
        _, content = self.person.ask("GET", json.loads(answer)["work"])
        return str(json.loads(content)["state"])

    def _begin(self, *works: Callable[[], None]) -> None:
        for work in works:
            threading.Thread(target=work, daemon=True).start()

    def _save(self) -> None:
        while not self.over.is_set():
            self._save_once(f"第{self.life}次通电，第{self.saved + len(self.handed_in) + len(self.refused)}句。")

    def _save_once(self, text: str) -> None:
        self.handed_in.append(text)
        try:
            state, why = self.person.save(text)
        except (OSError, ValueError, KeyError):  # the power went, or the panel is not up yet
            self.over.wait(1)
            return
        if self.over.is_set():
            return
        if state == "done":
            self.acknowledged, self.handed_in = text, []
            self.saved += 1
        else:
            self.refused.append(why)

    def _watch(self) -> None:
        for line in self.machine.lines(_WATCH):
            instant, _, state = line.partition(" ")
            if "RUNNING" in state:
                self.sounding.append(datetime.fromtimestamp(int(instant), UTC))

    def _type(self) -> None:
        while not self.over.wait(self.chance.uniform(5, 40)):
            with suppress(Unanswered):
                self.machine.run(self.chance.choice(TERMINAL), may_fail=True)


@dataclass
class Trial:
    """The whole run: what is known of the machine, and what was found broken."""

    machine: WholeMachine
    person: Person
    quiet: Span
    due: dict[str, datetime]
    since: datetime
    usual: frozenset[str]
    rows: tuple[Airing, ...] = ()
    acknowledged: str = "还没有改过。"
    handed_in: list[str] = field(default_factory=list)
    saved: int = 0
    broken: list[str] = field(default_factory=list)
    slowest_seconds: float = 0.0
    render_seconds: float = 0.0
    in_a_render: int = 0

    def live(self, chance: random.Random, life: int, seconds: float) -> None:
        """Let everything go on for so long, then take the power."""
        work = self._work(chance, life)
        work.start()
        time.sleep(seconds)
        self._cut(work, f"cut after {seconds:.1f} s")

    def live_until_rendering(self, chance: random.Random, life: int) -> None:
        """Let a clip be made, and take the power at a moment of that."""
        work = self._work(chance, life)
        began = time.monotonic()
        state = "not begun"
        with suppress(OSError, ValueError, KeyError):  # a panel that has too much to do to answer
            state = work.render(self.render_seconds)
        self.in_a_render += state == "running"
        self._cut(work, f"cut with the making of a clip {state}, {time.monotonic() - began:.1f} s after the first save")

    def time_a_render(self, chance: random.Random) -> None:
        """Find out how long a clip of that many sentences takes to be made here."""
        began = time.monotonic()
        text = "".join(f"先做一遍看看要多久，第{one}句话，{chance.randrange(10**6)}。" for one in range(SENTENCES_MADE))
        state, why = self.person.save(text)
        if state != "done":
            raise Unanswered(f"the first render is {state}: {why}")
        self.acknowledged, self.render_seconds = text, time.monotonic() - began
        told(f"a clip takes {self.render_seconds:.1f} s")

    def _work(self, chance: random.Random, life: int) -> Work:
        return Work(self.machine, self.person, random.Random(chance.random()), life, acknowledged=self.acknowledged)  # noqa: S311

    def _cut(self, work: Work, how: str) -> None:
        work.over.set()
        self.machine.cut()
        self.acknowledged, self.handed_in = work.acknowledged, [*self.handed_in, *work.handed_in]
        self.saved += work.saved
        self.broken += heard_at_night(work.sounding, self.quiet)
        told(f"life {work.life}: {work.saved} saves done, {len(work.handed_in)} under way, refused {work.refused},"
             f" the card ran for {len(work.sounding)} s; {how}")  # fmt: skip

    def boot(self, life: int) -> None:
        """Give it power and wait for it. Raises Unanswered where it does not come back."""
        began = time.monotonic()
        self.machine.power_on().wait()
        self.machine.await_units()
        seconds = time.monotonic() - began
        self._await_panel()
        self.slowest_seconds = max(self.slowest_seconds, seconds)
        told(f"life {life}: all units active {seconds:.0f} s after the power came,"
             f" the panel answers after {time.monotonic() - began:.0f} s")  # fmt: skip

    def _await_panel(self, seconds: float = 600.0) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(OSError, ValueError, KeyError):
                self.person.words()
                return
            time.sleep(2)
        raise Unanswered(f"the panel has not answered within {seconds:.0f} s")

    def examine(self, life: int) -> None:
        """Look at everything that must be there, after a boot."""
        seen = self.machine.look()
        found = [
            *lost_words(self.acknowledged, self.handed_in, seen.saved),
            *lost_rows(self.rows, seen.rows),
            *twice(seen.rows),
            *at_night(seen.rows, self.quiet),
            *unrecorded(seen.rows, self.due, self.since, seen.now),
            *sorted(seen.wrong - self.usual),
            *seen.troubles,
        ]
        if seen.on_air != seen.saved:
            found.append(f"saved is {seen.saved!r}, on air {seen.on_air!r}")
        self.rows, self.acknowledged, self.handed_in = seen.rows, seen.saved, []
        outcomes = Counter(f"{row.outcome}{f' ({row.reason})' if row.reason else ''}" for row in seen.rows)
        told(f"life {life}: {len(seen.rows)} rows {dict(outcomes)}; broken: {found or 'nothing'}")
        self.broken += [f"life {life}: {what}" for what in found]


def prepared(machine: WholeMachine, port: int, quiet_after: timedelta) -> Trial:
    """Put programme, settings and a person with a key into the machine, and put the programme on air."""
    now = datetime.fromtimestamp(int(machine.run("date +%s")), UTC)
    first = (now + timedelta(minutes=5)).replace(second=0, microsecond=0)
    night = first + quiet_after, first + quiet_after + 4 * EVERY
    hours = "-".join(f"{at.astimezone(ZONE):%H:%M}" for at in night)
    text, due = programme(first)
    machine.run(f"sed -i -e '/quiet_hours/d' -e '/longest_minutes_per_day/d' {SETTINGS}")
    machine.run(f"cat >> {SETTINGS}", "" if "[limits]" in machine.run(f"cat {SETTINGS}") else "[limits]\n")
    limits = f'quiet_hours = "{hours}"\\nlongest_minutes_per_day = 1440'
    machine.run(f"sed -i '/^.limits./a {limits}' {SETTINGS}; systemctl restart xiaolaba-speaker")
    key = machine.python(OWNER, user=PANEL_USER).split()[-1]
    write = f"from pathlib import Path; Path({PROGRAMME!r}).write_text({text!r}, encoding='utf-8')"
    machine.python(write, user=PANEL_USER)
    machine.run("xiaolaba publish", seconds=600)
    told(f"quiet hours {hours}, {len(due)} broadcasts from {first:%H:%M} UTC on, three minutes apart")
    seen = machine.look()
    return Trial(machine, Person(port, key), night, due, seen.now, seen.wrong)


def main() -> int:
    """Cut, boot, look, so many times; 1 where anything is broken."""
    parser = argparse.ArgumentParser(prog="tests.machine.power_cuts", description=__doc__)
    parser.add_argument("--tool", required=True, help="boot, ssh and cut of the machine")
    parser.add_argument("--port", type=int, required=True, help="where the machine's panel is reached here")
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--at", choices=("anything", "renders"), default="anything", help="where the cuts are aimed")
    parser.add_argument("--seed", type=int, help="of the moments, as a run before has printed it")
    parser.add_argument("--quiet-after-minutes", type=float, default=25.0, help="when twelve quiet minutes begin")
    parser.add_argument("boot_words", nargs="*")
    arguments = parser.parse_args()
    seed = random.SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    told(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311 - when to cut is no secret
    machine = WholeMachine(arguments.tool, arguments.boot_words)
    trial = prepared(machine, arguments.port, timedelta(minutes=arguments.quiet_after_minutes))
    in_boot = 0
    renders = arguments.at == "renders"
    if renders:
        trial.time_a_render(chance)
    for life in range(1, arguments.cuts + 1):
        if life > 1 and not renders and chance.random() < IN_THE_BOOT:
            booting, seconds = machine.power_on(), chance.uniform(3, LONGEST_BOOT_SECONDS)
            time.sleep(seconds)
            machine.cut()
            booting.wait(60)
            in_boot += 1
            told(f"life {life}: cut {seconds:.1f} s after the power came, in the boot")
            continue
        if life > 1:
            trial.boot(life)
            trial.examine(life)
        if renders:
            trial.live_until_rendering(chance, life)
        else:
            trial.live(chance, life, chance.uniform(1, LONGEST_LIFE_SECONDS))
    trial.boot(arguments.cuts + 1)
    trial.examine(arguments.cuts + 1)
    aired = sum(row.outcome is Outcome.AIRED for row in trial.rows)
    again = sum(row.attempt > 1 for row in trial.rows)
    told(f"seed {seed}: {arguments.cuts} cuts ({in_boot} in a boot, {trial.in_a_render} in a render),"
         f" {trial.saved} saves done, {len(trial.rows)} rows,"
         f" {aired} aired whole, {again} attempted again, slowest boot {trial.slowest_seconds:.0f} s,"
         f" {len(trial.broken)} things broken")  # fmt: skip
    for what in trial.broken:
        told(f"broken: {what}")
    return int(bool(trial.broken))


if __name__ == "__main__":
    sys.exit(main())
