"""Who is ordered anew when the panel hands over another file, and when one zone's settings are changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet.hub.audio import Audio
from fleet.hub.database import Database
from fleet.hub.devices import Devices
from fleet.hub.issuer import Issuer
from fleet.hub.outbox import Outbox
from fleet.wire.keys import SigningKey
from programme.community import Community, encode_community
from tests.fakes import SetClock

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
YARDS = ["yard-1", "yard-2", "yard-3"]


class Hub:
    """A hub's issuer with three members; ``ordered`` are those that it has ordered something, in turn."""

    def __init__(self, folder: Path) -> None:
        self.database, self.ordered = Database(folder / "fleet.sqlite"), list[str]()
        self.devices = Devices(self.database)
        for number, name in enumerate(YARDS):
            self.devices.invite(name, name, (), NOW)
            self.devices.admit(name, f"{number:x}", NOW)
        self._community = folder / "community.json"
        clock, key = SetClock(NOW), SigningKey.new()
        outbox = Outbox(self.database, clock, lambda device, _channel, _envelope: self.ordered.append(device))
        audio = Audio(self.database, folder / "audio", folder / "clips")
        self.issuer = Issuer(self.devices, outbox, audio, community=self._community, key=lambda: key, clock=clock)

    def hand_over(self, hub: str) -> None:
        """Let the panel write what is for the yards, in the name of ``hub``."""
        new = self._community.with_name("new")
        new.write_bytes(encode_community(Community(revision=hub, published=NOW, hub=hub)))
        new.replace(self._community)

    def set_volume(self, name: str, volume_percent: int) -> None:
        """Change one zone's settings."""
        self.ordered.clear()
        self.devices.arrange(name, zone=name, groups=(), volume_percent=volume_percent)
        self.issuer.issue_to(name)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """Give one that has issued."""
    one = Hub(tmp_path)
    one.hand_over("社区")
    one.issuer.issue_all()
    assert one.ordered == YARDS
    yield one
    one.database.close()


def test_a_zone_whose_settings_were_changed_is_ordered_anew(hub: Hub) -> None:
    """And no other, nor is it again where nothing has changed."""
    hub.set_volume("yard-2", 60)
    assert hub.ordered == ["yard-2"]
    hub.set_volume("yard-2", 60)
    assert hub.ordered == []


def test_what_the_panel_has_handed_over_meanwhile_is_for_all(hub: Hub) -> None:
    """It was read then, so nobody would look at it again for the others."""
    hub.hand_over("新社区")
    hub.set_volume("yard-2", 60)
    assert hub.ordered == YARDS


def test_a_panel_that_was_taken_over_does_not_hold_the_hub_up(hub: Hub, tmp_path: Path) -> None:
    """A pipe in the place of what it hands over would be waited at for ever: it is an alarm, and orders stay."""
    hub.ordered.clear()
    os.mkfifo(tmp_path / "new")
    (tmp_path / "new").replace(tmp_path / "community.json")
    hub.issuer.issue_if_new()
    assert [alarm.code for alarm in hub.issuer.alarms] == ["community-unreadable"]
    assert hub.ordered == []


def test_what_a_later_version_has_ordered_is_ordered_anew(hub: Hub) -> None:
    """This hub was taken back and can't read it: nobody waits for ever for what it issues."""
    with hub.database.transaction() as connection:
        later = (b'{"what":"programme","revision":"r9","weather":"rain"}',)
        connection.execute("UPDATE sent SET does = ? WHERE device = 'yard-2'", later)
    hub.ordered.clear()
    hub.issuer.issue_all()
    assert hub.ordered == ["yard-2"]
