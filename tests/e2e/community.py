"""A community of 37 zones, as one morning finds them: most are well, some are not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from box.clock import Clock
from box.folders import Folders, folders_at
from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from fleet.hub.inbox import KeptAiring, KeptReport
from fleet.wire.accounts import DeviceState, Report, What
from fleet.wire.documents import SharedMessage, SharedProgramme, Travels
from fleet.wire.topics import Inward
from programme.model import Broadcast
from speaker.airing import Outcome
from speaker.protocol import Alarm
from speaker.trust.states import Trust
from tests.programme.test_together import NOTICE
from tests.web.fakes import airing
from tests.web.zones.fake_hub import FakeHub, zone
from tests.web.zones.served import served

SEEN = "yard-7"  # the zone whose page is looked at
ZONES = 37
FULL = Alarm(code="disk-full", zh="存储卡快满了，请清一清", en="the card is nearly full: make room")
TROUBLES: dict[int, dict[str, object]] = {
    3: {"card": "missing"},
    7: {"alarms": (FULL,), "stand_ins": 2},
    11: {"clock": Trust.UNTRUSTED},
    15: {"sounding": "停水通知"},
    21: {"stand_ins": 1},
    30: {"revision": "r0"},
}
AWAY = (5, 26)


def a_community(clock: Clock) -> FakeHub:
    """Return its hub."""
    hub, now = FakeHub(clock), clock.now()
    hub.add(*(_yard(number, now) for number in range(1, ZONES + 1)))
    asks = {"standing": Standing.INVITED, "online": False, "state": None, "heard": None, "ordered": ""}
    hub.add(
        zone("yard-38", "桃园新村", now, digits="204816", ticket_until=now + timedelta(hours=20), **asks),
        zone("yard-39", "柳堤里", now, ticket_until=now + timedelta(hours=23), **asks),
        zone("yard-40", "旧粮站", now, **(asks | {"standing": Standing.LOST})),
    )
    shared = SharedProgramme(
        revision="r1",
        published=now,
        zone="7号院",
        messages=(SharedMessage(message=NOTICE, travels=Travels(sha256="cd" * 32, size=1000)),),
        broadcasts=(Broadcast(id="c-morning", at=time(7, 30), messages=(NOTICE.id,)),),
    )
    hub.programmes[SEEN] = p.Issued(programme=shared, issued=now, waiting=("停电通知",))
    rows = [
        airing(1, now, title="早安", outcome=Outcome.AIRED),
        airing(2, now, title="停水通知，请各家各户提前存水", outcome=Outcome.CUT),
    ]
    hub.kept = p.Records(airings=tuple(KeptAiring(device=SEEN, log="l", airing=row) for row in rows), more=False)
    took = Report(of=7, channel=Inward.PROGRAMME, what=What.APPLIED, at=now, revision="r1")
    late = Report(of=8, channel=Inward.URGENT, what=What.TOO_LATE, at=now)
    hub.told = p.Reports(reports=tuple(KeptReport(device=SEEN, report=one, received=now) for one in (late, took)))
    return hub


@contextmanager
def served_at(folders: Folders, hub: FakeHub) -> Iterator[None]:
    """Make the running box a hub that answers as ``hub`` does, until this is left."""
    folders.hub.mkdir()
    try:
        with served(hub, folders_at(folders.data, os.environ).hub_socket):
            yield
    finally:
        folders.hub.rmdir()


def _yard(number: int, now: datetime) -> p.Zone:
    values: dict[str, object] = {
        "online": True,
        "since": now,
        "version": "0.1.0",
        "card": "card",
        "clock": Trust.SYNCHRONISED,
        "volume_percent": 80,
        "revision": "r1",
    }
    state = DeviceState(**(values | TROUBLES.get(number, {})))  # type: ignore[arg-type] - the fields above, by name
    away: dict[str, object] = {"online": False, "heard": now - timedelta(hours=30)} if number in AWAY else {}
    groups = ("east",) if number % 2 else ("west", "old-town")
    return zone(f"yard-{number}", f"{number}号院", now, state=state, groups=groups, **away)
