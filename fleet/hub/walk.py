"""The walk-round at the hub: what a stick takes to the yards, and what it brought back."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from box.clock import Clock
from box.durable import replace_file
from fleet.enrol.authority import CERTIFICATE
from fleet.hub.database import Database
from fleet.hub.devices import Devices
from fleet.hub.inbox import Inbox
from fleet.hub.outbox import Outbox
from fleet.hub.room import HubRoom
from fleet.wire.accounts import known_of_state
from fleet.wire.documents import SharedProgramme
from fleet.wire.keys import read_key
from fleet.wire.topics import Inward
from fleet.wire.walk import AUDIO, CARRIED, BackRefused, open_back


class WalkTable:
    """Works on the hub's own database, whether or not the hub runs: each act is a transaction."""

    def __init__(self, room: HubRoom, clock: Clock) -> None:
        self._room = room
        self._clock = clock

    def take_back(self, brought: Iterable[bytes]) -> tuple[tuple[str, ...], tuple[BackRefused, ...]]:
        """Take in what was brought; return whose it was, and what was refused.

        The acknowledgement goes with the next round, or at once where the yard has a network by then. Raises
        RegistryUnreadable, OSError.
        """
        authority, names, refused = (self._room.authority / CERTIFICATE).read_bytes(), list[str](), list[BackRefused]()
        with closing(Database(self._room.registry)) as database:
            devices, inbox, now = Devices(database), Inbox(database), self._clock.now()
            outbox = Outbox(database, self._clock, lambda *_: None)
            for content in brought:
                try:
                    back = open_back(content, authority, devices.is_let_in)
                except BackRefused as error:
                    refused.append(error)
                    continue
                state = known_of_state(bytes(back.state))
                if state is not None:
                    outbox.raise_counters(back.name, state.counters)
                for rows in back.rows:
                    inbox.take_rows(back.name, rows, now)
                for proposal in back.proposals:
                    inbox.take_proposal(back.name, proposal, now)
                outbox.order(back.name, inbox.acknowledged(back.name), read_key(self._room.programme_key))
                names.append(back.name)
        return tuple(names), tuple(refused)

    def pack(self, folder: Path) -> tuple[str, ...]:
        """Put into ``folder`` what each member was ordered last, with its clips; return for whom. Raises OSError."""
        with closing(Database(self._room.registry)) as database:
            outbox = Outbox(database, self._clock, lambda *_: None)
            names = tuple(device.name for device in Devices(database).members())
            (folder / AUDIO).mkdir(parents=True, exist_ok=True)
            for name in names:
                (folder / name).mkdir(exist_ok=True)
                shutil.copyfile(self._room.keys, folder / name / Inward.KEYS)
                for channel, envelope in outbox.envelopes(name).items():
                    if channel in CARRIED:
                        replace_file(folder / name / channel, envelope)
                last = outbox.last(name, Inward.PROGRAMME)
                if last is not None and isinstance(last[0], SharedProgramme):
                    self._clips(last[0], folder / AUDIO)
        return names

    def _clips(self, programme: SharedProgramme, folder: Path) -> None:
        for entry in programme.messages:
            name = f"{entry.travels.sha256}.flac"
            if not (folder / name).exists():
                shutil.copyfile(self._room.audio / name, folder / name)
