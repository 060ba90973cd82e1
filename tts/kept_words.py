"""The secretary's word list as it is kept: read anew when its file changes, and never a reason to stop."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from box.durable import replace_file
from box.sentences import Sentence, XiaolabaError
from tts.word_list import STARTER_ROWS, WordList, starter
from tts.word_row import Row
from tts.words_file import read_rows, rows_in, write_rows

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """What counts now. ``own`` are the secretary's rows; ``fault`` says why the file itself does not count, if so."""

    words: WordList
    own: tuple[Row, ...] = ()
    fault: Sentence | None = None


class KeptWords:
    """The word list of one data folder.

    Beside the file lie two copies: the last that was good, for the day on which the file is damaged, and the one
    before the last change. ``guards`` says that this process may write the good copy when somebody has changed the
    file by hand; only the panel does.
    """

    def __init__(self, path: Path, *, guards: bool = False) -> None:
        self._path = path
        self._good = path.with_name(f"{path.stem}.good{path.suffix}")
        self._before = path.with_name(f"{path.stem}.before{path.suffix}")
        self._guards = guards
        self._lock = RLock()
        self._stamp: tuple[int, ...] | None = None
        self._kept: Kept | None = None

    def words(self) -> WordList:
        """Return the list as it is now: the starter with her rows on top."""
        return self.kept().words

    def kept(self) -> Kept:
        """Return what counts now. A damaged file is never the end: the last good list counts, or the starter."""
        with self._lock:
            stamp = _stamp(self._path)
            if self._kept is None or stamp != self._stamp:
                self._stamp = stamp
                self._kept = self._read(self._kept)
            return self._kept

    def revision(self) -> str:
        """Return what names her rows as they count now: another where one of them is."""
        return hashlib.sha256(repr(self.kept().own).encode()).hexdigest()[:16]

    def changed(self) -> float:
        """Return when the file was last changed, in seconds since 1970; 0 where there is none."""
        stamp = _stamp(self._path)
        return stamp[0] / 1e9 if stamp else 0.0

    def save(self, rows: Iterable[Row]) -> None:
        """Put ``rows`` in the place of hers; one step can be undone.

        Raises WordsWrong with every row that can't be, WordsFileWrong, OSError; the old list counts then.
        """
        kept = tuple(rows)
        with self._lock:
            before = self.kept().own
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_rows(self._good, kept)
            write_rows(self._before, before)
            write_rows(self._path, kept)
            self._kept = None

    def before(self) -> tuple[Row, ...] | None:
        """Return her rows before the last change, None where nothing can be undone."""
        try:
            rows = read_rows(self._before) if self._before.is_file() else None
            return rows if rows is not None and rows != self.kept().own and _counts(rows) else None
        except (XiaolabaError, OSError):
            return None

    def undo(self) -> bool:
        """Bring back the rows before the last change; tell whether there were any. Again, and the change is back."""
        with self._lock:
            before = self.before()
            if before is not None:
                self.save(before)
            return before is not None

    def _read(self, last: Kept | None) -> Kept:
        try:
            own = read_rows(self._path)
            kept = Kept(WordList((*STARTER_ROWS, *own)), own)
        except XiaolabaError as error:
            return self._fallen_back(last, error.sentence)
        except OSError as error:
            reason = error.strerror or str(error)
            return self._fallen_back(
                last, Sentence(f"读音表读不出来（{reason}）", f"the word list can't be read ({reason})")
            )
        if self._guards and self._path.is_file():
            self._keep_good(own)
        return kept

    def _fallen_back(self, last: Kept | None, fault: Sentence) -> Kept:
        _LOG.warning("%s", fault.text())
        if last is not None:
            return Kept(last.words, last.own, fault)
        try:
            own = read_rows(self._good)
            return Kept(WordList((*STARTER_ROWS, *own)), own, fault)
        except (XiaolabaError, OSError):
            return Kept(starter(), (), fault)

    def _keep_good(self, own: tuple[Row, ...]) -> None:
        with suppress(OSError, XiaolabaError):  # a full disk must not keep the list from counting
            content = self._path.read_bytes()
            if rows_in(content) == own and (not self._good.is_file() or self._good.read_bytes() != content):
                replace_file(self._good, content)


def _counts(rows: tuple[Row, ...]) -> bool:
    return bool(WordList(rows))


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
