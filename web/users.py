"""Who may use the panel: names, password hashes and the sessions that are open (``users.json``)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

import msgspec

from box.durable import replace_file
from web.passwords import hash_of, matches, same_work_for_nobody

SESSION_LASTS = timedelta(days=90)
MOST_SESSIONS = 20  # per user; the oldest is closed for the newest


class OpenSession(msgspec.Struct, frozen=True):
    """A device that is logged in. Only the hash of its token is kept: the file lets nobody in."""

    token_sha256: str
    opened: datetime


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may use the panel."""

    name: str
    password: str
    sessions: tuple[OpenSession, ...] = ()


class Users:
    """The users' file. It is read anew each time, so that the command may change it beside the panel."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def exist(self) -> bool:
        """Tell whether anybody has been set up."""
        return bool(self._read())

    def set_password(self, name: str, password: str) -> None:
        """Make the user ``name``, or give them a new password; every device of theirs is logged out."""
        kept = hash_of(password)
        with self._lock:
            others = [user for user in self._read() if user.name != name]
            self._write((*others, User(name=name, password=kept)))

    def check(self, name: str, password: str) -> bool:
        """Tell whether that is the user's password, in the same time whether or not there is such a user."""
        user = self._find(name)
        if user is None:
            same_work_for_nobody(password)
            return False
        return matches(user.password, password)

    def open_session(self, name: str, now: datetime) -> str:
        """Log a device of ``name`` in; return the token it shows from then on."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._change_sessions(name, lambda had: (*had, OpenSession(_digest(token), now))[-MOST_SESSIONS:])
        return token

    def who_has(self, token: str, now: datetime) -> str | None:
        """Return the name of the user whose open session ``token`` is, or None."""
        digest = _digest(token)
        for user in self._read():
            for session in user.sessions:
                if secrets.compare_digest(session.token_sha256, digest):
                    return user.name if now - session.opened < SESSION_LASTS else None
        return None

    def close_session(self, token: str) -> None:
        """Log that device out: its cookie is worth nothing any more, also a copy of it."""
        digest = _digest(token)
        with self._lock:
            for user in self._read():
                if any(session.token_sha256 == digest for session in user.sessions):
                    self._change_sessions(
                        user.name, lambda had: tuple(session for session in had if session.token_sha256 != digest)
                    )

    def _find(self, name: str) -> User | None:
        return next((user for user in self._read() if user.name == name), None)

    def _change_sessions(self, name: str, change: Callable[[tuple[OpenSession, ...]], tuple[OpenSession, ...]]) -> None:
        users = tuple(
            msgspec.structs.replace(user, sessions=change(user.sessions)) if user.name == name else user
            for user in self._read()
        )
        self._write(users)

    def _read(self) -> tuple[User, ...]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return ()
        return msgspec.json.decode(content, type=tuple[User, ...])

    def _write(self, users: tuple[User, ...]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, msgspec.json.encode(users), mode=0o600)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
