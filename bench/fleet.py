"""A hub with many devices: from an edit to all, an urgent order to all, a broker's death, memory. Sound is off."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Lock, Thread

from bench.failed import BenchFailed
from bench.figures import Figure, Measurement, percentile
from bench.light_agents import name_of
from bench.memory import memory_of
from bench.processes import bench_folders, clock, free_port
from bench.tone import write_tone
from box.folders import Folders
from cli.hub_founding import draw_pin
from cli.places import child_environment
from fleet.enrol import certificates
from fleet.enrol.authority import Authority
from fleet.flac import hash_of
from fleet.hub import protocol as p
from fleet.hub.client import HubAway, HubClient
from fleet.hub.database import Database
from fleet.hub.devices import Devices
from fleet.hub.founding import found, root_of
from fleet.hub.room import HubRoom, HubSettings
from programme.community import Community, ForYards, encode_community
from programme.model import Broadcast
from programme.publication import SAMPLE_RATE_HZ, PublishedMessage

SUMMARY = "a hub with many light devices: an edit to all, an urgent order to all, the broker's death"
PATIENCE_SECONDS = 300.0
MESSAGES = 20
OFTEN = 5
AIM_EDIT_SECONDS, AIM_URGENT_SECONDS = 10.0, 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how many devices there are."""
    parser.add_argument("--devices", type=int, default=1000, help="light devices (1000)")
    parser.add_argument("--processes", type=int, default=2, help="processes that they are spread over (2)")


def measure(arguments: argparse.Namespace) -> Measurement:
    """Found a hub, let all devices in, and measure."""
    with bench_folders() as folders, ExitStack() as stack:
        pin = draw_pin()
        room, settings = _hub_with(folders, arguments.devices, pin)
        hub = stack.enter_context(_running_hub(folders))
        client = HubClient(folders.hub_socket, timeout_seconds=120.0)
        _wait(lambda: _broker_is_there(client), "the hub")
        heard = Heard()
        began = clock.monotonic()
        stack.enter_context(_agents(room, settings, arguments.devices, arguments.processes, heard))
        figures = [Figure("all connected, from none", heard.all("connected", arguments.devices) - began, "s")]
        figures += _edits(folders, client, heard, arguments.devices)
        figures += _urgent(folders, client, heard, arguments.devices, pin)
        broker = _broker_of(hub.pid)
        figures += [
            Figure("memory: the broker", memory_of(broker).pss, "MB"),
            Figure("memory: the hub", memory_of(hub.pid).pss, "MB"),
        ]
        heard.forget("connected")
        died = clock.monotonic()
        os.kill(broker, signal.SIGKILL)
        back = heard.all("connected", arguments.devices) - died
        figures.append(Figure("all connected again after the broker's death", back, "s"))
        figures += _edits(folders, client, heard, arguments.devices, first=OFTEN, times=1, after=" after that")
        figures += [
            Figure("orders refused by a device", float(len(heard.times("refused"))), "", 0.0),
            Figure("orders taken twice by a device", float(heard.doubled), "", 0.0),
        ]
    return Measurement(
        name="fleet",
        conditions=f"{arguments.devices} light devices in {arguments.processes} processes on this machine, with the hub"
        f" and its broker; {MESSAGES} messages; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the end",
        figures=tuple(figures),
    )


class Heard:
    """What the devices said: of each kind, who and when last. ``doubled`` counts the orders that one took twice."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._when: dict[str, dict[str, float]] = {}
        self._orders: set[tuple[str, str]] = set()
        self.doubled = 0

    def take(self, what: str, name: str, when: float) -> None:
        """Take a line. ``what`` is the kind, and after a colon which order it was."""
        kind, _, order = what.partition(":")
        with self._lock:
            self._when.setdefault(kind, {})[name] = when
            self.doubled += bool(order) and (what, name) in self._orders
            self._orders.add((what, name))

    def forget(self, kind: str) -> None:
        """Begin anew with that kind."""
        with self._lock:
            self._when.pop(kind, None)

    def times(self, kind: str) -> Mapping[str, float]:
        """Return who said it and when."""
        with self._lock:
            return dict(self._when.get(kind, {}))

    def all(self, kind: str, count: int) -> float:
        """Wait until ``count`` have said it; return when the last of them did."""
        _wait(lambda: len(self.times(kind)) >= count, f"{count} × {kind}")
        return max(self.times(kind).values())


def _edits(
    folders: Folders,
    client: HubClient,
    heard: Heard,
    devices: int,
    *,
    first: int = 0,
    times: int = OFTEN,
    after: str = "",
) -> list[Figure]:
    """Save ``times`` editions; measure from the panel's file to the order that each device has checked."""
    seconds: list[float] = []
    for number in range(first, first + times):
        heard.forget("programme")
        _publish(folders, number)
        began = clock.monotonic()
        client.refresh()
        heard.all("programme", devices)
        seconds += [when - began for when in heard.times("programme").values()]
    return [
        Figure(f"an edit{after}: p50", percentile(seconds, 50), "s"),
        Figure(f"an edit{after}: p99", percentile(seconds, 99), "s", AIM_EDIT_SECONDS, f"{times} edits, none lost"),
    ]


def _urgent(folders: Folders, client: HubClient, heard: Heard, devices: int, pin: str) -> list[Figure]:
    """Say something; measure from the PIN's being right to the order that each device has checked."""
    clip, frames = _tone(folders, SAMPLE_RATE_HZ * 3)
    asked = p.PrepareUrgent(
        zones=("all",), title="停水", text="停水。", clip=clip, frames=frames, voice="v", engine="recording"
    )
    prepared = client.prepare(asked)
    began = clock.now()
    since = clock.monotonic()
    saying = client.say(p.SayUrgent(urgent=prepared.urgent, pin=pin, occasion="停水", in_seconds=5.0))
    unlocked = (saying.starts_at - began).total_seconds() - 5.0  # the rest of it is what the PIN takes
    heard.all("say", devices)
    seconds = [when - since - unlocked for when in heard.times("say").values()]
    client.stop(prepared.urgent)
    return [
        Figure("urgent: the PIN opens the key", unlocked, "s"),
        Figure("urgent: p50", percentile(seconds, 50), "s"),
        Figure("urgent: p99", percentile(seconds, 99), "s", AIM_URGENT_SECONDS),
    ]


def _publish(folders: Folders, number: int) -> None:
    clip, frames = _tone(folders, SAMPLE_RATE_HZ * 2 + number)
    said = [
        PublishedMessage(
            id=f"m{at}", title="停水", text=f"第{number}版第{at}条，今天下午停水，请提前储水。" * 3, clip=clip,
            frames=frames, voice="v", engine="recording", stand_in=False,
        )
        for at in range(MESSAGES)
    ]  # fmt: skip
    names = tuple(one.id for one in said)
    community = Community(
        revision=f"r{number}",
        published=clock.now(),
        messages=tuple(ForYards(id=one.id, zones=("all",), said=one, by_yard={}) for one in said),
        broadcasts=(Broadcast(id="morning", at=clock.now().time(), messages=names, zones=("all",)),),
    )
    folders.community.write_bytes(encode_community(community))


def _tone(folders: Folders, frames: int) -> tuple[str, int]:
    """Put a clip of so many frames into the panel's library; return its hash and the frames."""
    raw = folders.clips / "tone.wav"
    write_tone(raw, frames)
    digest = hash_of(raw)
    raw.rename(folders.clips / f"{digest}.wav")
    return digest, frames


def _hub_with(folders: Folders, devices: int, pin: str) -> tuple[HubRoom, HubSettings]:
    """Found a hub that all devices belong to; their certificates lie in its room, for the bench alone."""
    room, settings = HubRoom(folders.hub), HubSettings(broker_port=free_port(), https_port=free_port())
    folders.clips.mkdir(parents=True, exist_ok=True)
    found(room, settings, pin, clock)
    authority, database = Authority.read(room.authority), Database(room.registry)
    folder = room.folder / "light"
    folder.mkdir()
    table = Devices(database)
    with database.transaction():
        for number in range(devices):
            key, name = certificates.new_key(), name_of(number)
            signed = authority.sign_device(certificates.request_for(key), name)
            (folder / f"{name}.pem").write_bytes(signed.pem + certificates.key_pem(key))
            table.invite(name, name, (), clock.now())
            table.admit(name, f"{signed.serial:x}", clock.now())
    database.close()
    (folder / "authority.pem").write_bytes(authority.pem)
    (folder / "root").write_bytes(root_of(room).raw)
    (folder / "keys.envelope").write_bytes(room.keys.read_bytes())
    return room, settings


@contextmanager
def _running_hub(folders: Folders) -> Iterator[subprocess.Popen[bytes]]:
    words = ("--data", str(folders.data), "--runtime", str(folders.runtime), "--host", "127.0.0.1")
    with (folders.data / "hub.log").open("wb") as log:  # the broker tells of each connection that a kill ends
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "fleet.hub", *words], env=child_environment(), stderr=log
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def _agents(room: HubRoom, settings: HubSettings, devices: int, processes: int, heard: Heard) -> Iterator[None]:
    shares = Counter(number % processes for number in range(devices))
    first, running, listening = 0, [], []
    for share in shares.values():
        words = (str(room.folder / "light"), str(settings.broker_port), str(first), str(share))
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "bench.light_agents", *words],
            env=child_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        listener = Thread(target=_listen, args=(process, heard), daemon=True)
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


def _listen(process: subprocess.Popen[str], heard: Heard) -> None:
    assert process.stdout is not None  # noqa: S101 - it was asked for as a pipe
    with process.stdout as lines:
        for line in lines:
            what, name, when = line.split()
            heard.take(what, name, float(when))


def _broker_is_there(client: HubClient) -> bool:
    try:
        return client.zones().hub.broker
    except HubAway:
        return False


def _broker_of(hub: int) -> int:
    for thread in sorted(Path(f"/proc/{hub}/task").iterdir()):
        for child in (thread / "children").read_text(encoding="ascii").split():
            if b"mosquitto" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
    raise BenchFailed("消息服务没有运行", "the broker does not run")


def _wait(holds: Callable[[], bool], what: str) -> None:
    until, pause = clock.monotonic() + PATIENCE_SECONDS, Event()
    while not holds():
        if clock.monotonic() > until:
            raise BenchFailed(f"等不到：{what}", f"never came about: {what}")
        pause.wait(0.02)
