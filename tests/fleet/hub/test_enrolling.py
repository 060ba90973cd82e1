"""The hub's side of joining: who is let in, once, and by whose word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from fleet.enrol import certificates
from fleet.enrol.asking import Answer, Ask, Rejected, Waiting, Welcome
from fleet.enrol.authority import Authority
from fleet.enrol.ticket import Ticket, proof_of, six_digits
from fleet.hub.database import Database
from fleet.hub.devices import Devices, NameUnfit, NoSuchZone, Standing
from fleet.hub.enrolling import MOST_WRONG, Enrolment, NothingAsked
from fleet.hub.tickets import Tickets
from fleet.wire.trusted import sign_key_set
from tests.fakes import SetClock
from tests.fleet.wire.orders import KEYS, ROOT

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
AUTHORITY = Authority.new()


@dataclass
class Desk:
    """The hub's side, with all that it works with."""

    enrolment: Enrolment
    devices: Devices
    clock: SetClock
    tickets: Tickets
    revocations: list[tuple[int, ...]] = field(default_factory=list)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a hub's side of joining on a database of its own."""
    database = Database(tmp_path / "fleet.sqlite")
    (tmp_path / "keys").write_bytes(sign_key_set(KEYS, ROOT))
    devices, clock = Devices(database), SetClock(NOW)
    revocations: list[tuple[int, ...]] = []
    numbers = iter(range(1, 100))
    tickets = Tickets(database)
    enrolment = Enrolment(
        devices,
        tickets,
        authority=AUTHORITY,
        root=ROOT.public,
        keys=tmp_path / "keys",
        ports=(8884, 8883),
        clock=clock,
        randomness=lambda count: bytes([next(numbers)]) * count,
        revoke=lambda: revocations.append(devices.revoked()),
    )
    yield Desk(enrolment, devices, clock, tickets, revocations)
    database.close()


def asked(desk: Desk, ticket: Ticket, key: certificates.PrivateKey, secret: bytes | None = None) -> Answer:
    """Ask with a ticket, as a box does."""
    request = certificates.request_for(key)
    proof = proof_of(secret or ticket.secret, ticket.id, request)
    return desk.enrolment.answer(msgspec.json.encode(Ask(ticket=ticket.id, request=request, proof=proof)))


def why(answer: Answer) -> str:
    """Return why it was rejected."""
    assert isinstance(answer, Rejected)
    return answer.why


def digits_of(ticket: Ticket, key: certificates.PrivateKey) -> str:
    """Return what the box shows."""
    return six_digits(ticket.secret, certificates.public_der(key.public_key()), ticket.root)


def test_a_box_waits_until_its_digits_are_confirmed(desk: Desk) -> None:
    """Then it has its certificate, as often as it asks: a power cut may lose the answer."""
    ticket, key = desk.enrolment.invite("yard-3", "三号院", ("east",), ("192.168.1.2",)), certificates.new_key()
    assert isinstance(asked(desk, ticket, key), Waiting)
    (asking,) = desk.enrolment.asking()
    assert (asking.device, asking.digits) == ("yard-3", digits_of(ticket, key))
    desk.enrolment.confirm("yard-3", f"{asking.digits[:3]} {asking.digits[3:]}")
    first, again = asked(desk, ticket, key), asked(desk, ticket, key)
    assert isinstance(first, Welcome)
    assert first == again
    assert (first.name, first.zone, first.broker_port) == ("yard-3", "三号院", 8883)
    device = desk.devices.one("yard-3")
    assert (device.standing, device.groups) == (Standing.MEMBER, ("east",))
    desk.enrolment.seen("yard-3")
    assert why(asked(desk, ticket, key)) == "unknown"
    kept = desk.tickets.find(ticket.id)
    assert kept is not None
    assert kept.secret == b"", "nothing that two know is left"


def test_wrong_digits_let_nobody_in(desk: Desk) -> None:
    """Who copied the ticket and was first has other digits than the box that waits; and that box is told."""
    ticket = desk.enrolment.invite("yard-3", "三号院", (), ("a",))
    thief, box = certificates.new_key(), certificates.new_key()
    assert isinstance(asked(desk, ticket, thief), Waiting)
    assert why(asked(desk, ticket, box)) == "used"
    with pytest.raises(NothingAsked):
        desk.enrolment.confirm("yard-3", digits_of(ticket, box))
    desk.enrolment.refuse("yard-3")
    assert why(asked(desk, ticket, thief)) == "refused"
    assert desk.devices.one("yard-3").standing is Standing.INVITED


def test_without_the_secret_there_is_no_way_in(desk: Desk) -> None:
    """A wrong proof is answered as an unknown ticket is, and after some the ticket is void for its owner too."""
    ticket, key = desk.enrolment.invite("yard-3", "三号院", (), ("a",)), certificates.new_key()
    for _ in range(MOST_WRONG):
        assert why(asked(desk, ticket, key, secret=bytes(16))) == "unknown"
    assert why(asked(desk, ticket, key)) == "unknown"
    assert desk.enrolment.asking() == ()


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 9000, b"\xff" * 100, b'{"ticket":"x"}'])
def test_noise_is_malformed(desk: Desk, content: bytes) -> None:
    """Anybody on the LAN may send anything."""
    assert why(desk.enrolment.answer(content)) == "malformed"


def test_a_request_of_another_kind_of_key_is_malformed(desk: Desk) -> None:
    """Though the proof is right."""
    ticket = desk.enrolment.invite("yard-3", "三号院", (), ("a",))
    ask = Ask(ticket=ticket.id, request=b"noise", proof=proof_of(ticket.secret, ticket.id, b"noise"))
    assert why(desk.enrolment.answer(msgspec.json.encode(ask))) == "malformed"


def test_a_ticket_holds_for_a_day(desk: Desk) -> None:
    """For asking, and for confirming."""
    ticket, key = desk.enrolment.invite("yard-3", "三号院", (), ("a",)), certificates.new_key()
    desk.clock.advance(24 * 3600 - 1)
    assert isinstance(asked(desk, ticket, key), Waiting)
    desk.clock.advance(1)
    with pytest.raises(NothingAsked, match="过期"):
        desk.enrolment.confirm("yard-3", digits_of(ticket, key))
    other = desk.enrolment.invite("yard-4", "四号院", (), ("a",))
    desk.clock.advance(24 * 3600)
    assert why(asked(desk, other, key)) == "expired"


def test_a_new_ticket_voids_the_one_before(desk: Desk) -> None:
    """One lost on the way opens nothing."""
    first = desk.enrolment.invite("yard-3", "三号院", (), ("a",))
    second = desk.enrolment.invite("yard-3", "三号院", (), ("a",))
    assert why(asked(desk, first, certificates.new_key())) == "unknown"
    assert isinstance(asked(desk, second, certificates.new_key()), Waiting)


def test_a_box_that_takes_anothers_place_revokes_its_certificate(desk: Desk) -> None:
    """The old one is a member until the new one is confirmed, and no moment longer."""
    old, new = certificates.new_key(), certificates.new_key()
    for key in (old, new):
        ticket = desk.enrolment.invite("yard-3", "三号院", (), ("a",))
        before = desk.devices.one("yard-3")
        asked(desk, ticket, key)
        assert desk.devices.one("yard-3") == before
        desk.enrolment.confirm("yard-3", digits_of(ticket, key))
    assert desk.revocations[-1] == (int(before.serial, 16),)
    now = desk.devices.one("yard-3")
    assert not desk.devices.is_let_in("yard-3", before.serial)
    assert desk.devices.is_let_in("yard-3", now.serial)


def test_who_is_lost_is_not_let_in_and_may_be_invited_anew(desk: Desk) -> None:
    """Its serial is on the list; its ticket is void."""
    ticket, key = desk.enrolment.invite("yard-3", "三号院", (), ("a",)), certificates.new_key()
    asked(desk, ticket, key)
    desk.enrolment.confirm("yard-3", digits_of(ticket, key))
    serial = desk.devices.lose("yard-3", NOW).serial
    assert desk.devices.revoked() == (int(serial, 16),)
    assert not desk.devices.is_let_in("yard-3", serial)
    assert why(asked(desk, ticket, key)) == "unknown"
    desk.enrolment.invite("yard-3", "三号院", (), ("a",))
    assert desk.devices.one("yard-3").standing is Standing.INVITED
    with pytest.raises(NoSuchZone):
        desk.devices.lose("nobody", NOW)


@pytest.mark.parametrize("name", ["hub", "all", "here", "A", "a b", "", "a" * 33])
def test_a_name_that_means_something_else_is_refused(desk: Desk, name: str) -> None:
    """Before any ticket is made."""
    with pytest.raises(NameUnfit):
        desk.enrolment.invite(name, "x", (), ("a",))
