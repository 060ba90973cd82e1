"""A box's side of joining, with a hub that is asked in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from fleet.enrol import certificates
from fleet.enrol.asking import Answer, Ask, Rejected, Waiting, Welcome
from fleet.enrol.authority import Authority
from fleet.enrol.joining import HubFalse, Joining, JoinRefused
from fleet.enrol.membership import KEY, leave, read_membership
from fleet.enrol.ticket import Ticket, TicketInvalid, encode_ticket, proof_of, six_digits
from fleet.wire.trusted import sign_key_set
from tests.fakes import SetClock
from tests.fleet.enrol.test_ticket import TICKET
from tests.fleet.wire.orders import KEYS, ROOT, STRANGER

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
OURS = Ticket(**{name: getattr(TICKET, name) for name in TICKET.__struct_fields__} | {"root": ROOT.public.raw})


class OneHub:
    """Gives the answers that it was told to, in turn, and keeps what it was asked."""

    def __init__(self, root: object = ROOT) -> None:
        self.authority = Authority.new()
        self.asked: list[Ask] = []
        self.answers: list[Answer | None] = []
        self._root = root

    def ask(self, ticket: Ticket, question: Ask) -> tuple[Answer, bytes]:
        """Answer; with a welcome where None was told."""
        self.asked.append(question)
        answer = self.answers.pop(0)
        return answer if answer is not None else self._welcome(question), self.authority.pem

    def _welcome(self, question: Ask) -> Welcome:
        return Welcome(
            name="yard-3",
            zone="三号院",
            certificate=self.authority.sign_device(question.request, "yard-3").pem,
            keys=sign_key_set(KEYS, self._root),  # type: ignore[arg-type]  # a key
            broker_port=8883,
        )


def joining(folder: Path, hub: OneHub) -> Joining:
    """Return a box that joins."""
    return Joining(folder, hub, SetClock(NOW), "1.0")


def test_it_asks_until_it_is_let_in(tmp_path: Path) -> None:
    """Two waits, a power cut between them, and the same key, digits and ticket; then it is a member."""
    hub = OneHub()
    hub.answers = [Waiting(), Waiting(), None]
    begun = joining(tmp_path, hub).begin(encode_ticket(OURS))
    assert joining(tmp_path, hub).ask() is None
    again = joining(tmp_path, hub)
    assert again.pending() == begun
    assert again.ask() is None
    membership = again.ask()
    assert membership is not None
    assert membership == read_membership(tmp_path)
    assert (membership.name, membership.broker_port, membership.root) == ("yard-3", 8883, ROOT.public.raw)
    keys = {certificates.public_der(certificates.key_in_request(one.request)) for one in hub.asked}
    assert len(keys) == 1
    assert six_digits(OURS.secret, keys.pop(), OURS.root) == begun.digits
    assert hub.asked[0].proof == proof_of(OURS.secret, OURS.id, hub.asked[0].request)
    assert joining(tmp_path, hub).pending() is None
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600


def test_who_begins_again_with_the_same_ticket_goes_on(tmp_path: Path) -> None:
    """A terminal that was closed meanwhile is no other box: same key, same digits. With another ticket it is anew."""
    box = joining(tmp_path, OneHub())
    begun = box.begin(encode_ticket(OURS))
    assert box.begin(encode_ticket(OURS)) == begun
    other = msgspec.structs.replace(OURS, secret=bytes(16))
    assert box.begin(encode_ticket(other)).digits != begun.digits


def test_keys_of_another_root_make_no_member(tmp_path: Path) -> None:
    """Even if whoever answers has the authority's key: the root's is on the ticket."""
    hub = OneHub(root=STRANGER)
    hub.answers = [None]
    box = joining(tmp_path, hub)
    box.begin(encode_ticket(OURS))
    with pytest.raises(HubFalse):
        box.ask()
    assert read_membership(tmp_path) is None


def test_a_refusal_is_told_in_the_hubs_words(tmp_path: Path) -> None:
    """Such as a ticket that somebody else has used."""
    hub = OneHub()
    hub.answers = [Rejected(why="used", zh="用过了", en="used")]
    box = joining(tmp_path, hub)
    box.begin(encode_ticket(OURS))
    with pytest.raises(JoinRefused, match="用过了"):
        box.ask()
    box.give_up()
    assert box.pending() is None


def test_what_was_begun_and_is_damaged_is_not_begun(tmp_path: Path) -> None:
    """Another ticket takes a minute; and a ticket that is none begins nothing."""
    box = joining(tmp_path, OneHub())
    with pytest.raises(TicketInvalid):
        box.begin(b"{}")
    assert box.pending() is None
    box.begin(encode_ticket(OURS))
    (tmp_path / "pending-key.pem").write_bytes(b"rubble")
    assert box.pending() is None


def test_who_leaves_has_nothing_left(tmp_path: Path) -> None:
    """Neither the key nor the keys of the hub."""
    hub = OneHub()
    hub.answers = [None]
    box = joining(tmp_path, hub)
    box.begin(encode_ticket(OURS))
    box.ask()
    leave(tmp_path)
    assert list(tmp_path.iterdir()) == []
