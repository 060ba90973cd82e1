"""Urgent announcements as the hub keeps them, also those that a later version of it has made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from fleet.hub import urgent_protocol as u
from fleet.hub.audio import Audio
from fleet.hub.database import Database
from fleet.hub.devices import Devices
from fleet.hub.inbox import Inbox
from fleet.hub.outbox import Outbox
from fleet.hub.pin_gate import PinGate
from fleet.hub.speaking import Speaking
from fleet.hub.urgent import KeptUrgent, NotPrepared, Urgents
from fleet.wire.documents import Stop
from fleet.wire.topics import Inward
from tests.fakes import SetClock
from tests.fleet.wire.orders import ANNOUNCEMENT, NOW, PROGRAMME, SAY, URGENT

YARDS = ("yard-1", "yard-2")
SAY_IT = u.SayUrgent(urgent="u1", pin="314159", occasion="停水")
UNKNOWN = b'{"unknown":1}'


class Hub:
    """The parts of a hub of two yards that know of what is urgent."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "fleet.sqlite")
        devices, clock = Devices(self.database), SetClock(NOW)
        for number, name in enumerate(YARDS):
            devices.invite(name, name, (), NOW)
            devices.admit(name, f"{number:x}", NOW)
        self.outbox = Outbox(self.database, clock, lambda *_: None)
        self.urgents = Urgents(self.database)
        self.speaking = Speaking(
            devices,
            Inbox(self.database),
            self.outbox,
            self.urgents,
            Audio(self.database, folder / "audio", folder / "clips"),
            gate=PinGate(lambda _pin: URGENT, clock, folder / "pin-tries.json"),
            key=lambda: PROGRAMME,
            new_id=lambda: "u1",
            clock=clock,
        )

    def prepare(self, name: str, made: datetime, *, said: bool = False) -> None:
        """Keep one that was prepared for both yards, and ordered to be said where it was."""
        self.urgents.prepare(
            KeptUrgent(
                id=name, announcement=ANNOUNCEMENT, zones=YARDS, who="王秘书", made=made, say=None, stopped=None,
                own={"yard-2": ANNOUNCEMENT},
            )
        )  # fmt: skip
        if said:
            self.urgents.note_said(name, SAY)

    def later_version_wrote(self, column: str, table: str = "urgent", more: bytes = UNKNOWN) -> None:
        """Have that version say in u1 what this one doesn't know, beside what it knows."""
        key = "id" if table == "urgent" else "urgent"
        with self.database.transaction() as connection:
            (content,) = connection.execute(f"SELECT {column} FROM {table} WHERE {key} = 'u1'").fetchone()  # noqa: S608 - the tests' own
            content = msgspec.json.encode(msgspec.json.decode(content) | msgspec.json.decode(more))
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = 'u1'", (content,))  # noqa: S608


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """Give one whose yards have joined."""
    one = Hub(tmp_path)
    yield one
    one.database.close()


@pytest.mark.parametrize(
    ("column", "table", "said"),
    [("announcement", "urgent", False), ("say", "urgent", True), ("announcement", "urgent_words", False)],
)
def test_what_a_later_version_has_made_is_shown_and_can_be_stopped(
    hub: Hub, column: str, table: str, said: bool
) -> None:
    """What is known of it stands there; it is not said by a hub that may lack what matters in it."""
    hub.prepare("u1", NOW, said=said)
    hub.later_version_wrote(column, table)
    state = hub.speaking.stands(None)
    assert (state.urgent, state.newer, state.title, state.who) == ("u1", True, "停水", "王秘书")
    assert state.starts_at == (SAY.starts_at if said else None)
    assert [(zone.name, zone.clip) for zone in state.zones] == [("yard-1", ""), ("yard-2", ANNOUNCEMENT.clip)]
    with pytest.raises(NotPrepared, match="later version"):
        hub.speaking.say(SAY_IT)
    hub.speaking.stop(u.StopUrgent(urgent="u1"))
    assert [hub.outbox.last(name, Inward.URGENT) for name in YARDS] == [(Stop(urgent="u1"), NOW)] * 2
    assert hub.speaking.stands("u1").stopped == NOW


def test_of_which_nothing_is_known_it_is_known_for_whom_it_was(hub: Hub) -> None:
    """And that it was ordered to be said, so that it is taken for something that may sound."""
    hub.prepare("u1", NOW, said=True)
    hub.later_version_wrote("announcement", more=b'{"title":["a","b"]}')
    hub.later_version_wrote("say", more=b'{"starts_at":{"at":"noon"}}')
    state = hub.speaking.stands("u1")
    assert (state.newer, state.title, state.starts_at) == (True, "", NOW)
    assert [zone.name for zone in state.zones] == list(YARDS)


def test_the_others_are_shown_as_ever(hub: Hub) -> None:
    """One of a later version keeps nobody from saying the next."""
    hub.prepare("u1", NOW - timedelta(minutes=5))
    hub.later_version_wrote("announcement")
    hub.prepare("u2", NOW)
    state = hub.speaking.stands(None)
    assert (state.urgent, state.newer) == ("u2", False)
    hub.speaking.say(msgspec.structs.replace(SAY_IT, urgent="u2"))
    assert hub.speaking.stands("u2").starts_at == NOW + timedelta(seconds=SAY_IT.in_seconds)


def test_who_has_the_page_open_says_it_once(hub: Hub) -> None:
    """Said, stopped, or prepared an hour ago: it is prepared again, and heard again."""
    hub.prepare("u1", NOW)
    hub.speaking.say(SAY_IT)
    with pytest.raises(NotPrepared, match="was said"):
        hub.speaking.say(SAY_IT)
    with pytest.raises(NotPrepared):
        hub.urgents.ready("nothing", NOW)
    hub.prepare("u3", NOW - timedelta(minutes=61))
    with pytest.raises(NotPrepared):
        hub.urgents.ready("u3", NOW)
