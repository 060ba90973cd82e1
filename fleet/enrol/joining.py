"""A box's side of joining: it makes its key, asks, shows six digits, and has its membership when the hub says so."""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from box.clock import Clock
from box.durable import replace_file, sync_folder
from box.sentences import XiaolabaError
from fleet.enrol import certificates, contexts
from fleet.enrol.asking import (
    AUTHORITY_PATH,
    ENROL_PATH,
    LARGEST_BYTES,
    Answer,
    Ask,
    Rejected,
    Waiting,
    Welcome,
    decode_answer,
)
from fleet.enrol.authority import fingerprint_of
from fleet.enrol.membership import Membership, write_membership
from fleet.enrol.ticket import Ticket, decode_ticket, encode_ticket, proof_of, six_digits
from fleet.wire.keys import PublicKey
from fleet.wire.refusals import EnvelopeRefused
from fleet.wire.trusted import Trusted

TICKET, PENDING_KEY = "ticket.json", "pending-key.pem"
TIMEOUT_SECONDS = 10.0


class HubNotReached(XiaolabaError):
    """None of the hub's addresses answers, or not as a hub does. It may be tried again."""


class JoinRefused(XiaolabaError):
    """The hub will not have this box with this ticket."""


class HubFalse(XiaolabaError):
    """Who answers at the hub's address is not the hub of the ticket."""


class Hub(Protocol):
    """The hub as a box that joins asks it."""

    def ask(self, ticket: Ticket, question: Ask) -> tuple[Answer, bytes]:
        """Return its answer, and the PEM of its authority. Raises HubNotReached, HubFalse."""
        ...


@dataclass(frozen=True)
class Pending:
    """A joining that has begun: its ticket, and the digits that both screens show."""

    ticket: Ticket
    digits: str


class Joining:
    """Joins in ``folder``, the agent's room. What was begun survives a power cut, and goes on with the same digits."""

    def __init__(self, folder: Path, hub: Hub, clock: Clock, version: str) -> None:
        self._folder = folder
        self._hub = hub
        self._clock = clock
        self._version = version

    def begin(self, content: bytes) -> Pending:
        """Begin with the ticket in ``content``, in place of another that was begun. Raises TicketInvalid, OSError.

        With the very ticket that was begun it goes on: a new key would be another box to the hub, which lets in one.
        No clock is asked whether the ticket still holds: this box may have none, and the hub has.
        """
        ticket = decode_ticket(content)
        pending = self.pending()
        if pending is not None and pending.ticket == ticket:
            return pending
        self._folder.mkdir(parents=True, exist_ok=True)
        key = certificates.new_key()
        replace_file(self._folder / PENDING_KEY, certificates.key_pem(key), mode=0o600)
        replace_file(self._folder / TICKET, encode_ticket(ticket), mode=0o600)
        return _pending(ticket, key)

    def pending(self) -> Pending | None:
        """Return what was begun and has not ended, None if nothing. Raises OSError."""
        begun = self._begun()
        return _pending(*begun) if begun is not None else None

    def ask(self) -> Membership | None:
        """Ask the hub once. Return the membership when it has let this box in, None while somebody has to confirm.

        Raises HubNotReached (ask again later), JoinRefused and HubFalse (it is over: a new ticket is needed), OSError.
        """
        begun = self._begun()
        if begun is None:
            raise JoinRefused("还没有入网票", "there is no ticket yet")
        ticket, key = begun
        request = certificates.request_for(key)
        question = Ask(
            ticket=ticket.id,
            request=request,
            proof=proof_of(ticket.secret, ticket.id, request),
            version=self._version,
        )
        answer, authority = self._hub.ask(ticket, question)
        match answer:
            case Waiting():
                return None
            case Rejected():
                raise JoinRefused(answer.zh, answer.en)
            case Welcome():
                return self._join(ticket, key, answer, authority)

    def give_up(self) -> None:
        """Forget what was begun. Raises OSError."""
        for name in (TICKET, PENDING_KEY):
            (self._folder / name).unlink(missing_ok=True)
        sync_folder(self._folder)

    def _join(self, ticket: Ticket, key: certificates.PrivateKey, welcome: Welcome, authority: bytes) -> Membership:
        try:
            Trusted(PublicKey(ticket.root)).with_newer(welcome.keys)
        except EnvelopeRefused as error:
            raise HubFalse(
                "总站的钥匙不是入网票上的，没有入网",
                "the hub's keys are not those of the ticket: this box did not join",
            ) from error
        membership = Membership(
            name=welcome.name,
            zone=welcome.zone,
            hosts=ticket.hosts,
            port=ticket.port,
            broker_port=welcome.broker_port,
            root=ticket.root,
            joined=self._clock.now(),
        )
        write_membership(
            self._folder,
            membership,
            key=certificates.key_pem(key),
            certificate=welcome.certificate,
            authority=authority,
            keys=welcome.keys,
        )
        self.give_up()
        return membership

    def _begun(self) -> tuple[Ticket, certificates.PrivateKey] | None:
        try:
            ticket = decode_ticket((self._folder / TICKET).read_bytes())
            return ticket, certificates.read_key_pem((self._folder / PENDING_KEY).read_bytes())
        except (FileNotFoundError, ValueError, XiaolabaError):
            return None  # damaged counts as not begun: another ticket is made in a minute


class HttpsHub:
    """The hub over the network: its authority is fetched, held against the ticket, and then nobody else is believed."""

    def ask(self, ticket: Ticket, question: Ask) -> tuple[Answer, bytes]:
        """Ask at each of the ticket's addresses until one answers. Raises HubNotReached, HubFalse."""
        missed: OSError | None = None
        false: HubFalse | None = None
        for host in ticket.hosts:
            try:
                authority = _fetched((host, ticket.port), contexts.unknown_hub(), "GET", AUTHORITY_PATH)
                if not _is(authority, ticket.authority):
                    false = HubFalse(
                        f"{host} 不是入网票上的总站，没有入网",
                        f"{host} is not the hub of the ticket: this box did not join",
                    )
                    continue
                body = msgspec.json.encode(question)
                believed = contexts.hub_of(authority.decode("ascii"))
                answer = decode_answer(_fetched((host, ticket.port), believed, "POST", ENROL_PATH, body))
                return answer, authority
            except (http.client.HTTPException, ValueError, RecursionError) as error:
                missed = OSError(str(error))
            except OSError as error:  # ssl.SSLError too
                missed = error
        if false is not None and missed is None:
            raise false
        raise HubNotReached(
            f"连不上总站（{missed}），请检查网络，会自动再试",
            f"the hub can't be reached ({missed}): check the network; it is tried again",
        )


def _is(authority: bytes, fingerprint: bytes) -> bool:
    try:
        return fingerprint_of(authority) == fingerprint
    except ValueError:
        return False


def _fetched(
    address: tuple[str, int], context: ssl.SSLContext, method: str, path: str, body: bytes | None = None
) -> bytes:
    connection = http.client.HTTPSConnection(*address, context=context, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, path, body=body)
        content = connection.getresponse().read(LARGEST_BYTES + 1)
    finally:
        connection.close()
    if len(content) > LARGEST_BYTES:
        raise ValueError("the answer is too large")
    return content


def _pending(ticket: Ticket, key: certificates.PrivateKey) -> Pending:
    public = certificates.public_der(key.public_key())
    return Pending(ticket, six_digits(ticket.secret, public, ticket.root))
