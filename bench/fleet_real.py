"""The fleet's bench with real devices: each an agent and a speaker of its own on a virtual card."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.card import build_card
from bench.figures import Figure, percentile
from bench.fleet_hub import BenchHub, hub_of, wait
from bench.fleet_otherwise import otherwise
from bench.fleet_told import Reports, Told, doubled
from bench.memory import memory_of
from bench.processes import bench_folders
from bench.yards import BenchYard, yards_of
from box.folders import Folders
from fleet.wire.accounts import What

EDITS = 5
AHEAD_SECONDS = 5.0
AHEAD_OF_DEATH_SECONDS = 12.0  # the broker is killed after this one is said: who had it arms it, who had not gets it
AIM_EDIT_SECONDS, AIM_SPREAD_MS, AIM_LATE_MS, AIM_BACK_SECONDS = 10.0, 20.0, 20.0, 15.0
_MATCH_SECONDS = 2.0  # a tone that began so near an instant is that announcement's


def measure_real(devices: int, rounds: int, tell: Callable[[str], None]) -> tuple[Figure, ...]:
    """Found a hub, let ``devices`` yards in, and measure."""
    with ExitStack() as stack:
        folders = stack.enter_context(bench_folders())
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xlb-")))
        homes = {f"yard-{at:02d}": _home(root / f"y{at:02d}") for at in range(devices)}
        built = build_card(root)
        hub = stack.enter_context(hub_of(folders, {name: home.fleet for name, home in homes.items()}))
        yards = stack.enter_context(yards_of(homes, built, tell))
        return Real(hub, yards, tell).measured(rounds)


class Real:
    """These yards at ``hub``. ``tell`` is told what is being done."""

    def __init__(self, hub: BenchHub, yards: Sequence[BenchYard], tell: Callable[[str], None]) -> None:
        self._hub = hub
        self._yards = yards
        self._tell = tell
        self._reports = Reports(hub.room.registry)
        self._instants: list[float] = []
        self._armed_ms: list[float] = []
        self._lost_edits = 0

    def measured(self, rounds: int) -> tuple[Figure, ...]:
        """Edit, speak, kill the broker under an edit and an announcement, and count by the cards what was heard."""
        figures = self._edits(range(EDITS))
        for number in range(rounds):
            if number % 5 == 0:
                self._tell(f"urgent announcement {number} of {rounds}")
            self._announce()
        figures.append(
            Figure("urgent: armed on the box after the PIN, p99", percentile(self._armed_ms, 99) / 1000, "s")
        )
        broker, hub = memory_of(self._hub.broker()).pss, memory_of(self._hub.pid).pss
        agents = [memory_of(yard.agent.pid).pss for yard in self._yards]
        self._tell("the broker is killed under an announcement and an edit")
        figures += self._broker_dies()
        self._tell("the cards are read")
        return (
            *figures,
            *self._heard(),
            Figure("memory: the broker", broker, "MB"),
            Figure("memory: the hub", hub, "MB"),
            Figure("memory: an agent", median(agents), "MB"),
            *otherwise(self._hub, [yard.folders.fleet for yard in self._yards]),
        )

    def _edits(self, numbers: range, after: str = "") -> list[Figure]:
        seconds: list[float] = []
        for number in numbers:
            self._tell(f"edit {number}")
            newest = self._reports.newest()
            began = self._hub.edit(number)
            seconds += [one.received - began for one in self._applied(newest)]
        return [
            Figure(f"an edit{after}: on air and the hub knows it, p50", percentile(seconds, 50), "s"),
            Figure(f"an edit{after}: on air and the hub knows it, p99", percentile(seconds, 99), "s", AIM_EDIT_SECONDS),
        ]

    def _applied(self, newest: int) -> tuple[Told, ...]:
        told = self._reports.of_all(len(self._yards), newest, What.APPLIED, What.REFUSED)
        applied = tuple(one for one in told if one.report.what is What.APPLIED)
        self._lost_edits += len(self._yards) - len(applied)
        return applied

    def _announce(self) -> None:
        newest = self._reports.newest()
        prepared = self._hub.prepare()
        self._reports.of_all(len(self._yards), newest, What.READY)
        newest = self._reports.newest()
        opened, starts = self._hub.say(prepared, AHEAD_SECONDS)
        self._instants.append(starts)
        self._reports.of_all(len(self._yards), newest, What.ENDED, What.REFUSED, What.TOO_LATE)
        armed = self._reports.since(newest, What.ARMED)
        self._armed_ms += [(one.made - opened) * 1000 for one in armed]

    def _broker_dies(self) -> list[Figure]:
        newest = self._reports.newest()
        prepared = self._hub.prepare()
        self._reports.of_all(len(self._yards), newest, What.READY)
        newest = self._reports.newest()
        _, starts = self._hub.say(prepared, AHEAD_OF_DEATH_SECONDS)
        self._instants.append(starts)
        died = self._hub.kill_broker()
        began = self._hub.edit(EDITS)
        back: list[float] = []

        def all_are_back() -> bool:
            zones = [zone for zone in self._hub.client.zones().zones if zone.state is not None and zone.online]
            told = [zone.state.since.timestamp() for zone in zones if zone.state and zone.state.since]
            back[:] = [since - died for since in told if since > died]
            return len(back) == len(self._yards)

        wait(all_are_back, "all yards back", look_seconds=0.1)
        applied = [one.received - began for one in self._applied(newest)]
        self._reports.of_all(len(self._yards), newest, What.ENDED, What.REFUSED, What.TOO_LATE)
        return [
            Figure("connected again after the broker's death: p50", percentile(back, 50), "s"),
            Figure("connected again after the broker's death: all", max(back), "s", AIM_BACK_SECONDS),
            Figure("an edit as the broker dies: on air on all", max(applied), "s"),
        ]

    def _heard(self) -> list[Figure]:
        """Compare what the cards sounded with what was said, and the hub's records with the boxes' own."""
        heard = {yard.name: yard.starts() for yard in self._yards}
        matched = [_matched(heard, instant) for instant in self._instants]
        late = [
            abs(start - instant) * 1000
            for instant, starts in zip(self._instants, matched, strict=True)
            for start in starts
        ]
        spreads = [(max(starts) - min(starts)) * 1000 for starts in matched if starts]
        said = len(self._instants) * len(self._yards)
        tones = sum(map(len, heard.values()))
        own = sorted((yard.name, row.id) for yard in self._yards for row in yard.rows())
        wait(lambda: len(self._reports.rows()) >= len(own), "the records", look_seconds=0.5)
        kept = sorted(self._reports.rows())
        everything = self._reports.since(0)
        starts = f"{said} starts, by the cards"
        return [
            Figure("urgent: off its instant, p50", percentile(late, 50), "ms", None, starts),
            Figure("urgent: off its instant, p99", percentile(late, 99), "ms", AIM_LATE_MS),
            Figure("urgent: off its instant, worst", max(late), "ms"),
            Figure(
                "urgent: first to last box, p50", percentile(spreads, 50), "ms", None, f"{len(spreads)} announcements"
            ),
            Figure("urgent: first to last box, p99", percentile(spreads, 99), "ms", AIM_SPREAD_MS),
            Figure("urgent: first to last box, worst", max(spreads), "ms"),
            Figure(
                "urgent: not heard",
                float(said - sum(map(len, matched))),
                "",
                0.0,
                "one of them under the broker's death",
            ),
            Figure("urgent: heard twice, or at no instant", float(tones - sum(map(len, matched))), "", 0.0),
            Figure("edits: not on air", float(self._lost_edits), "", 0.0),
            Figure("records: missing at the hub", float(len(set(own) - set(kept))), "", 0.0, f"{len(own)} rows"),
            Figure("records: twice at the hub", float(len(kept) - len(set(kept))), "", 0.0),
            Figure("orders refused", float(sum(one.report.what is What.REFUSED for one in everything)), "", 0.0),
            Figure("orders done twice", float(doubled(everything)), "", 0.0),
        ]


def _matched(heard: Mapping[str, Sequence[float]], instant: float) -> list[float]:
    """Return of each yard the first tone that began near ``instant``, those left out that had none."""
    near = ([start for start in starts if abs(start - instant) < _MATCH_SECONDS] for starts in heard.values())
    return [starts[0] for starts in near if starts]


def _home(folder: Path) -> Folders:
    (folder / "data").mkdir(parents=True)
    return Folders(folder / "data", folder / "run")
