"""The panel's and the command's end of the speaker's socket."""

from __future__ import annotations

import socket
import time
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import msgspec

from box.sentences import XiaolabaError
from speaker.protocol import (
    BEGUN_SECONDS,
    MOST_RECORDS,
    AskRecords,
    AskStatus,
    BeQuiet,
    Done,
    EndQuiet,
    PageOrigin,
    Play,
    ProposeTime,
    Records,
    Refused,
    Reply,
    Request,
    Status,
    Stop,
    Unreadable,
)

_CHUNK_BYTES = 64 * 1024
_LARGEST_REPLY_BYTES = 32 * 1024 * 1024
_ATTEMPTS = 20

_decoder: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)


class SpeakerAway(XiaolabaError):
    """The speaker can't be asked: it does not run, does not answer, or does not let this user in."""


class SpeakerUnclear(SpeakerAway):
    """The speaker answered, but not with what this question calls for; the sentence tells what it said."""


class SpeakerClient:
    """Asks the speaker at ``path``, a fresh connection for each question.

    Each step of a question may take ``timeout_seconds``; a page that was begun is waited for, since who is told that
    the speaker does not answer may ask again. Every method raises SpeakerAway where there is no answer.
    """

    def __init__(self, path: Path, timeout_seconds: float = 2.0) -> None:
        self._path = path
        self._timeout_seconds = timeout_seconds

    def play(
        self,
        *,
        broadcast: str | None = None,
        message: str | None = None,
        bulletin: str | None = None,
        priority: Literal["page", "emergency"] = "page",
        origin: PageOrigin = "command",
        who: str = "",
        volume_percent: int | None = None,
        repeat: int | None = None,
        occasion: str = "",
        at: datetime | None = None,
    ) -> Done | Refused:
        """Page a broadcast, one message or a bulletin now, or ``at`` an instant; the fields are ``protocol.Play``'s."""
        play = Play(
            broadcast=broadcast,
            message=message,
            bulletin=bulletin,
            priority=priority,
            origin=origin,
            who=who,
            volume_percent=volume_percent,
            repeat=repeat,
            occasion=occasion,
            at=at,
        )
        return self._done(self._ask(play))

    def stop(self, who: str = "") -> Done | Refused:
        """Silence whatever sounds now."""
        return self._done(self._ask(Stop(who=who)))

    def propose_time(self, instant: datetime, who: str = "") -> Done | Refused:
        """Propose that it is ``instant`` now, for somebody at the box to confirm with the button."""
        return self._done(self._ask(ProposeTime(instant=instant, who=who)))

    def be_quiet(self, until: datetime, who: str = "", occasion: str = "") -> Done | Refused:
        """Let nothing but an emergency sound until ``until``, an instant of today."""
        return self._done(self._ask(BeQuiet(until=until, who=who, occasion=occasion)))

    def end_quiet(self, who: str = "") -> Done | Refused:
        """End the quiet that was asked for."""
        return self._done(self._ask(EndQuiet(who=who)))

    def status(self) -> Status:
        """Return how the speaker is."""
        reply = self._ask(AskStatus())
        if isinstance(reply, Status):
            return reply
        raise _unclear(reply)

    def records(
        self,
        *,
        first: date | None = None,
        last: date | None = None,
        after: int = 0,
        changed_after: int | None = None,
        most: int = MOST_RECORDS,
    ) -> Records:
        """Return rows of the as-run log; the bounds are those of ``protocol.AskRecords``."""
        reply = self._ask(AskRecords(first=first, last=last, after=after, changed_after=changed_after, most=most))
        if isinstance(reply, Records):
            return reply
        raise _unclear(reply)

    def _done(self, reply: Reply) -> Done | Refused:
        if isinstance(reply, Done | Refused):
            return reply
        raise _unclear(reply)

    def _ask(self, request: Request) -> Reply:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as connection:
                connection.settimeout(self._timeout_seconds)
                self._connect(connection)
                connection.sendall(msgspec.json.encode(request) + b"\n")
                if isinstance(request, Play):
                    connection.settimeout(self._timeout_seconds + BEGUN_SECONDS)
                return _decoder.decode(_line_from(connection))
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError) as error:
            raise SpeakerAway(
                "播音程序没有运行，请启动小喇叭或重新接通设备电源",
                "the speaker is not running: start xiaolaba or power-cycle the box",
            ) from error
        except PermissionError as error:
            raise SpeakerAway(
                "您没有权限指挥小喇叭，请让管理员把您的用户加入 xiaolaba 组，或用 sudo 再试",
                "you may not command the speaker: have your user added to the group xiaolaba, or use sudo",
            ) from error
        except (OSError, EOFError) as error:
            raise SpeakerAway(
                "播音程序没有回答，请稍等再试；仍不行请重新启动设备",
                "the speaker does not answer: wait a little and try again, and restart the box if it stays so",
            ) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SpeakerUnclear(
                "播音程序的回答看不懂，可能与面板的版本不同，请重新启动设备",
                f"the speaker's answer is not understood, perhaps it is of another version: restart the box ({error})",
            ) from error

    def _connect(self, connection: socket.socket) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                connection.connect(str(self._path))
                return
            except BlockingIOError:  # so many wait to be let in that the kernel takes no more just now
                if attempt == _ATTEMPTS:
                    raise
                time.sleep(self._timeout_seconds / _ATTEMPTS)


def _line_from(connection: socket.socket) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n"):
        chunk = connection.recv(_CHUNK_BYTES)
        if not chunk or len(line) > _LARGEST_REPLY_BYTES:
            raise EOFError
        line += chunk
    return bytes(line)


def _unclear(reply: Reply) -> SpeakerUnclear:
    if isinstance(reply, Unreadable | Refused):
        return SpeakerUnclear(reply.zh, reply.en)
    return SpeakerUnclear("播音程序答非所问，请重新启动设备", "the speaker answered another question: restart the box")
