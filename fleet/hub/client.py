"""The panel's and the verbs' end of the hub's socket. It needs neither the broker's library nor the signing one."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TypeVar

import msgspec

from box.sentences import XiaolabaError
from fleet.hub import protocol as p
from fleet.hub import urgent_protocol as u

_CHUNK_BYTES = 64 * 1024
_LARGEST_REPLY_BYTES = 64 * 1024 * 1024

_decoder: msgspec.json.Decoder[p.Reply] = msgspec.json.Decoder(p.Reply)
_R = TypeVar(
    "_R",
    p.Zones,
    p.Invited,
    p.Issued,
    p.AllIssued,
    u.Prepared,
    u.Saying,
    u.UrgentState,
    p.Reports,
    p.Records,
    p.Proposals,
    p.Done,
)


class HubAway(XiaolabaError):
    """The hub can't be asked: it does not run, does not answer, or does not let this user in."""


class HubRefuses(XiaolabaError):
    """The hub did not do it; the sentence is its own."""


A_CLIP_SECONDS = 5.0  # to compress one and compare it, on a slow board


class HubClient:
    """Asks the hub at ``path``, a fresh connection for each question.

    Every method raises HubAway where there is no answer, and HubRefuses with the hub's sentence where it does not do
    what is asked. Each step may take ``timeout_seconds``: compressing clips, and opening the urgent key, take some.
    """

    def __init__(self, path: Path, timeout_seconds: float = 60.0) -> None:
        self._path = path
        self._timeout_seconds = timeout_seconds

    def zones(self, patience_seconds: float | None = None) -> p.Zones:
        """Ask how all zones are, and the hub; a page that is about something else waits no longer than it can."""
        return self._ask(p.AskZones(), p.Zones, patience_seconds)

    def invite(self, name: str, zone: str, groups: tuple[str, ...] = ()) -> p.Invited:
        """Have a ticket made for a box that is to be called ``name``."""
        return self._ask(p.Invite(name=name, zone=zone, groups=groups), p.Invited)

    def confirm(self, name: str, digits: str) -> None:
        """Let in the box that asked as ``name`` and shows ``digits``."""
        self._ask(p.Confirm(name=name, digits=digits), p.Done)

    def turn_away(self, name: str) -> None:
        """Don't let in the box that asked as ``name``."""
        self._ask(p.TurnAway(name=name), p.Done)

    def lose(self, name: str) -> None:
        """Take back the certificate of ``name`` and throw it off, at once."""
        self._ask(p.Lose(name=name), p.Done)

    def arrange(self, name: str, *, zone: str, groups: tuple[str, ...], volume_percent: int | None) -> None:
        """Set a zone's name in words, its groups and its volume."""
        self._ask(p.Arrange(name=name, zone=zone, groups=groups, volume_percent=volume_percent), p.Done)

    def refresh(self) -> None:
        """Tell it that ``community.json`` is new."""
        self._ask(p.Refresh(), p.Done)

    def issued(self, name: str) -> p.Issued:
        """Ask what the zone ``name`` was ordered to say."""
        return self._ask(p.AskIssued(name=name), p.Issued)

    def all_issued(self) -> p.AllIssued:
        """Ask the same of all zones at one go."""
        return self._ask(p.AskAllIssued(), p.AllIssued)

    def prepare(self, request: u.PrepareUrgent) -> u.Prepared:
        """Have a clip fetched by the zones in which it is to sound; one after the other is compressed before."""
        return self._ask(request, u.Prepared, self._timeout_seconds + A_CLIP_SECONDS * len(request.own))

    def say(self, request: u.SayUrgent) -> u.Saying:
        """Have it sound everywhere at the same instant."""
        return self._ask(request, u.Saying)

    def stop(self, urgent: str | None, who: str = "") -> None:
        """Silence an urgent announcement, or all."""
        self._ask(u.StopUrgent(urgent=urgent, who=who), p.Done)

    def urgent(self, urgent: str | None = None, patience_seconds: float | None = None) -> u.UrgentState:
        """Ask how an urgent announcement stands, zone by zone; the latest where None is named."""
        return self._ask(u.AskUrgent(urgent=urgent), u.UrgentState, patience_seconds)

    def reports(self, name: str, most: int = 50) -> p.Reports:
        """Ask what became of the latest orders to a zone."""
        return self._ask(p.AskReports(name=name, most=most), p.Reports)

    def records(self, request: p.AskRecords) -> p.Records:
        """Ask for rows of the zones' as-run logs."""
        return self._ask(request, p.Records)

    def proposals(self) -> p.Proposals:
        """Ask what zones would have changed."""
        return self._ask(p.AskProposals(), p.Proposals)

    def answer_proposal(self, name: str, proposal: str, *, adopted: bool, words: str = "") -> None:
        """Tell a zone what became of its proposal."""
        self._ask(p.AnswerProposal(name=name, proposal=proposal, adopted=adopted, words=words), p.Done)

    def _ask(self, request: p.Request, wanted: type[_R], patience_seconds: float | None = None) -> _R:
        reply = self._reply(request, self._timeout_seconds if patience_seconds is None else patience_seconds)
        if isinstance(reply, wanted):
            return reply
        if isinstance(reply, p.Refused):
            raise HubRefuses(reply.zh, reply.en)
        raise HubAway("总站答非所问，请重新启动总站", "the hub answered another question: restart it")

    def _reply(self, request: p.Request, timeout_seconds: float) -> p.Reply:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as connection:
                connection.settimeout(timeout_seconds)
                connection.connect(str(self._path))
                connection.sendall(msgspec.json.encode(request) + b"\n")
                return _decoder.decode(_line_from(connection))
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError) as error:
            raise HubAway("总站没有运行，请启动它", "the hub is not running: start it") from error
        except PermissionError as error:
            raise HubAway(
                "您没有权限指挥总站，请让管理员把您的用户加入 xiaolaba 组，或用 sudo 再试",
                "you may not command the hub: have your user added to the group xiaolaba, or use sudo",
            ) from error
        except (OSError, EOFError) as error:
            raise HubAway(
                "总站没有回答，请稍等再试；仍不行请重新启动它",
                "the hub does not answer: wait a little and try again, and restart it if it stays so",
            ) from error
        except (ValueError, RecursionError) as error:
            raise HubAway(
                "总站的回答看不懂，可能与面板的版本不同，请重新启动设备",
                f"the hub's answer is not understood, perhaps it is of another version: restart the box ({error})",
            ) from error


def _line_from(connection: socket.socket) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        chunk = connection.recv(_CHUNK_BYTES)
        if not chunk or len(line) > _LARGEST_REPLY_BYTES:
            raise EOFError
        line += chunk
    return bytes(line)
