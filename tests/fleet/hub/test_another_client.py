"""docs/fleet.md is enough to write another client by: one that was written from it joins, takes an edit and tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet.enrol import contexts
from fleet.wire import topics
from fleet.wire.accounts import What
from fleet.wire.topics import Inward
from programme.community import ForYards
from tests.fleet.another_client import AnotherClient
from tests.fleet.hub.a_hub import AHub, eventually, hub_at
from tests.fleet.hub.test_attacks import authority_of, intruder, sent_to
from tests.fleet.hub.test_end_to_end import a_clip, message, publish, zone_of


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[AHub]:
    """Run a hub of the test's own."""
    with hub_at(tmp_path / "data") as one:
        one.start()
        yield one
        one.stop()


def test_a_client_written_from_the_page_joins_takes_an_edit_and_reports_it(hub: AHub, tmp_path: Path) -> None:
    """Six digits the same on both sides, the clip bit by bit, applied at the hub; and a replay is refused by it too."""
    client = AnotherClient(tmp_path / "another", hub.client.invite("yard-3", "三号院").ticket)
    digits = client.begin()
    eventually(lambda: zone_of(hub, "yard-3").digits == digits, "both show the same six")
    hub.client.confirm("yard-3", digits)
    assert client.ask() == "welcome"
    client.connect()
    eventually(lambda: zone_of(hub, "yard-3").online, "it is there")
    clip = a_clip(hub.folders.clips)
    publish(hub, "r1", ForYards(id="water", zones=("all",), said=message("water", clip), by_yard={}))
    eventually(lambda: client.revision, "it has the programme")
    eventually(lambda: zone_of(hub, "yard-3").state.revision == client.revision, "the hub knows it")  # type: ignore[union-attr]  # it is online
    assert What.APPLIED in [one.report.what for one in hub.client.reports("yard-3").reports]
    assert zone_of(hub, "yard-3").fault is None
    assert client.clips[clip[0]].read_bytes() == (hub.folders.clips / f"{clip[0]}.wav").read_bytes()
    old = sent_to(hub, "yard-3", Inward.PROGRAMME)
    publish(hub, "r2", ForYards(id="gas", zones=("all",), said=message("gas", clip), by_yard={}))
    eventually(lambda: client.taken[-1]["does"]["messages"][0]["message"]["id"] == "c-gas", "the next one came")
    assert client.refused == []
    evil = intruder(hub, contexts.hub_as_client(hub.room.certificate, hub.room.key, authority_of(hub)), "hub")
    assert evil.connected.wait(60)
    evil.publish(topics.to_device("yard-3", Inward.PROGRAMME), old)
    eventually(lambda: client.refused == ["replayed"], "what is old is refused")
    evil.leave()
    client.close()
    eventually(lambda: not zone_of(hub, "yard-3").online, "it said goodbye")
