"""The contacts' calls on the station's thread: said by way of the pages, within every limit, and on record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from box.clock import Clock
from box.settings import Contact
from speaker.airing import Outcome, Priority, Reason
from speaker.alarms import AlarmBoard, contact_chatters, contact_wire_fault
from speaker.asrun.database import LogUnwritable
from speaker.asrun.log import AsRunLog
from speaker.condition import ContactStatus
from speaker.contacts.call import Act, Call, Rules
from speaker.contacts.line import Chatter, Line
from speaker.on_air import OnAir
from speaker.paging import Pages
from speaker.protocol import Done, Play, Refused
from speaker.script import Asker, local_day, nothing_said, script_of_message
from speaker.words import contact_without_message

_NOTED = {
    Line.REST: Reason.CONTACT_AT_REST,
    Line.ACTIVE: Reason.CONTACT_ACTIVE,
    Line.CUT: Reason.CONTACT_CUT,
    Line.SHORT: Reason.CONTACT_SHORT,
}
_CALLED = (Reason.CONTACT_ACTIVE, Reason.CONTACT_AT_START)
_MOST_UNWRITTEN = 100
_LOUD_PERCENT = 100  # of what the installer allows, as the panel's emergencies are


@dataclass
class _Watched:
    """A contact and what is known of it. ``line`` is None before it is known; ``row`` is what says its message now."""

    contact: Contact
    line: Line | None = None
    call: Call = field(default_factory=Call)
    chatter: Chatter = field(default_factory=Chatter)
    row: int = 0
    refusals: set[Reason] = field(default_factory=set)
    hindrance: Reason = Reason.NONE
    signal_alone: bool = False
    active: datetime | None = None

    @property
    def rules(self) -> Rules:
        contact = self.contact
        return Rules(
            most=contact.most_repeats if contact.repeat else 1,
            gap_seconds=contact.gap_seconds,
            at_once=contact.ends == "at-once",
            from_start=self.is_emergency,
        )

    @property
    def is_emergency(self) -> bool:
        return self.contact.priority == "emergency"

    @property
    def asker(self) -> Asker:
        return Asker("contact", self.contact.name, self.contact.occasion)

    @property
    def believed(self) -> Line:
        """The line; while it chatters an emergency's counts as active, a page's as at rest."""
        if self.chatter.chatters:
            return Line.ACTIVE if self.is_emergency else Line.REST
        return self.line or Line.REST

    def state(self) -> Literal["none", "calling", "silenced", "used-up", "stuck"]:
        if self.call.is_stuck:
            return "stuck"
        if not self.call.stands:
            return "none"
        if self.call.silenced:
            return "silenced"
        return "used-up" if self.call.said >= self.rules.most and not self.call.saying else "calling"


class Calls:
    """Takes what the lines settle to, has the messages said, and writes both down. It is the station's alone."""

    def __init__(
        self,
        contacts: tuple[Contact, ...],
        *,
        pages: Pages,
        on_air: OnAir,
        log: AsRunLog,
        clock: Clock,
        alarms: AlarmBoard,
    ) -> None:
        self._pages = pages
        self._on_air = on_air
        self._log = log
        self._clock = clock
        self._alarms = alarms
        self._watched = {one.name: _Watched(one, active=log.last_noted(one.name, _CALLED)) for one in contacts}
        self._unwritten: list[Callable[[], None]] = []

    @property
    def is_busy(self) -> bool:
        """Whether a call stands or a contact chatters: then ``look`` is wanted now and then."""
        return bool(self._unwritten) or any(one.call.stands or one.chatter.chatters for one in self._watched.values())

    def line_is(self, name: str, line: Line) -> None:
        """Take note that the line of the contact ``name`` has settled to ``line``."""
        one, now = self._watched[name], self._clock.monotonic()
        first, one.line = one.line is None, line
        before = one.chatter
        if not first and line in {Line.REST, Line.ACTIVE}:
            one.chatter = before.changed(now)
        if not one.chatter.chatters:
            self._told(one, line, first=first)
        elif not before.chatters:
            self._alarms.put(_code(one, "wire"), contact_chatters(name))
            self._note(one, Reason.CONTACT_CHATTERS)
        self._believe(one, now)
        self.look()

    def look(self) -> None:
        """See which messages have ended, and say those that are due."""
        with suppress(LogUnwritable):  # the station tells; it is written at a later look
            self._write()
        begun, now = False, self._clock.monotonic()
        for one in self._watched.values():
            calm = one.chatter.passed(now)
            if one.chatter.chatters and not calm.chatters and one.line is not None:
                one.chatter = calm
                self._told(one, one.line, first=False)
                self._believe(one, now)
            self._see_its_end(one, now)
            if one.call.is_due(one.rules, now):
                begun |= self._say(one, now)
        if begun:
            self._on_air.look()

    def look_at_messages(self) -> None:
        """Raise an alarm for each contact whose message is not on air, or not today."""
        publication = self._on_air.publication
        for one in self._watched.values():
            if publication is None or self._title(one):
                self._alarms.clear(_code(one, "message"))
            else:
                self._alarms.put(_code(one, "message"), contact_without_message(one.contact))

    def silence(self) -> None:
        """Say no more of the calls that stand: a person pressed stop. A contact that calls anew is heard again."""
        for one in self._watched.values():
            if one.call.stands and not one.call.silenced:
                one.call = one.call.silence()
                if not one.call.saying:  # else the row of what sounds says so
                    self._note(one, Reason.STOPPED)

    def status(self) -> tuple[ContactStatus, ...]:
        """Return how each contact stands, in the order of the settings."""
        return tuple(
            ContactStatus(
                name=one.contact.name,
                message=one.contact.message,
                title=self._title(one),
                priority=one.contact.priority,
                line=one.line.value if one.line else "unknown",
                chatters=one.chatter.chatters,
                call=one.state(),
                said=one.call.said,
                most=one.rules.most,
                hindrance=one.hindrance if one.call.stands else Reason.NONE,
                active=one.active,
                wants_testing=self._wants_testing(one),
            )
            for one in self._watched.values()
        )

    def _told(self, one: _Watched, line: Line, *, first: bool) -> None:
        """Write down what the line has become, and raise or clear the alarm about its wires."""
        if line in {Line.CUT, Line.SHORT}:
            self._alarms.put(_code(one, "wire"), contact_wire_fault(one.contact.name, cut=line is Line.CUT))
        else:
            self._alarms.clear(_code(one, "wire"))
        if first and line is Line.REST:
            return  # as it should be
        if line is Line.ACTIVE:
            one.active = self._clock.now()
        self._note(one, Reason.CONTACT_AT_START if first and line is Line.ACTIVE else _NOTED[line])

    def _believe(self, one: _Watched, now: float) -> None:
        stood = one.call.stands
        one.call, act = one.call.line_is(one.believed, one.rules, now)
        if one.call.stands and not stood:
            one.refusals, one.hindrance, one.signal_alone = set(), Reason.NONE, False
        if act is Act.STOP:
            self._on_air.stop_row(one.row, Reason.CONTACT_AT_REST)

    def _see_its_end(self, one: _Watched, now: float) -> None:
        end = self._log.end_of(one.row) if one.call.saying else None
        if end is None:
            return
        outcome, reason = end
        if outcome in {Outcome.MISSED, Outcome.REFUSED} and reason not in {Reason.CLIP_DAMAGED, Reason.STOPPED}:
            one.hindrance = reason  # it waited for its turn, and something came between
            one.call = one.call.refused(now)
            return
        one.call = one.call.ended(one.rules, now, by_person=reason is Reason.STOPPED)
        if reason is Reason.CLIP_DAMAGED and one.is_emergency and not one.signal_alone and one.call.stands:
            one.signal_alone = True
            one.call = one.call.at_once(now)

    def _say(self, one: _Watched, now: float) -> bool:
        contact = one.contact
        request = Play(
            message=contact.message,
            priority=contact.priority,
            repeat=1,
            volume_percent=_LOUD_PERCENT if one.is_emergency else None,
            occasion=contact.occasion,
        )
        one.call = one.call.refused(now)  # whatever comes of it, the next attempt is not at once
        reply = self._pages.call(request, one.asker, one.refusals, signal_alone=one.signal_alone)
        if isinstance(reply, Refused):
            one.refusals.add(reply.reason)
            one.hindrance = reply.reason
            return False
        one.hindrance = Reason.NONE
        if isinstance(reply, Done):
            one.row = reply.airing or 0
            one.call = one.call.begun()
        return True

    def _title(self, one: _Watched) -> str:
        """Return the title of its message, empty where that is not on air today."""
        publication = self._on_air.publication
        if publication is None:
            return ""
        today = local_day(publication, self._clock.now())
        script = script_of_message(publication, one.contact.message, today, Priority.PAGE)
        return script.messages[0].title if script is not None and script.messages else ""

    def _wants_testing(self, one: _Watched) -> bool:
        days = one.contact.test_every_days
        return bool(days) and (one.active is None or self._clock.now() - one.active > timedelta(days=days))

    def _note(self, one: _Watched, reason: Reason) -> None:
        priority = Priority.EMERGENCY if one.is_emergency else Priority.PAGE
        if len(self._unwritten) < _MOST_UNWRITTEN:
            self._unwritten.append(
                lambda: self._on_air.not_sounded(nothing_said(priority), one.asker, Outcome.NOTED, reason)
            )
        with suppress(LogUnwritable):  # the station tells; it is written at a later look
            self._write()

    def _write(self) -> None:
        while self._unwritten:
            self._unwritten[0]()
            self._unwritten.pop(0)


def _code(one: _Watched, what: Literal["wire", "message"]) -> str:
    return f"contact-{what}-{one.contact.pin}"
