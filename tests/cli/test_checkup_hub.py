"""What doctor tells of the hub."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from box.folders import Folders
from cli.checkup_hub import check_up_hub
from fleet.hub.broker import BrokerMissing
from fleet.hub.client import HubAway
from fleet.hub.devices import Standing
from fleet.hub.protocol import HubState, Zone, Zones
from speaker.condition import Alarm

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
HUB = HubState(
    broker=True,
    hosts=(),
    broker_port=8883,
    https_port=8884,
    root="",
    root_is_here=False,
    keys_serial=1,
    revision="",
)
ZONE = Zone(
    name="a", zone="a", groups=(), volume_percent=None, standing=Standing.MEMBER, since=NOW, online=True, heard=NOW
)
ZONES = Zones(hub=HUB, zones=(ZONE, replace(ZONE, name="b", online=False), replace(ZONE, standing=Standing.LOST)))


def found(data: Path, zones: Zones | Exception, *, missing: bool = False) -> list[tuple[str, str, str]]:
    """Return what is told: code, state, and the English."""

    def ask() -> Zones:
        if isinstance(zones, Exception):
            raise zones
        return zones

    def program() -> str:
        if missing:
            raise BrokerMissing("没有装", "mosquitto is missing")
        return "mosquitto"

    findings = check_up_hub(Folders(data, data / "run"), ask, program)
    return [(one.code, one.state, one.what.en) for one in findings]


def test_a_box_that_is_no_hub_has_nothing_to_tell(tmp_path: Path) -> None:
    """Nor is anybody asked."""
    assert found(tmp_path, AssertionError("asked")) == []


@pytest.mark.parametrize(
    ("zones", "missing", "told"),
    [
        (ZONES, False, [("hub", "good", "2 zones belong to it, 1 are online")]),
        (ZONES, True, [("hub", "wrong", "mosquitto is missing")]),
        (HubAway("没有运行", "not running"), False, [("hub", "note", "not running")]),
        (replace(ZONES, hub=replace(HUB, broker=False)), False, [("hub", "wrong", "broker does not run")]),
        (
            replace(ZONES, hub=replace(HUB, alarms=(Alarm(code="x", zh="坏", en="bad"),), root_is_here=True)),
            False,
            [("hub", "good", "2 zones"), ("x", "wrong", "bad"), ("root-key", "note", "Take it to a stick")],
        ),
    ],
)
def test_the_hub_is_told_of(
    tmp_path: Path, zones: Zones | Exception, missing: bool, told: list[tuple[str, str, str]]
) -> None:
    """How many are online, what keeps something from working, and that the root key is still here."""
    (tmp_path / "hub").mkdir()
    given = found(tmp_path, zones, missing=missing)
    assert [(code, state) for code, state, _ in given] == [(code, state) for code, state, _ in told]
    assert all(part in said for (_, _, said), (_, _, part) in zip(given, told, strict=True))
