"""The hub of the fleet's bench: founded for so many devices, running, edited and killed as a community's would be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from threading import Event

from bench.failed import BenchFailed
from bench.processes import clock, free_port
from bench.tone import write_tone
from box.folders import Folders
from box.storage import hash_of
from cli.hub_founding import draw_pin
from cli.places import child_environment
from fleet.enrol import certificates
from fleet.enrol.authority import Authority
from fleet.enrol.membership import Membership, write_membership
from fleet.hub import urgent_protocol as u
from fleet.hub.client import HubAway, HubClient
from fleet.hub.database import Database
from fleet.hub.devices import Devices
from fleet.hub.founding import found, root_of
from fleet.hub.room import HubRoom, HubSettings
from programme.community import Community, ForYards, encode_community
from programme.model import Broadcast
from programme.publication import SAMPLE_RATE_HZ, PublishedMessage

LOOPBACK = "127.0.0.1"
PATIENCE_SECONDS = 120.0
MESSAGES = 20
URGENT_FRAMES = SAMPLE_RATE_HZ // 2
_LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class BenchHub:
    """A hub that runs. ``pid`` is its process."""

    folders: Folders
    room: HubRoom
    pin: str
    pid: int

    @property
    def client(self) -> HubClient:
        """The way that its panel asks it."""
        return HubClient(self.folders.hub_socket, timeout_seconds=120.0)

    def edit(self, number: int) -> float:
        """Save edition ``number`` of all messages, with a clip of its own; return when, on the wall clock."""
        clip, frames = self._tone(SAMPLE_RATE_HZ * 2 + number)
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
            broadcasts=(Broadcast(id="evening", at=time(18, 0), messages=names, zones=("all",)),),
        )
        began = clock.now().timestamp()
        self.folders.community.write_bytes(encode_community(community))
        self.client.refresh()
        return began

    def prepare(self) -> str:
        """Have all fetch something urgent; return its id."""
        clip, frames = self._tone(URGENT_FRAMES)
        asked = u.PrepareUrgent(
            zones=("all",), title="停水", text="停水。", clip=clip, frames=frames, voice="v", engine="recording"
        )
        return self.client.prepare(asked).urgent

    def say(self, urgent: str, in_seconds: float, late_ok_seconds: int = 2) -> tuple[float, float]:
        """Have it said; return when the PIN had opened the key, and when it is to start, on the wall clock."""
        asked = u.SayUrgent(
            urgent=urgent,
            pin=self.pin,
            occasion="停水",
            in_seconds=in_seconds,
            priority="page",
            late_ok_seconds=late_ok_seconds,
        )
        starts = self.client.say(asked).starts_at.timestamp()
        return starts - in_seconds, starts

    def broker(self) -> int:
        """Return the number of its Mosquitto. Raises BenchFailed."""
        for thread in sorted(Path(f"/proc/{self.pid}/task").iterdir()):
            with suppress(FileNotFoundError):  # a thread that has just ended
                for child in (thread / "children").read_text(encoding="ascii").split():
                    if b"mosquitto" in Path(f"/proc/{child}/cmdline").read_bytes():
                        return int(child)
        raise BenchFailed("消息服务没有运行", "the broker does not run")

    def kill_broker(self) -> float:
        """Kill it, as the kernel does; return when, on the wall clock."""
        died = clock.now().timestamp()
        os.kill(self.broker(), signal.SIGKILL)
        return died

    def _tone(self, frames: int) -> tuple[str, int]:
        raw = self.folders.clips / "tone.wav"
        write_tone(raw, frames)
        digest = hash_of(raw)
        raw.rename(self.folders.clips / f"{digest}.wav")
        return digest, frames


@contextmanager
def hub_of(folders: Folders, rooms: Mapping[str, Path]) -> Iterator[BenchHub]:
    """Found a hub to which each name in ``rooms`` belongs, its membership in that room, and run it."""
    room, pin = HubRoom(folders.hub), draw_pin()
    settings = HubSettings(broker_port=free_port(), https_port=free_port())
    folders.clips.mkdir(parents=True, exist_ok=True)
    found(room, settings, pin, clock)
    _let_in(room, settings, rooms)
    words = ("--data", str(folders.data), "--runtime", str(folders.runtime), "--host", LOOPBACK)
    with (folders.data / "hub.log").open("wb") as log:  # the broker tells of each connection that a kill ends
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "fleet.hub", *words], env=child_environment(), stderr=log
        )
        hub = BenchHub(folders, room, pin, process.pid)
        try:
            wait(lambda: _broker_is_there(hub.client), "the hub")
            yield hub
        finally:
            process.terminate()
            process.wait(60)


def wait(
    holds: Callable[[], bool], what: str, *, seconds: float = PATIENCE_SECONDS, look_seconds: float = _LOOK_SECONDS
) -> None:
    """Wait until ``holds``. Raises BenchFailed, with ``what`` was waited for."""
    until, pause = clock.monotonic() + seconds, Event()
    while not holds():
        if clock.monotonic() > until:
            raise BenchFailed(f"等不到：{what}", f"never came about: {what}")
        pause.wait(look_seconds)


def _let_in(room: HubRoom, settings: HubSettings, rooms: Mapping[str, Path]) -> None:
    authority, database = Authority.read(room.authority), Database(room.registry)
    table, keys, root = Devices(database), room.keys.read_bytes(), root_of(room).raw
    with database.transaction():
        for name, folder in rooms.items():
            key = certificates.new_key()
            signed = authority.sign_device(certificates.request_for(key), name)
            table.invite(name, name, (), clock.now())
            table.admit(name, f"{signed.serial:x}", clock.now())
            membership = Membership(
                name=name, zone=name, hosts=(LOOPBACK,), port=settings.https_port, broker_port=settings.broker_port,
                root=root, joined=clock.now(),
            )  # fmt: skip
            write_membership(
                folder,
                membership,
                key=certificates.key_pem(key),
                certificate=signed.pem,
                authority=authority.pem,
                keys=keys,
            )
    database.close()


def _broker_is_there(client: HubClient) -> bool:
    try:
        return client.zones().hub.broker
    except HubAway:
        return False
