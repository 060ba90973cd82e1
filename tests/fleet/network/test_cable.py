"""A box at the end of a bad cable: what is ordered comes once, and a cable that was cut is noticed and got over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fleet.wire.documents import SharedProgramme, Stop
from programme.community import ForYards
from tests.fleet.hub.a_hub import AHub, eventually, hub_at
from tests.fleet.hub.light_agent import joined
from tests.fleet.hub.test_end_to_end import a_clip, message, publish
from tests.fleet.network.cable import Cable, Network, cable, networks


@pytest.fixture
def laid(tmp_path: Path) -> Iterator[tuple[AHub, Network, Cable]]:
    """Run a hub in a network of its own, with a cable to the network of a box."""
    with ExitStack() as stack:
        there, here = stack.enter_context(networks("hub", "box"))
        one = stack.enter_context(cable(there, here, 1))
        hub = stack.enter_context(hub_at(tmp_path / "data", "10.77.1.1"))
        hub.host, hub.under = "0.0.0.0", there.under  # noqa: S104 - in a network of the test's own
        hub.start()
        yield hub, here, one
        hub.stop()


def test_over_a_cable_that_loses_packets_all_comes_once(laid: tuple[AHub, Network, Cable], tmp_path: Path) -> None:
    """It joins, takes its programme and its clip, and five stops: each once, in order, none refused."""
    hub, network, bad = laid
    bad.loss, bad.delay_seconds = 0.08, 0.01
    agent = network.within(lambda: joined(tmp_path / "device", hub, "yard-3"))
    clip = a_clip(hub.folders.clips)
    publish(hub, "r1", ForYards(id="water", zones=("all",), said=message("water", clip), by_yard={}))
    programme = agent.wait_for(SharedProgramme).does
    assert isinstance(programme, SharedProgramme)
    travels = programme.messages[0].travels
    status, content, _ = network.within(lambda: agent.fetch(f"/audio/{travels.sha256}"))
    assert (status, len(content)) == (200, travels.size)
    for number in range(5):
        hub.client.stop(None, f"{number}")
    eventually(lambda: len(agent.took(Stop)) == 5, "five stops", 30)
    assert [order.does.who for order in agent.took(Stop)] == [f"{number}" for number in range(5)]  # type: ignore[union-attr]  # took() gives that kind only
    assert agent.refused == []
    assert bad.lost > 5
    network.within(agent.close)
