"""Who may use the panel: names, roles, password hashes and the sessions that are open (``users.json``)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock

import msgspec

from box.guarded import Guarded
from box.sentences import Sentence, XiaolabaError
from web.people.codes import MOST_TRIES, draw, shown, typed
from web.people.passwords import hash_of, matches, same_work_for_nobody
from web.people.roles import Role, roles_held

SESSION_LASTS = timedelta(days=90)
MOST_SESSIONS = 20  # per user; the oldest is closed for the newest
MOST_USERS = 50
INVITATION_LASTS = timedelta(days=7)
UNDO_LASTS = timedelta(days=30)  # how long one who was removed can be brought back


class UserRefused(XiaolabaError):
    """A change to the users that would leave them in a state nobody wants; the sentence says which."""


class OpenSession(msgspec.Struct, frozen=True):
    """A device that is logged in. Only the hash of its token is kept: the file lets nobody in."""

    token_sha256: str
    opened: datetime


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """A single-use code with which somebody sets their own password; only its hash is kept."""

    code: str
    expires: datetime
    tries: int = 0


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may use the panel. Without a password they can't log in yet.

    The defaults are what a file of the first version means, in which there was one kind of user.
    """

    name: str
    password: str = ""
    sessions: tuple[OpenSession, ...] = ()
    role: Role = "publisher"
    invitation: Invitation | None = None
    removed: datetime | None = None


class Users:
    """The users' file. It is read anew each time, so that the command may change it beside the panel.

    Where it is damaged its last good copy counts (``box.guarded``). ``hashed`` makes what is kept of a password.
    """

    def __init__(self, path: Path, hashed: Callable[[str], str] = hash_of) -> None:
        self._hashed = hashed
        self._file = Guarded(path, msgspec.json.Decoder(tuple[User, ...]).decode)
        self._lock = RLock()

    def exist(self) -> bool:
        """Tell whether anybody has been set up."""
        return bool(self.everybody())

    def everybody(self) -> tuple[User, ...]:
        """Return all users but those who were removed, in the order they came."""
        return tuple(user for user in self._read() if user.removed is None)

    def removed(self, now: datetime) -> tuple[User, ...]:
        """Return those who were removed and can still be brought back."""
        return tuple(user for user in self._read() if user.removed is not None and now - user.removed < UNDO_LASTS)

    def find(self, name: str) -> User | None:
        """Return the user of that name, None if there is none or they were removed."""
        return next((user for user in self.everybody() if user.name == name), None)

    def roles_of(self, name: str) -> frozenset[Role]:
        """Return the roles that ``name`` has now, none if there is no such user."""
        everybody = self.everybody()
        user = next((user for user in everybody if user.name == name), None)
        return roles_held(user.role, [other.role for other in everybody]) if user else frozenset()

    def set_password(self, name: str, password: str) -> None:
        """Make the user ``name`` (a publisher), or give them a new password; all their devices are logged out."""
        kept = self._hashed(password)
        with self._lock:
            user = self.find(name)
            if user is not None:
                self._replace(msgspec.structs.replace(user, password=kept, sessions=(), invitation=None))
            else:
                self._put(User(name=name, password=kept))

    def add(self, name: str, role: Role, now: datetime) -> str:
        """Make the user ``name``; return the code with which they set their password. Raises UserRefused."""
        with self._lock:
            if self.find(name) is not None:
                raise UserRefused(
                    *Sentence(
                        f"已经有人叫“{name}”了，请换一个名字。", f"There is a user {name} already; choose another name."
                    )
                )
            if len(self.everybody()) >= MOST_USERS:
                raise UserRefused(
                    *Sentence(f"最多 {MOST_USERS} 个人，请先移走不用的。", "There are too many users already.")
                )
            self._put(User(name=name, role=role))
            return self.invite(name, now)

    def invite(self, name: str, now: datetime) -> str:
        """Return a new code with which ``name`` sets a password; the one before is void. Raises UserRefused."""
        digits = draw()
        invitation = Invitation(code=self._hashed(digits), expires=now + INVITATION_LASTS)
        with self._lock:
            self._replace(msgspec.structs.replace(self._known(name), invitation=invitation))
        return shown(digits)

    def is_invited(self, name: str, now: datetime) -> bool:
        """Tell whether a code waits for ``name``."""
        user = self.find(name)
        return user is not None and user.invitation is not None and now < user.invitation.expires

    def redeem(self, name: str, code: str, now: datetime) -> bool:
        """Tell whether ``code`` is the one that waits for ``name``; it is good once, and void after ten wrong tries."""
        with self._lock:
            user = self.find(name)
            if user is None or user.invitation is None:
                return False
            kept = user.invitation
            if kept.tries >= MOST_TRIES or now >= kept.expires:
                self._replace(msgspec.structs.replace(user, invitation=None))
                return False
            counted = msgspec.structs.replace(kept, tries=kept.tries + 1)
            self._replace(msgspec.structs.replace(user, invitation=counted))
            if not matches(kept.code, typed(code)):
                return False
            self._replace(msgspec.structs.replace(user, invitation=None))
            return True

    def change_role(self, name: str, role: Role) -> Role:
        """Make ``name`` a ``role``; their devices are logged out. Return what they were. Raises UserRefused."""
        with self._lock:
            user = self._known(name)
            if user.role == role:
                return role
            self._keep_a_publisher(user)
            self._replace(msgspec.structs.replace(user, role=role, sessions=()))
            return user.role

    def remove(self, name: str, now: datetime) -> None:
        """Let ``name`` in no more, from now on; for 30 days they can be brought back. Raises UserRefused."""
        with self._lock:
            user = self._known(name)
            self._keep_a_publisher(user)
            self._replace(msgspec.structs.replace(user, removed=now, sessions=(), invitation=None))

    def bring_back(self, name: str, now: datetime) -> None:
        """Let ``name`` in again, with the password they had. Raises UserRefused."""
        with self._lock:
            user = next((user for user in self.removed(now) if user.name == name), None)
            if user is None:
                raise UserRefused(*Sentence("这个人已经找不回来了，请重新添加。", "That user is gone; add them anew."))
            self._replace(msgspec.structs.replace(user, removed=None))

    def check(self, name: str, password: str) -> bool:
        """Tell whether that is the user's password, in the same time whether or not there is such a user."""
        user = self.find(name)
        if user is None or not user.password:
            same_work_for_nobody(password)
            return False
        return matches(user.password, password)

    def open_session(self, name: str, now: datetime) -> str:
        """Log a device of ``name`` in; return the token it shows from then on."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._change_sessions(name, lambda had: (*had, OpenSession(digest_of(token), now))[-MOST_SESSIONS:])
        return token

    def who_has(self, token: str, now: datetime) -> str | None:
        """Return the name of the user whose open session ``token`` is, or None."""
        digest = digest_of(token)
        for user in self.everybody():
            for session in user.sessions:
                if secrets.compare_digest(session.token_sha256, digest):
                    return user.name if now - session.opened < SESSION_LASTS else None
        return None

    def close_session(self, token: str) -> None:
        """Log that device out: its cookie is worth nothing any more, also a copy of it."""
        digest = digest_of(token)
        with self._lock:
            for user in self._read():
                if any(session.token_sha256 == digest for session in user.sessions):
                    self._change_sessions(
                        user.name, lambda had: tuple(session for session in had if session.token_sha256 != digest)
                    )

    def _known(self, name: str) -> User:
        user = self.find(name)
        if user is None:
            raise UserRefused(*Sentence("没有这个人，可能刚被移走了。", "There is no such user."))
        return user

    def _keep_a_publisher(self, leaving: User) -> None:
        others = [user for user in self.everybody() if user.role == "publisher" and user.name != leaving.name]
        if leaving.role == "publisher" and not any(user.password for user in others):
            raise UserRefused(
                *Sentence(
                    "至少要留一位能登录的发布人，不然就没有人能开播了。请先加一位发布人，等他设好密码。",
                    "At least one publisher who can log in must stay; add another first, and let them set a password.",
                )
            )

    def _change_sessions(self, name: str, change: Callable[[tuple[OpenSession, ...]], tuple[OpenSession, ...]]) -> None:
        user = self._known(name)
        self._replace(msgspec.structs.replace(user, sessions=change(user.sessions)))

    def _replace(self, changed: User) -> None:
        self._write(tuple(changed if user.name == changed.name else user for user in self._read()))

    def _put(self, new: User) -> None:
        """Add a user, in the place of one of that name who was removed."""
        self._write((*(user for user in self._read() if user.name != new.name), new))

    def _read(self) -> tuple[User, ...]:
        return self._file.read() or ()

    def _write(self, users: tuple[User, ...]) -> None:
        self._file.write(msgspec.json.encode(users))


def digest_of(token: str) -> str:
    """Return what is kept of a long random token."""
    return hashlib.sha256(token.encode()).hexdigest()
