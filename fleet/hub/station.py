"""The hub's acts: each request of the panel and the verbs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from box.clock import Clock
from box.sentences import XiaolabaError
from fleet.enrol.ticket import encode_ticket
from fleet.hub import protocol as p
from fleet.hub import urgent_protocol as u
from fleet.hub.devices import Devices, Standing
from fleet.hub.enrolling import Enrolment
from fleet.hub.inbox import Inbox
from fleet.hub.issuer import Issuer
from fleet.hub.listening import Listening, is_online
from fleet.hub.outbox import Outbox
from fleet.hub.said_alike import revisions, said_alike
from fleet.hub.speaking import Speaking
from fleet.wire.documents import SharedProgramme
from fleet.wire.keys import SigningKey
from fleet.wire.topics import Inward


@dataclass(frozen=True)
class Parts:
    """What the station works with."""

    devices: Devices
    inbox: Inbox
    outbox: Outbox
    enrolment: Enrolment
    issuer: Issuer
    speaking: Speaking
    listening: Listening


class Station:
    """``about`` tells of the hub itself; ``greet`` and ``expel`` are the broker's gate (``fleet.hub.gate``)."""

    def __init__(
        self,
        parts: Parts,
        *,
        key: Callable[[], SigningKey],
        hosts: Callable[[], tuple[str, ...]],
        about: Callable[[], p.HubState],
        greet: Callable[[str], None],
        expel: Callable[[str], None],
        clock: Clock,
    ) -> None:
        self._parts = parts
        self._key = key
        self._hosts = hosts
        self._about = about
        self._greet = greet
        self._expel = expel
        self._clock = clock

    def answer(self, request: p.Request) -> p.Reply:
        """Do what is asked. What a person has to know comes back as Refused."""
        try:
            return self._asked(request) or self._done(request)
        except XiaolabaError as error:
            return p.Refused(zh=error.sentence.zh, en=error.sentence.en)
        except OSError as error:
            return p.Refused(
                zh=f"总站的存储读写不了（{error.strerror}），请检查存储卡",
                en=f"the hub's storage can't be read or written ({error.strerror}): check it",
            )

    def _asked(self, request: p.Request) -> p.Reply | None:  # noqa: PLR0911 - a line for each question
        parts = self._parts
        match request:
            case p.AskZones():
                return self.zones()
            case p.AskIssued():
                return self._issued(request.name)
            case p.AskAllIssued():
                return said_alike(parts.outbox, parts.issuer.waiting_of)
            case u.AskUrgent():
                return parts.speaking.stands(request.urgent)
            case p.AskReports():
                return p.Reports(reports=parts.inbox.reports_of_device(request.name, request.most))
            case p.AskRecords():
                return self._records(request)
            case p.AskProposals():
                return p.Proposals(proposals=parts.inbox.proposals())
            case p.Invite():
                ticket = parts.enrolment.invite(request.name, request.zone, request.groups, self._hosts())
                return p.Invited(ticket=encode_ticket(ticket).decode(), expires=ticket.expires)
            case u.PrepareUrgent():
                return parts.speaking.prepare(request)
            case u.SayUrgent():
                return parts.speaking.say(request)
            case _:
                return None

    def _done(self, request: p.Request) -> p.Done:
        parts = self._parts
        match request:
            case p.Confirm():
                had = parts.devices.one(request.name).serial
                parts.enrolment.confirm(request.name, request.digits)
                if had:
                    self._expel(request.name)  # the box whose place it takes
                self._greet(request.name)
                parts.issuer.issue_all()
            case p.TurnAway():
                parts.enrolment.refuse(request.name)
            case p.Lose():
                parts.devices.lose(request.name, self._clock.now())
                self._expel(request.name)
            case p.Arrange():
                parts.devices.arrange(
                    request.name, zone=request.zone, groups=request.groups, volume_percent=request.volume_percent
                )
                parts.issuer.issue_to(request.name)  # many are arranged at once: the volumes of a town
            case p.Refresh():
                parts.issuer.issue_all()
            case u.StopUrgent():
                parts.speaking.stop(request)
            case p.AnswerProposal():
                self._answer_proposal(request)
        return p.Done()

    def zones(self) -> p.Zones:
        """Return how all zones are."""
        parts, now = self._parts, self._clock.now()
        states = parts.inbox.states()
        asking = {one.device: one.digits for one in parts.enrolment.asking()}
        until = parts.enrolment.tickets_until()
        ordered = revisions(parts.outbox)
        found = []
        for device in parts.devices.all():
            state, heard = states.get(device.name, (None, None))
            found.append(
                p.Zone(
                    name=device.name,
                    zone=device.zone,
                    groups=device.groups,
                    volume_percent=device.volume_percent,
                    standing=device.standing,
                    since=device.since,
                    online=device.standing is Standing.MEMBER and is_online(state, heard, now),
                    state=state,
                    heard=heard,
                    digits=asking.get(device.name),
                    ticket_until=until.get(device.name),
                    ordered=ordered.get(device.name, ""),
                    waiting=parts.issuer.waiting_of(device.name),
                    fault=parts.listening.fault_of(device.name),
                )
            )
        return p.Zones(hub=self._about(), zones=tuple(found))

    def _issued(self, name: str) -> p.Issued:
        self._parts.devices.one(name)
        last = self._parts.outbox.last(name, Inward.PROGRAMME)
        waiting = self._parts.issuer.waiting_of(name)
        if last is None or not isinstance(last[0], SharedProgramme):
            return p.Issued(programme=None, issued=None, waiting=waiting)
        return p.Issued(programme=last[0], issued=last[1], waiting=waiting)

    def _records(self, request: p.AskRecords) -> p.Records:
        found = self._parts.inbox.airings(request.first, request.last, request.name, request.after, request.most)
        return p.Records(airings=found.airings, newer=found.newer, more=found.more)

    def _answer_proposal(self, request: p.AnswerProposal) -> None:
        answered = self._parts.inbox.answer(
            request.name, request.proposal, adopted=request.adopted, words=request.words, now=self._clock.now()
        )
        if answered:
            self._parts.outbox.order(request.name, self._parts.inbox.answers(request.name), self._key())
