"""The fleet's bench with light devices: the project's own agent, silent, many to a process."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread

from bench.failed import BenchFailed
from bench.figures import Figure, percentile, spread
from bench.fleet_hub import BenchHub, hub_of, wait
from bench.fleet_told import Reports, Told, doubled
from bench.light_agents import name_of
from bench.memory import memory_of, processor_seconds
from bench.moments import Moment, Moments
from bench.processes import bench_folders, clock
from bench.urgent_parts import Word
from cli.places import child_environment
from fleet.wire.accounts import What

PROCESSES = 2
EDITS = 3
LATE_OK_SECONDS = 300  # how late is what is measured
AHEAD_SECONDS, STOPPED_AHEAD_SECONDS = 30.0, 45.0  # what nobody hears may be said long ahead
AIM_EDIT_SECONDS, AIM_BACK_SECONDS = 30.0, 60.0
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - each box has a card of its own: they must not share this machine's disk
_MB_A_DEVICE = 0.3


def measure_light(devices: int, tell: Callable[[str], None]) -> tuple[Figure, ...]:
    """Found a hub, let ``devices`` in, and measure."""
    _let_files_be_opened()
    with ExitStack() as stack:
        folders = stack.enter_context(bench_folders())
        inside = _IN_MEMORY if _IN_MEMORY.is_dir() and _free_mb(_IN_MEMORY) > devices * _MB_A_DEVICE * 2 else None
        rooms = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xiaolaba-bench-", dir=inside)))
        tell(f"{devices}: certificates")
        hub = stack.enter_context(hub_of(folders, {name_of(at): rooms / name_of(at) for at in range(devices)}))
        return Light(hub, devices, tell).measured(stack, rooms)


class Light:
    """So many devices at ``hub``. ``tell`` is told what is being done."""

    def __init__(self, hub: BenchHub, devices: int, tell: Callable[[str], None]) -> None:
        self._hub = hub
        self._devices = devices
        self._tell_person = tell
        self._reports = Reports(hub.room.registry)
        self._moments = Moments()
        self._processes: tuple[int, ...] = ()
        self._lost = 0

    def measured(self, stack: ExitStack, rooms: Path) -> tuple[Figure, ...]:
        """Connect, edit, speak, stop, kill the broker, edit again; count what was lost or done twice."""
        self._tell("connecting")
        began = clock.now().timestamp()
        self._processes = stack.enter_context(_agents(rooms, self._devices, self._moments))
        connected = self._moments.all_connected(began, self._devices)
        figures = [self._figure("all connected, from none", max(connected) - began)]
        self._tell("editing")
        figures += self._edits(range(EDITS))
        self._tell("urgent")
        figures += self._urgent()
        broker, hub = memory_of(self._hub.broker()).pss, memory_of(self._hub.pid).pss
        self._tell("the broker is killed")
        died = self._hub.kill_broker()
        back = self._moments.all_connected(died, self._devices)
        figures += [
            self._figure("connected again after the broker's death: p50", percentile(back, 50) - died),
            self._figure("connected again after the broker's death: all", max(back) - died, AIM_BACK_SECONDS),
        ]
        figures += self._edits(range(EDITS, EDITS + 1), " after that")
        everything = self._reports.since(0)
        return (
            *figures,
            Figure("memory: the broker", broker, "MB"),
            Figure("memory: the hub", hub, "MB"),
            Figure("refused", float(sum(one.report.what is What.REFUSED for one in everything)), "", 0.0),
            Figure("done twice", float(doubled(everything)), "", 0.0),
            Figure("lost", float(self._lost), "", 0.0, "of edits, urgent orders, stops and records"),
        )

    def _edits(self, numbers: range, after: str = "") -> list[Figure]:
        seconds, device_seconds, network_seconds = [], [], []
        busy = processor_seconds(self._hub.pid)
        for number in numbers:
            newest = self._reports.newest()
            began = self._hub.edit(number)
            told = self._all(newest, What.APPLIED)
            seconds += [one.received - began for one in told]
            device_seconds += [one.made - began for one in told]
            network_seconds += [at - began for at in self._moments.after(began, Moment.ARRIVED).values()]
        busy = (processor_seconds(self._hub.pid) - busy) / len(numbers) / self._devices
        return [
            *spread(f"an edit{after}: at the device's network", network_seconds),
            *spread(f"an edit{after}: applied", device_seconds, AIM_EDIT_SECONDS),
            self._figure(f"an edit{after}: the hub knows it of all", max(seconds)),
            Figure(f"an edit{after}: the hub's processor, a device", busy * 1000, "ms"),
        ]

    def _urgent(self) -> list[Figure]:
        figures = self._said()
        second = self._prepared()
        newest = self._reports.newest()
        self._hub.say(second, STOPPED_AHEAD_SECONDS, LATE_OK_SECONDS)
        self._all(newest, What.ARMED)
        stopped_at = clock.now().timestamp()
        self._hub.client.stop(second)
        stopped = self._all(newest, What.STOPPED)
        return [*figures, *spread("stop: done on the device", [one.made - stopped_at for one in stopped])]

    def _said(self) -> list[Figure]:
        """Have something said everywhere; return what its seconds are made of, and whose processor it took."""
        prepared = self._prepared()
        newest, busy = self._reports.newest(), self._busy()
        asked = clock.now().timestamp()
        opened, starts = self._hub.say(prepared, AHEAD_SECONDS, LATE_OK_SECONDS)
        sent = clock.now().timestamp()
        armed = self._all(newest, What.ARMED)
        late = sum(one.made > starts for one in armed)
        word = Word(
            asked=asked,
            opened=opened,
            sent=sent,
            arrived=self._moments.after(opened, Moment.ARRIVED),
            read=self._moments.after(opened, Moment.READ),
            taken=self._reports.since(newest, What.TAKEN),
            armed=armed,
        )
        took = [(after - before) / self._devices * 1000 for before, after in zip(busy, self._busy(), strict=True)]
        self._all(newest, What.ENDED)
        self._lost += self._devices - self._rows_kept()
        return [
            *word.figures(),
            Figure(f"urgent: armed later than {AHEAD_SECONDS:.0f} s after it", float(late), "", 0.0),
            *(
                Figure(f"urgent: the {whose} processor, a device", ms, "ms")
                for whose, ms in zip(("hub's", "broker's", "devices' own"), took, strict=True)
            ),
        ]

    def _busy(self) -> tuple[float, float, float]:
        """Return the processor time so far, in seconds: of the hub, of the broker, of all devices."""
        devices = sum(processor_seconds(pid) for pid in self._processes)
        return processor_seconds(self._hub.pid), processor_seconds(self._hub.broker()), devices

    def _prepared(self) -> str:
        newest = self._reports.newest()
        prepared = self._hub.prepare()
        self._all(newest, What.READY)
        return prepared

    def _all(self, newest: int, what: What) -> tuple[Told, ...]:
        """Wait until each has told ``what``, or that it does not; return who has told it, and count the others."""
        told = self._reports.of_all(self._devices, newest, what, What.REFUSED, What.TOO_LATE)
        found = tuple(one for one in told if one.report.what is what)
        self._lost += self._devices - len(found)
        if not found:
            raise BenchFailed(f"没有一台报告：{what}", f"no device told: {what}")
        return found

    def _rows_kept(self) -> int:
        """Wait until the hub has the row of the log of each, and return how many it has."""
        with suppress(BenchFailed):
            wait(lambda: len(self._reports.rows()) >= self._devices, "the records", look_seconds=0.5)
        return len(set(self._reports.rows()))

    def _figure(self, what: str, seconds: float, aim: float | None = None) -> Figure:
        return Figure(what, seconds, "s", aim)

    def _tell(self, what: str) -> None:
        self._tell_person(f"{self._devices}: {what}")


@contextmanager
def _agents(rooms: Path, devices: int, moments: Moments) -> Iterator[tuple[int, ...]]:
    """Run the devices; yield the numbers of their processes."""
    shares = Counter(number % PROCESSES for number in range(devices))
    first, running, listening = 0, [], []
    for share in shares.values():
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "bench.light_agents", str(rooms), str(first), str(share)],
            env=child_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        listener = Thread(target=_listen, args=(process, moments), daemon=True)
        listener.start()
        listening.append(listener)
        running.append(process)
        first += share
    try:
        yield tuple(process.pid for process in running)
    finally:
        for process in running:
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
        for listener in listening:
            listener.join()


def _listen(process: subprocess.Popen[str], moments: Moments) -> None:
    assert process.stdout is not None  # noqa: S101 - it was asked for as a pipe
    with process.stdout as lines:
        for line in lines:
            moments.take(line)


def _let_files_be_opened() -> None:
    """Take as many open files as this user may have: the processes started here inherit it."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _free_mb(folder: Path) -> float:
    storage = os.statvfs(folder)
    return storage.f_bavail * storage.f_frsize / 1e6
