"""Joining by the panel: a ticket that a person has handed in there is followed until the hub lets this box in."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from box.clock import Clock
from box.durable import replace_file
from box.sentences import Sentence
from fleet.agent.standing import JOIN_TICKET, STANDING, Standing, standing_in, write_standing
from fleet.agent.states import State
from fleet.enrol.joining import HubFalse, HubNotReached, Joining, JoinRefused, Pending
from fleet.enrol.membership import is_damaged
from fleet.enrol.ticket import LARGEST_BYTES, TicketInvalid
from programme.foreign import read_foreign
from programme.publication import PublicationInvalid

DONE = "ticket.done"  # the hash of the last ticket that came to an end: it is not begun again
_OF_A_MEMBER = frozenset({State.JOINED, State.OFFLINE})


class Enrolling:
    """Looks at ``panel/join-ticket.json``; ``step`` asks the hub once. ``room`` is the agent's."""

    def __init__(self, room: Path, panel: Path, joining: Joining, clock: Clock) -> None:
        self._room = room
        self._panel = panel
        self._joining = joining
        self._clock = clock

    def step(self) -> None:
        """Begin, ask, or give up, as the panel's file says. Raises OSError."""
        content = self._ticket()
        if content is None:
            self._give_up()
            return
        digest = hashlib.sha256(content).hexdigest()
        if digest == self._done():
            self._tell_damage()
            return
        self._room.mkdir(parents=True, exist_ok=True)
        try:
            pending = self._joining.begin(content)
            self._tell(pending, None)
            if self._joining.ask() is not None:
                self._end(digest)
        except HubNotReached as error:
            self._tell(self._joining.pending(), error.sentence)
        except (TicketInvalid, JoinRefused, HubFalse) as error:
            self._joining.give_up()
            self._end(digest)
            self._tell(None, error.sentence)

    def _give_up(self) -> None:
        standing = standing_in(self._room)
        if is_damaged(self._room):
            self._joining.give_up()
            self._tell(None, None)
        elif standing is not None and standing.state in {State.ENROLLED, State.STANDALONE}:
            self._joining.give_up()
            (self._room / STANDING).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            (self._room / DONE).unlink()

    def _ticket(self) -> bytes | None:
        try:
            return read_foreign(self._panel, JOIN_TICKET, most_bytes=LARGEST_BYTES)
        except (FileNotFoundError, PublicationInvalid):
            return None

    def _done(self) -> str:
        try:
            return (self._room / DONE).read_text(encoding="ascii")
        except (FileNotFoundError, ValueError):
            return ""

    def _end(self, digest: str) -> None:
        replace_file(self._room / DONE, digest.encode())

    def _tell_damage(self) -> None:
        """Tell that it is a member no more, where it was one by this very ticket."""
        standing = standing_in(self._room)
        if is_damaged(self._room) and (standing is None or standing.state in _OF_A_MEMBER):
            self._tell(None, None)

    def _tell(self, pending: Pending | None, trouble: Sentence | None) -> None:
        had = standing_in(self._room)
        if pending is not None:
            ticket = pending.ticket
            standing = Standing(
                state=State.ENROLLED,
                name=ticket.name,
                zone=ticket.zone,
                hub=ticket.hosts[0],
                digits=pending.digits,
                since=self._clock.now(),
                trouble=trouble,
            )
        elif is_damaged(self._room):
            name, zone, hub = (had.name, had.zone, had.hub) if had is not None else ("", "", "")
            standing = Standing(
                state=State.DAMAGED,
                name=name,
                zone=zone,
                hub=hub,
                since=self._clock.now(),
                trouble=trouble or damaged_sentence(name),
            )
        else:
            standing = Standing(
                state=State.STANDALONE, name="", zone="", hub="", since=self._clock.now(), trouble=trouble
            )
        told = (standing.state, standing.digits, standing.trouble)
        if had is None or (had.state, had.digits, had.trouble) != told:
            write_standing(self._room, standing)


def damaged_sentence(name: str) -> Sentence:
    """Return what a person is to do about a membership that was put aside; ``name`` is the box's, where it is known."""
    zh, en = (f"，代号还用 {name}", f", as {name} again") if name else ("", "")
    return Sentence(
        "这台小喇叭的入网资料坏了，收不到总站的新内容，已有的照常播。"
        f"请在总站的“小区”里再添加它一次{zh}，把入网票交到这里",
        "this box's membership is damaged, so nothing new comes from the hub; what is here is aired as ever. "
        f"Add it once more on the hub's page of zones{en}, and hand in the ticket here",
    )
