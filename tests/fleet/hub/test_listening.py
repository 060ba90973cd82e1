"""What the hub does with what a device of a later version tells: nothing of it is lost, and a person is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet.enrol.authority import Authority
from fleet.hub.database import Database
from fleet.hub.devices import Devices
from fleet.hub.enrolling import Enrolment
from fleet.hub.inbox import Inbox
from fleet.hub.listening import Listening
from fleet.hub.outbox import Outbox
from fleet.hub.tickets import Tickets
from fleet.wire import accounts, topics
from fleet.wire.accounts import DeviceState, Report, Told, What
from fleet.wire.documents import Acknowledged
from fleet.wire.rows import rows_of
from fleet.wire.topics import Inward, Outward
from tests.fakes import SetClock
from tests.fleet.wire.orders import NOW, PROGRAMME, ROOT
from tests.fleet.wire.test_accounts import airing

YARD = "yard-1"
DAY = NOW.date()
REPORT = Report(of=1, channel=Inward.URGENT, what=What.TAKEN, at=NOW, urgent="u1")


class Hub:
    """A hub that one yard has joined."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "fleet.sqlite")
        devices, clock = Devices(self.database), SetClock(NOW)
        devices.invite(YARD, "一号院", (), NOW)
        devices.admit(YARD, "1", NOW)
        self.inbox, self.outbox = Inbox(self.database), Outbox(self.database, clock, lambda *_: None)
        enrolment = Enrolment(
            devices,
            Tickets(self.database),
            authority=Authority.new(),
            root=ROOT.public,
            keys=folder / "keys.envelope",
            ports=(8884, 8883),
            clock=clock,
            randomness=bytes,
            revoke=lambda: None,
        )
        self.listening = Listening(devices, self.inbox, self.outbox, enrolment, key=lambda: PROGRAMME, clock=clock)

    def hears(self, channel: Outward, told: Told, known: bytes = b"", later: bytes = b"") -> None:
        """Let the yard tell it, with other words where it is of a later version."""
        payload = accounts.encode(told)
        assert known in payload
        self.listening.heard(
            topics.from_device(YARD, channel), payload.replace(known, later) if known else payload, False
        )

    @property
    def acknowledged(self) -> int:
        """How far the yard was told last that its records are here."""
        last = self.outbox.last(YARD, Inward.ACKNOWLEDGED)
        return last[0].marks[0].change if last is not None and isinstance(last[0], Acknowledged) else 0

    @property
    def fault(self) -> str:
        """What a person is told of the yard on its page, in English."""
        fault = self.listening.fault_of(YARD)
        return fault.en if fault is not None else ""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """Give one that has heard nothing yet."""
    one = Hub(tmp_path)
    yield one
    one.database.close()


@pytest.mark.parametrize(
    ("known", "later"), [(b'"reason":""', b'"reason":"too-windy"'), (b'"outcome":"aired"', b'"outcome":"echoed"')]
)
def test_rows_of_a_later_version_are_kept_and_keep_no_other_away(hub: Hub, known: bytes, later: bytes) -> None:
    """They are acknowledged, told, and read when the hub is of that version; what follows them is there at once."""
    hub.hears(Outward.RECORDS, rows_of("l", 0, (airing(1), airing(2))), known, later)
    hub.hears(Outward.RECORDS, rows_of("l", 2, (airing(3),)))
    hub.hears(Outward.REPORT, REPORT)
    kept = hub.inbox.airings(DAY, DAY, YARD, 0, 10)
    assert ([one.airing.id for one in kept.airings], len(kept.newer)) == ([3], 2)
    assert hub.acknowledged == 3
    assert "update the hub" in hub.fault
    assert [one.report for one in hub.inbox.reports_of_device(YARD, 9)] == [REPORT]
    with hub.database.transaction() as connection:
        (row,) = connection.execute("SELECT row FROM airing WHERE id = 1").fetchone()
    assert later in row


def test_rows_that_can_not_be_kept_stay_with_the_device(hub: Hub) -> None:
    """Nothing is acknowledged, a person is told, and all else that the yard tells is heard; a later hub takes them."""
    hub.hears(Outward.RECORDS, rows_of("l", 0, (airing(1),)), b'"change":1', b'"changed":1')
    hub.hears(Outward.REPORT, REPORT)
    assert hub.acknowledged == 0
    assert "update the hub" in hub.fault
    assert len(hub.inbox.reports_of_device(YARD, 9)) == 1
    hub.hears(Outward.RECORDS, rows_of("l", 0, (airing(1),)))
    assert hub.acknowledged == 1


def test_a_yard_of_a_later_version_is_there(hub: Hub) -> None:
    """With what is known of how it is; and a person is told that there is more."""
    hub.hears(Outward.STATE, DeviceState(online=True, version="9", card="card"), b'"card":"card"', b'"card":"wireless"')
    assert hub.inbox.state_of(YARD) == DeviceState(online=True, version="9")
    assert "update the hub" in hub.fault


def test_a_report_of_a_later_version_is_told(hub: Hub) -> None:
    """What became of an order is in the records too: nothing waits for it."""
    hub.hears(Outward.REPORT, REPORT, b'"what":"taken"', b'"what":"hummed"')
    assert hub.inbox.reports_of_device(YARD, 9) == ()
    assert "update the hub" in hub.fault


def test_a_yard_of_this_version_has_no_fault(hub: Hub) -> None:
    """Nobody is sent to update what is up to date."""
    hub.hears(Outward.STATE, DeviceState(online=True, version="9"))
    hub.hears(Outward.RECORDS, rows_of("l", 0, (airing(1),)))
    hub.hears(Outward.REPORT, REPORT)
    assert hub.fault == ""
