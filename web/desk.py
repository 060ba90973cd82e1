"""The programme as it lies on the secretary's desk: the last good edition, and what is wrong with the file."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Protocol

from box.clock import Clock
from box.sentences import Sentence, XiaolabaError
from programme.credits import Credits
from programme.faults import Fault, ProgrammeInvalid
from programme.file import Edition, ProgrammeUnreadable
from programme.history import BY_HAND, Former
from programme.model import Programme

_LOG = logging.getLogger(__name__)


class Programmes(Protocol):
    """The programme file (``programme.file.ProgrammeFile``)."""

    path: Path

    def read(self) -> Edition:
        """Return what the file says; raises ProgrammeInvalid."""
        ...

    def save(self, programme: Programme, base_revision: str) -> Edition:
        """Replace the file; raises StaleRevision and ProgrammeInvalid."""
        ...

    def is_rubble(self) -> bool:
        """Tell whether failing storage has left this, and no person."""
        ...

    def bring_back(self, edition: Edition, now: datetime) -> None:
        """Put ``edition`` in the place of rubble; raises OSError."""
        ...

    def put_back(self, edition: Edition, now: datetime) -> bool:
        """Put ``edition`` in the place of a file that can't be used, and tell whether it was so; raises OSError."""
        ...


class FormerEditions(Protocol):
    """Where editions are kept (``programme.history.History``)."""

    def keep(self, edition: Edition, author: str, at: datetime, approver: str = "") -> str:
        """Keep an edition under its author and who let it through."""
        ...

    def entries(self) -> tuple[Former, ...]:
        """Return what is kept, the newest first."""
        ...

    def read(self, name: str) -> Edition:
        """Return a kept edition; raises NotInHistory and ProgrammeInvalid."""
        ...


@dataclass(frozen=True)
class OnDesk:
    """What lies there. ``edition`` is the last that was good, None if none has been seen yet."""

    edition: Edition | None
    faults: tuple[Fault, ...] = ()
    unreadable: Sentence | None = None

    @property
    def broken(self) -> bool:
        """Tell whether the file can't be used as it is now."""
        return bool(self.faults) or self.unreadable is not None


class Desk:
    """Watches the file and saves into it. Every edition that was ever good is in the history, with its author."""

    def __init__(
        self, programmes: Programmes, history: FormerEditions, clock: Clock, credits: Credits | None = None
    ) -> None:
        """Take where things are kept; ``credits`` is told who wrote each message."""
        self._programmes = programmes
        self._history = history
        self._clock = clock
        self._credits = credits
        self._lock = RLock()
        self._seen: tuple[int, ...] | None = None
        self._on_desk = OnDesk(edition=None)

    @property
    def history(self) -> FormerEditions:
        """Where former editions are kept."""
        return self._history

    def look(self) -> Edition | None:
        """Look whether the file has changed; return the edition if it is good and new, else None.

        The first look returns what is there. A broken file leaves the last good edition on the desk; what a person
        can mend is left to a person, rubble makes way for that edition at the next look (an editor that replaces the
        file lets it be empty, or gone, for a moment).
        """
        with self._lock:
            seen = self._stamp()
            if seen == self._seen and not self._mended():
                return None
            self._seen = self._stamp()
            try:
                edition = self._programmes.read()
            except ProgrammeInvalid as error:
                self._on_desk = OnDesk(edition=self._last_good(), faults=error.faults)
                return None
            except ProgrammeUnreadable as error:
                self._on_desk = OnDesk(edition=self._last_good(), unreadable=error.sentence)
                return None
            had = self._on_desk.edition
            self._on_desk = OnDesk(edition=edition)
            if had is not None and had.revision == edition.revision:
                return None
            newest = next(iter(self._history.entries()), None)
            if newest is None or newest.revision != edition.revision:
                self._keep(edition, BY_HAND)
            return edition

    def on_desk(self) -> OnDesk:
        """Return what lies there, as of the last look."""
        with self._lock:
            return self._on_desk

    def save(self, programme: Programme, base_revision: str, author: str, approver: str = "") -> Edition:
        """Replace the file and keep the new edition in the history under ``author`` and who let it through.

        Raises StaleRevision when the file has changed since ``base_revision``.
        """
        with self._lock:
            had = self._on_desk.edition
            edition = self._programmes.save(programme, base_revision)
            self._seen = None  # the next look reads it again: somebody may have written since
            self._on_desk = OnDesk(edition=edition)
            self._keep(edition, author, approver)
            self._credit(had if had and had.revision == base_revision else None, edition, author, approver)
            return edition

    def put_back(self) -> bool:
        """Put the last good edition in the place of a broken file, because a person says so; tell whether it was done.

        The broken one is put aside. Raises OSError.
        """
        with self._lock:
            last = self._on_desk.edition
            if last is None or not self._programmes.put_back(last, self._clock.now()):
                return False
            self._seen = None
            self.look()
            return True

    def _mended(self) -> bool:
        """Tell whether rubble has just made way for the last good edition."""
        last = self._on_desk.edition
        if not self._on_desk.broken or last is None or not self._programmes.is_rubble():
            return False
        try:
            self._programmes.bring_back(last, self._clock.now())
        except OSError as error:
            _LOG.warning("the last good programme could not be put back: %s", error)
            return False
        return True

    def _keep(self, edition: Edition, author: str, approver: str = "") -> None:
        try:
            self._history.keep(edition, author, self._clock.now(), approver)
        except OSError as error:  # the programme itself is saved, and she must not be told that it is not
            _LOG.warning("an edition could not be kept in the history: %s", error)

    def _credit(self, had: Edition | None, edition: Edition, author: str, approver: str) -> None:
        if self._credits is None or had is None:  # without what was there, nobody can tell what is theirs of it
            return
        try:
            self._credits.note(had.programme, edition.programme, author, approver)
        except OSError as error:
            _LOG.warning("who wrote a message could not be kept: %s", error)

    def _last_good(self) -> Edition | None:
        if self._on_desk.edition is not None:
            return self._on_desk.edition
        for former in self._history.entries():
            try:
                return self._history.read(former.name)
            except XiaolabaError as error:
                _LOG.info("%s is passed over: %s", former.name, error)
        return None

    def _stamp(self) -> tuple[int, ...]:
        try:
            status = self._programmes.path.stat()
        except OSError:  # reading it says what is wrong
            return ()
        return status.st_mtime_ns, status.st_size, status.st_ino
