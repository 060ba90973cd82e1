"""The hub of the tests at a socket, for a panel that runs as a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from box.sentences import XiaolabaError
from fleet.hub import protocol as p
from fleet.hub.socket_server import HubSocket
from tests.web.zones.fake_hub import FakeHub


@contextmanager
def served(hub: FakeHub, path: Path) -> Iterator[None]:
    """Answer at ``path`` as ``hub`` does, until this is left."""
    socket = HubSocket(path, lambda request: answer_of(hub, request), None)
    socket.start()
    try:
        yield
    finally:
        socket.close()


def answer_of(hub: FakeHub, request: p.Request) -> p.Reply:
    """Return what ``hub`` answers."""
    try:
        return _asked(hub, request) or _done(hub, request)
    except XiaolabaError as error:
        return p.Refused(zh=error.sentence.zh, en=error.sentence.en)


def _asked(hub: FakeHub, request: p.Request) -> p.Reply | None:  # noqa: PLR0911 - a line for each question
    match request:
        case p.AskZones():
            return hub.zones()
        case p.AskIssued():
            return hub.issued(request.name)
        case p.AskUrgent():
            return hub.urgent(request.urgent)
        case p.AskReports():
            return hub.reports(request.name, request.most)
        case p.AskRecords():
            return hub.records(request)
        case p.AskProposals():
            return hub.proposals()
        case p.Invite():
            return hub.invite(request.name, request.zone, request.groups)
        case p.PrepareUrgent():
            return hub.prepare(request)
        case p.SayUrgent():
            return hub.say(request)
        case _:
            return None


def _done(hub: FakeHub, request: p.Request) -> p.Done:
    match request:
        case p.Confirm():
            hub.confirm(request.name, request.digits)
        case p.TurnAway():
            hub.turn_away(request.name)
        case p.Lose():
            hub.lose(request.name)
        case p.Arrange():
            hub.arrange(request.name, zone=request.zone, groups=request.groups, volume_percent=request.volume_percent)
        case p.StopUrgent():
            hub.stop(request.urgent, request.who)
        case p.AnswerProposal():
            hub.answer_proposal(request.name, request.proposal, adopted=request.adopted, words=request.words)
        case _:
            pass  # Refresh: what is handed over is not looked at
    return p.Done()
