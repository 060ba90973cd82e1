"""Real agents, speakers and panels on virtual cards, a real hub and its Mosquitto."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet.hub import protocol as p
from fleet.wire.accounts import What
from programme.community import ForYards
from tests.faults.courtyard import until
from tests.fleet.agent.yards import Yard, yards
from tests.fleet.hub.a_hub import PIN, AHub, hub_at
from tests.fleet.hub.test_end_to_end import a_clip, message, publish

pytestmark = pytest.mark.slow
APART_MS = 20.0  # the first samples of two yards on one clock


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AHub]:
    """Run one hub for the tests of this module."""
    with hub_at(tmp_path_factory.mktemp("hub")) as one:
        one.start()
        yield one
        one.stop()


@pytest.fixture(scope="module")
def two(hub: AHub, built_card: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Yard, ...]]:
    """Give two yards that have joined."""
    with yards(tmp_path_factory.mktemp("yards"), built_card, "panlong-4", "laocheng-1") as found:
        for yard, zone in zip(found, ("盘龙苑", "老城小区"), strict=True):
            yard.join(hub, zone)
            yard.agent()
        yield found


def urgent(hub: AHub, *names: str, seconds: int = 1, level: int = 700) -> str:
    """Have something made ready in these yards; return its id when it is."""
    clip, frames = a_clip(hub.folders.clips, seconds, level)
    asked = p.PrepareUrgent(
        zones=names, title="停水", text="马上停水。", clip=clip, frames=frames, voice="v", engine="recording"
    )
    prepared = hub.client.prepare(asked).urgent
    for name in names:
        until(lambda name=name: What.READY in told(hub, prepared, name))
    return prepared


def told(hub: AHub, urgent_id: str, name: str) -> list[What]:
    """Return what that yard has reported of an urgent announcement, in order."""
    reports = [one.report for one in reversed(hub.client.reports(name).reports)]
    return [report.what for report in reports if report.urgent == urgent_id]


def test_an_edit_reaches_both_yards_and_their_own_words_stay(hub: AHub, two: tuple[Yard, ...]) -> None:
    """From the hub's file to what the speaker has on air, with the clip bit by bit, and the hub is told so."""
    clip = a_clip(hub.folders.clips)
    publish(hub, "r1", ForYards(id="water", zones=("all",), said=message("water", clip), by_yard={}))
    for yard in two:
        until(lambda yard=yard: yard.shared() != "")
        revision = yard.shared()
        until(lambda yard=yard, revision=revision: zone_of(hub, yard.name).state.revision == revision)
        whats = [one.report.what for one in hub.client.reports(yard.name).reports]
        assert What.APPLIED in whats
        status = yard.status()
        assert status is not None
        assert {"c-morning", "morning"} <= {cue.broadcast for cue in status.today}


def test_an_urgent_announcement_starts_in_both_at_the_same_instant(hub: AHub, two: tuple[Yard, ...]) -> None:
    """The first samples of two yards are within 20 ms of one another, and both report from armed to ended."""
    prepared = urgent(hub, *(yard.name for yard in two))
    starts = len(two[0].card.events("START"))
    said = hub.client.say(p.SayUrgent(urgent=prepared, pin=PIN, occasion="停水", in_seconds=5, priority="emergency"))
    for yard in two:
        until(lambda yard=yard: What.ENDED in told(hub, prepared, yard.name))
        assert [what for what in told(hub, prepared, yard.name) if what is not What.TAKEN] == [
            What.READY,
            What.ARMED,
            What.STARTED,
            What.ENDED,
        ]
    rows = [yard.airings()[-1] for yard in two]
    first, second = (row.started for row in rows)
    assert first is not None and second is not None
    assert abs((first - second).total_seconds()) * 1000 < APART_MS
    assert all(row.due == said.starts_at for row in rows)
    assert len(two[0].card.events("START")) > starts


def zone_of(hub: AHub, name: str) -> p.Zone:
    """Return the zone as the hub's panel sees it."""
    return next(zone for zone in hub.client.zones().zones if zone.name == name)
