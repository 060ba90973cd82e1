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
from threading import Lock, Thread

from bench.failed import BenchFailed
from bench.figures import Figure, percentile
from bench.fleet_hub import PATIENCE_SECONDS, BenchHub, hub_of, wait
from bench.fleet_told import Reports, Told, doubled
from bench.light_agents import name_of
from bench.memory import memory_of, processor_seconds
from bench.processes import bench_folders, clock
from cli.places import child_environment
from fleet.wire.accounts import What

PROCESSES = 2
EDITS = 3
PATIENCE_A_HANDSHAKE_SECONDS = 0.1
LATE_OK_SECONDS = 300  # how late is what is measured
AHEAD_SECONDS, STOPPED_AHEAD_SECONDS = 30.0, 45.0  # what nobody hears may be said long ahead
AIM_EDIT_SECONDS, AIM_URGENT_SECONDS, AIM_BACK_SECONDS = 30.0, 5.0, 60.0
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - each box has a card of its own: they must not share this machine's disk
_MB_A_DEVICE = 0.3


class Connected:
    """Who has connected, and when last, on the wall clock."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._when: dict[str, float] = {}

    def take(self, name: str, when: float) -> None:
        """Take a line of the agents' process."""
        with self._lock:
            self._when[name] = when

    def after(self, instant: float) -> list[float]:
        """Return when each connected that has since ``instant``."""
        with self._lock:
            return [when for when in self._when.values() if when >= instant]

    def all_after(self, instant: float, devices: int) -> list[float]:
        """Wait until all have connected since ``instant``; return when each did."""
        look = 0.02 * (1 + devices // 100)
        wait(
            lambda: len(self.after(instant)) >= devices,
            f"{devices} × connected",
            seconds=PATIENCE_SECONDS + devices * PATIENCE_A_HANDSHAKE_SECONDS,
            look_seconds=look,
        )
        return self.after(instant)


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
        self._connected = Connected()
        self._lost = 0

    def measured(self, stack: ExitStack, rooms: Path) -> tuple[Figure, ...]:
        """Connect, edit, speak, stop, kill the broker, edit again; count what was lost or done twice."""
        self._tell("connecting")
        began = clock.now().timestamp()
        stack.enter_context(_agents(rooms, self._devices, self._connected))
        figures = [
            self._figure("all connected, from none", max(self._connected.all_after(began, self._devices)) - began)
        ]
        self._tell("editing")
        figures += self._edits(range(EDITS))
        self._tell("urgent")
        figures += self._urgent()
        broker, hub = memory_of(self._hub.broker()).pss, memory_of(self._hub.pid).pss
        self._tell("the broker is killed")
        died = self._hub.kill_broker()
        back = self._connected.all_after(died, self._devices)
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
        seconds, device_seconds = [], []
        busy = processor_seconds(self._hub.pid)
        for number in numbers:
            newest = self._reports.newest()
            began = self._hub.edit(number)
            told = self._all(newest, What.APPLIED)
            seconds += [one.received - began for one in told]
            device_seconds += [one.made - began for one in told]
        busy = (processor_seconds(self._hub.pid) - busy) / len(numbers) / self._devices
        return [
            self._figure(f"an edit{after}: applied, p50", percentile(device_seconds, 50)),
            self._figure(f"an edit{after}: applied, p99", percentile(device_seconds, 99), AIM_EDIT_SECONDS),
            self._figure(f"an edit{after}: the hub knows it of all", max(seconds)),
            Figure(f"an edit{after}: the hub's processor, a device", busy * 1000, "ms"),
        ]

    def _urgent(self) -> list[Figure]:
        prepared = self._prepared()
        newest = self._reports.newest()
        opened, starts = self._hub.say(prepared, AHEAD_SECONDS, LATE_OK_SECONDS)
        armed = self._all(newest, What.ARMED)
        late = sum(one.made > starts for one in armed)
        self._all(newest, What.ENDED)
        self._lost += self._devices - self._rows_kept()
        second = self._prepared()
        newest = self._reports.newest()
        self._hub.say(second, STOPPED_AHEAD_SECONDS, LATE_OK_SECONDS)
        self._all(newest, What.ARMED)
        stopped_at = clock.now().timestamp()
        self._hub.client.stop(second)
        stopped = self._all(newest, What.STOPPED)
        seconds = [one.made - opened for one in armed]
        return [
            self._figure("urgent: armed on the device after the PIN, p50", percentile(seconds, 50)),
            self._figure("urgent: armed on the device after the PIN, p99", percentile(seconds, 99), AIM_URGENT_SECONDS),
            self._figure("urgent: the hub knows it of all", max(one.received for one in armed) - opened),
            Figure(f"urgent: armed later than {AHEAD_SECONDS:.0f} s after it", float(late), "", 0.0),
            self._figure("stop: done on the device, p99", percentile([one.made - stopped_at for one in stopped], 99)),
        ]

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
def _agents(rooms: Path, devices: int, connected: Connected) -> Iterator[None]:
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
        listener = Thread(target=_listen, args=(process, connected), daemon=True)
        listener.start()
        listening.append(listener)
        running.append(process)
        first += share
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
        for listener in listening:
            listener.join()


def _listen(process: subprocess.Popen[str], connected: Connected) -> None:
    assert process.stdout is not None  # noqa: S101 - it was asked for as a pipe
    with process.stdout as lines:
        for line in lines:
            name, when = line.split()
            connected.take(name, float(when))


def _let_files_be_opened() -> None:
    """Take as many open files as this user may have: the processes started here inherit it."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _free_mb(folder: Path) -> float:
    storage = os.statvfs(folder)
    return storage.f_bavail * storage.f_frsize / 1e6
