"""Yards of real parts: speaker and panel on a virtual card, and the agent, joined to a real hub."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
from msgspec.structs import replace

from box.clock import SystemClock
from fleet.agent.standing import standing_in
from fleet.agent.states import State
from fleet.enrol.joining import HttpsHub, Joining
from fleet.enrol.membership import MEMBERSHIP, Membership
from tests.card.virtual import VirtualCard
from tests.faults.courtyard import Courtyard, Process, until
from tests.fleet.hub.a_hub import AHub


class Yard(Courtyard):
    """A courtyard that may join a hub. ``name`` is what the hub calls it."""

    def __init__(self, folder: Path, card: VirtualCard, name: str) -> None:
        super().__init__(folder, card.environment)
        self.card = card
        self.running: Process
        self.speaking: Process
        self.name = name

    def join(self, hub: AHub, zone: str, groups: tuple[str, ...] = ()) -> None:
        """Join ``hub``, with a person there who compares the digits."""
        ticket = hub.client.invite(self.name, zone, groups).ticket
        joining = Joining(self.folders.fleet, HttpsHub(), SystemClock(), "test")
        pending = joining.begin(ticket.encode())
        assert joining.ask() is None
        hub.client.confirm(self.name, pending.digits)
        membership = joining.ask()
        assert membership is not None
        # Nobody listens at the first address, as after the hub's router gave it another.
        moved = replace(membership, hosts=("127.0.0.9", *membership.hosts))
        (self.folders.fleet / MEMBERSHIP).write_bytes(msgspec.json.encode(moved))

    def cut_off(self) -> None:
        """Let nobody listen at the hub's address any more."""
        path = self.folders.fleet / MEMBERSHIP
        membership = msgspec.json.decode(path.read_bytes(), type=Membership)
        path.write_bytes(msgspec.json.encode(replace(membership, hosts=("127.0.0.9",))))

    def agent(self, *, wait: bool = True, under: Sequence[str] = ()) -> Process:
        """Start the agent; it is connected when this returns."""
        where = ("--data", str(self.folders.data), "--runtime", str(self.folders.runtime))
        words = [*under, sys.executable, "-P", "-m", "fleet.agent", *where]
        process = Process(words, self.environment, self.folder / "agent.said")
        self._processes.append(process)
        self.running = process
        if wait:
            until(lambda: self.stands() is State.JOINED or process.popen.poll() is not None)
            assert process.popen.poll() is None, process.said
        return process

    def stands(self) -> State | None:
        """Return how it stands to the hub."""
        standing = standing_in(self.folders.fleet)
        return standing.state if standing else None

    def shared(self) -> str:
        """Return which shared programme the speaker has on air."""
        status = self.status()
        return status.shared if status else ""


@contextmanager
def yards(root: Path, built: Path, *names: str, trusted: bool = True) -> Iterator[tuple[Yard, ...]]:
    """Give a yard for each name, each with a card of its own, its programme on air and speaker and panel running.

    ``trusted`` says that the machine's clock is taken on trust: without it nobody here vouches for it.
    """
    with ExitStack() as stack:
        found = []
        for name in names:
            folder = root / name
            (folder / "card").mkdir(parents=True)
            yard = stack.enter_context(Yard(folder, VirtualCard(built, folder / "card"), name))
            yard.publish()
            yard.speaking = yard.speaker("speaker" if trusted else "speaker.__main__")
            yard.panel()
            found.append(yard)
        yield tuple(found)
