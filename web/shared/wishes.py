"""The yard's wishes, kept in the panel's room for the fleet's agent to send, and what the hub answered."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from threading import Lock

import msgspec

from box.durable import replace_file
from box.sentences import Sentence, XiaolabaError
from fleet.agent.standing import Answered
from programme.wish import FOLDER, MOST_WISHES, Wish, decode_wish, encode_wish

SETTLED = "wishes-settled.json"
MOST_SETTLED = 50
TOO_MANY = Sentence(
    "已经有很多建议在等社区答复，请等一等", "many wishes wait for an answer already: please wait for those"
)
_LOG = logging.getLogger(__name__)


class TooManyWishes(XiaolabaError):
    """So many wait for an answer that another would only be in the way."""


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """A wish that was answered: whether the hub took it over, and its words to the yard."""

    wish: Wish
    adopted: bool
    words: str
    at: datetime


class Wishes:
    """``panel/wishes``, a file each, and the last ones that were answered beside them."""

    def __init__(self, panel: Path) -> None:
        self._folder = panel / FOLDER
        self._settled = panel / SETTLED
        self._lock = Lock()

    def put(self, wish: Wish) -> None:
        """Keep ``wish`` for the agent to send. Raises TooManyWishes, OSError."""
        with self._lock:
            self._folder.mkdir(exist_ok=True)
            if len(list(self._folder.glob("*.json"))) >= MOST_WISHES:
                raise TooManyWishes(*TOO_MANY)
            replace_file(self._folder / f"{wish.id}.json", encode_wish(wish))

    def waiting(self, entry: str = "") -> tuple[Wish, ...]:
        """Return the wishes that have no answer, the oldest first; only those of ``entry`` where one is named."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                wish = decode_wish(path.read_bytes())
            except (OSError, ValueError) as error:
                _LOG.warning("%s: %s", path, error)
                continue
            found.append(wish)
        return tuple(wish for wish in sorted(found, key=lambda wish: wish.at) if not entry or wish.entry == entry)

    def settled(self, entry: str = "") -> tuple[Settled, ...]:
        """Return those that were answered, the latest first; only those of ``entry`` where one is named."""
        try:
            settled = msgspec.json.decode(self._settled.read_bytes(), type=tuple[Settled, ...])
        except (FileNotFoundError, ValueError):
            return ()
        return tuple(one for one in settled if not entry or one.wish.entry == entry)

    def settle(self, answers: Iterable[Answered], now: datetime) -> None:
        """Take the hub's answers: what is answered waits no more. Raises OSError."""
        with self._lock:
            told = {answer.proposal: answer for answer in answers}
            done = [
                Settled(wish=wish, adopted=told[wish.id].adopted, words=told[wish.id].words, at=now)
                for wish in self.waiting()
                if wish.id in told
            ]
            if not done:
                return
            replace_file(self._settled, msgspec.json.encode((*done, *self.settled())[:MOST_SETTLED]), mode=0o600)
            for one in done:
                (self._folder / f"{one.wish.id}.json").unlink(missing_ok=True)
