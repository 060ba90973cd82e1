"""What was ordered: kept before it is sent, counted upwards whatever the clock says, sent again as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet.hub.database import Database
from fleet.hub.outbox import Outbox
from fleet.wire.bounded import HIGHEST_COUNTER
from fleet.wire.orders import read_order
from fleet.wire.refusals import EnvelopeRefused
from fleet.wire.topics import Inward
from tests.fakes import SetClock
from tests.fleet.wire.orders import ACKNOWLEDGED, ANSWERS, PROGRAMME, SHARED, STOP, STRANGER, TRUSTED

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


@dataclass
class Desk:
    """An outbox, and what it has handed the broker."""

    path: Path
    clock: SetClock = field(default_factory=lambda: SetClock(NOW))
    sent: list[tuple[str, Inward, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database = Database(self.path)
        self.outbox = Outbox(self.database, self.clock, lambda *one: self.sent.append(one))

    def taken(self, envelope: bytes, channel: Inward, highest: int) -> int:
        """Read it as the device does that has taken ``highest``; return its counter. Raises EnvelopeRefused."""
        read = read_order(
            envelope, channel, me="yard-3", trusted=TRUSTED, highest=lambda *_: highest, now=self.clock.now()
        )
        return 0 if read.again else read.order.counter


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return an outbox on a database of its own."""
    one = Desk(tmp_path / "fleet.sqlite")
    yield one
    one.database.close()


@pytest.mark.parametrize("step", [0, 3600, -3600, -86_400 * 4000, 86_400 * 4000])
def test_a_device_takes_each_order_whatever_happens_to_the_hubs_clock(desk: Desk, step: int) -> None:
    """Each counter is above the one before, though the clock was put back years."""
    highest = 0
    for _ in range(3):
        counter = desk.outbox.order("yard-3", SHARED, PROGRAMME)
        assert counter > highest
        assert desk.taken(desk.sent[-1][2], Inward.PROGRAMME, highest) == counter
        highest = counter
        desk.clock.step(step)


def test_it_is_sent_again_byte_by_byte(desk: Desk) -> None:
    """Also by the process after a restart: a device knows it for what it has."""
    for does in (SHARED, ACKNOWLEDGED, STOP):
        desk.outbox.order("yard-3", does, PROGRAMME)
    first = sorted(desk.sent)
    again = Desk(desk.path)
    again.outbox.publish_all("yard-3")
    assert sorted(again.sent) == first
    again.database.close()


def test_it_goes_on_above_what_a_device_has_taken(desk: Desk) -> None:
    """As after the hub's disk was put back; and a device that says it has taken everything blocks itself alone."""
    mine = desk.outbox.order("yard-3", SHARED, PROGRAMME)
    desk.outbox.order("yard-3", ANSWERS, PROGRAMME)
    other = desk.outbox.order("yard-9", SHARED, PROGRAMME)
    below = desk.outbox.raise_counters("yard-3", {Inward.PROGRAMME: mine + 10_000, Inward.ANSWERS: 1})
    assert below == (Inward.PROGRAMME,)
    assert desk.outbox.order("yard-3", SHARED, PROGRAMME) > mine + 10_000
    desk.outbox.raise_counters("yard-3", {Inward.PROGRAMME: HIGHEST_COUNTER})
    desk.outbox.order("yard-3", SHARED, PROGRAMME)
    assert desk.outbox.order("yard-9", SHARED, PROGRAMME) == other + 1


def test_what_another_key_signed_is_known(desk: Desk) -> None:
    """After the keys were changed it is ordered anew; what was urgent is not."""
    for does in (SHARED, STOP):
        desk.outbox.order("yard-3", does, STRANGER)
    desk.outbox.order("yard-9", SHARED, PROGRAMME)
    assert desk.outbox.signed_by_others(PROGRAMME.public.id) == (("yard-3", Inward.PROGRAMME),)


def test_many_are_ordered_at_once_and_each_can_read_its_own_only(desk: Desk) -> None:
    """An urgent announcement to a thousand takes the disk once."""
    names = [f"yard-{number}" for number in range(1000)]
    counters = desk.outbox.order_all(dict.fromkeys(names, STOP), PROGRAMME)
    assert list(counters) == names
    assert [device for device, _, _ in desk.sent] == names
    assert desk.taken(desk.sent[3][2], Inward.URGENT, 0) == counters["yard-3"]
    with pytest.raises(EnvelopeRefused):
        desk.taken(desk.sent[4][2], Inward.URGENT, 0)
