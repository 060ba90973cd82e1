"""The hub's side of joining: it makes tickets, answers who asks with one, and lets in whom somebody has confirmed."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from box.clock import Clock
from box.sentences import Sentence, XiaolabaError
from fleet.enrol import certificates
from fleet.enrol.asking import Answer, Ask, Rejected, Waiting, Welcome, decode_ask
from fleet.enrol.authority import Authority
from fleet.enrol.ticket import SECRET_BYTES, VALID_HOURS, Ticket, proof_of, six_digits
from fleet.hub.devices import Devices
from fleet.hub.tickets import Kept, Tickets, TicketStanding
from fleet.wire.keys import PublicKey

MOST_WRONG = 10  # of 2**128: nobody guesses; who tries at all has half of a ticket

Why = Literal["unknown", "used", "expired", "refused", "malformed", "busy"]
_REJECTED: dict[Why, Sentence] = {
    "unknown": Sentence(
        "入网票不对或已作废，请在总站重新生成", "this ticket is wrong or void: have the hub make another"
    ),
    "used": Sentence(
        "这张入网票已被另一台设备用过。如果不是您用的，请告诉总站",
        "another box has used this ticket. If that was not you, tell the hub",
    ),
    "expired": Sentence("入网票已过期，请在总站重新生成", "this ticket has expired: have the hub make another"),
    "refused": Sentence("总站没有同意这台设备入网", "the hub did not let this box in"),
    "malformed": Sentence("入网请求看不懂，请升级小喇叭", "the request is not understood: upgrade this box"),
    "busy": Sentence("总站正忙，请稍后再试", "the hub is busy: try again later"),
}


class NothingAsked(XiaolabaError):
    """There is nobody to confirm, or the digits are not those of who asks."""


@dataclass(frozen=True)
class Asking:
    """A box that wants in: its name, the digits it must show, and until when it can be let in."""

    device: str
    digits: str
    version: str
    expires: datetime


class Enrolment:
    """``revoke`` is called when a certificate counts no more, because another box has taken a name over."""

    def __init__(
        self,
        devices: Devices,
        tickets: Tickets,
        *,
        authority: Authority,
        root: PublicKey,
        keys: Path,
        ports: tuple[int, int],
        clock: Clock,
        randomness: Callable[[int], bytes],
        revoke: Callable[[], None],
    ) -> None:
        self._devices = devices
        self._tickets = tickets
        self._authority = authority
        self._root = root
        self._keys = keys
        self._https_port, self._broker_port = ports
        self._clock = clock
        self._randomness = randomness
        self._revoke = revoke

    def invite(self, name: str, zone: str, groups: tuple[str, ...], hosts: tuple[str, ...]) -> Ticket:
        """Return a new ticket for ``name``, in place of any it had. Raises NameUnfit."""
        now = self._clock.now()
        self._devices.invite(name, zone, groups, now)
        ticket = Ticket(
            hosts=hosts,
            port=self._https_port,
            authority=self._authority.fingerprint,
            root=self._root.raw,
            id=self._randomness(8).hex(),
            secret=self._randomness(SECRET_BYTES),
            name=name,
            zone=zone,
            expires=now + timedelta(hours=VALID_HOURS),
        )
        self._tickets.make(ticket.id, name, ticket.secret, ticket.expires)
        return ticket

    def answer(self, content: bytes) -> Answer:
        """Return the answer to a box's question, which anybody on the LAN may have sent."""
        try:
            ask = decode_ask(content)
        except (ValueError, RecursionError):
            return _rejected("malformed")
        ticket = self._tickets.find(ask.ticket)
        if ticket is None or ticket.standing is TicketStanding.VOID:
            return _rejected("unknown")
        if not hmac.compare_digest(proof_of(ticket.secret, ticket.id, ask.request), ask.proof):
            self._tickets.note_wrong(ticket.id, MOST_WRONG)
            return _rejected("unknown")
        try:
            public = certificates.public_der(certificates.key_in_request(ask.request))
        except ValueError:
            return _rejected("malformed")
        if ticket.standing is TicketStanding.OPEN:
            if self._clock.now() >= ticket.expires:
                return _rejected("expired")
            self._tickets.ask(ticket.id, public, ask.request, ask.version)
            ticket = self._tickets.find(ask.ticket) or ticket
        return self._stands(ticket, public, ask)

    def asking(self) -> tuple[Asking, ...]:
        """Return the boxes that somebody here is to look at."""
        return tuple(
            Asking(ticket.device, self._digits(ticket), ticket.version, ticket.expires)
            for ticket in self._tickets.current()
            if ticket.standing is TicketStanding.ASKED
        )

    def tickets_until(self) -> dict[str, datetime]:
        """Return until when the ticket of each device that has one holds."""
        return {ticket.device: ticket.expires for ticket in self._tickets.current()}

    def confirm(self, name: str, digits: str) -> None:
        """Let in the box that asked as ``name``, if ``digits`` are those it must show. Raises NothingAsked."""
        ticket = self._asked(name)
        if not hmac.compare_digest(digits.replace(" ", "").encode(), self._digits(ticket).encode()):
            raise NothingAsked(
                "六位数字对不上。两边不一样就不要同意，请重新生成入网票",
                "these are not the digits. If the two screens differ don't confirm: make another ticket",
            )
        signed = self._authority.sign_device(ticket.request, name)
        with self._tickets.together():
            self._tickets.confirm(ticket.id, signed.pem)
            self._devices.admit(name, f"{signed.serial:x}", self._clock.now())
        self._revoke()

    def refuse(self, name: str) -> None:
        """Turn away the box that asked as ``name``. Raises NothingAsked."""
        self._tickets.refuse(self._asked(name).id)

    def seen(self, name: str) -> None:
        """Void the ticket of ``name``, which has been heard by its certificate."""
        self._tickets.use_up(name)

    def _stands(self, ticket: Kept, public: bytes, ask: Ask) -> Answer:
        if ticket.public != public:
            return _rejected("used")
        if ticket.standing is TicketStanding.ASKED:
            return Waiting()
        if ticket.standing is TicketStanding.REFUSED:
            return _rejected("refused")
        return Welcome(
            name=ticket.device,
            zone=self._devices.one(ticket.device).zone,
            certificate=ticket.certificate,
            keys=self._keys.read_bytes(),
            broker_port=self._broker_port,
        )

    def _asked(self, name: str) -> Kept:
        ticket = self._tickets.of_device(name)
        if ticket is None or ticket.standing is not TicketStanding.ASKED:
            raise NothingAsked(f"“{name}”没有来申请入网", f"“{name}” has not asked to join")
        if self._clock.now() >= ticket.expires:
            raise NothingAsked("入网票已过期，请重新生成", "the ticket has expired: make another")
        return ticket

    def _digits(self, ticket: Kept) -> str:
        return six_digits(ticket.secret, ticket.public, self._root.raw)


def _rejected(why: Why) -> Rejected:
    return Rejected(why=why, zh=_REJECTED[why].zh, en=_REJECTED[why].en)
