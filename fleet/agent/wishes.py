"""The yard's wishes on their way to the hub, from the panel's room; sent until the hub has answered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from box.clock import Clock
from fleet.agent.standing import Answered, answers_in, write_answers
from fleet.wire.accounts import Proposal, ProposedWords
from fleet.wire.documents import Answers
from programme.foreign import read_foreign
from programme.publication import PublicationInvalid
from programme.wish import FOLDER, LARGEST_BYTES, MOST_WISHES, Wish, decode_wish

LOOK_SECONDS = 5.0
_LOG = logging.getLogger(__name__)


class WishesSending:
    """Looks through ``panel/wishes`` and hands each new one to ``send``; what is answered is kept for the panel."""

    def __init__(self, room: Path, panel: Path, clock: Clock, send: Callable[[Proposal], None]) -> None:
        self._room = room
        self._panel = panel
        self._clock = clock
        self._send = send
        self._sent: set[str] = set()
        self._answered = {answer.proposal for answer in answers_in(room)}
        self._look_at = 0.0

    def reconnected(self) -> None:
        """Send all again that have no answer: the hub keeps each once."""
        self._sent.clear()
        self._look_at = 0.0

    def answered(self, answers: Answers) -> None:
        """Keep the hub's answers where the panel reads them. Raises OSError."""
        told = tuple(Answered(proposal=one.proposal, adopted=one.adopted, words=one.words) for one in answers.answers)
        if told != answers_in(self._room):
            write_answers(self._room, told)
        self._answered = {answer.proposal for answer in told}

    def step(self) -> None:
        """Send what is new, if it is time to look."""
        now = self._clock.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        for name in self._names():
            if name not in self._sent and name not in self._answered and (wish := self._read(name)) is not None:
                self._sent.add(name)
                self._send(_proposal(wish))

    def open(self) -> tuple[Proposal, ...]:
        """Return those without an answer, for a way without network."""
        wishes = (self._read(name) for name in self._names() if name not in self._answered)
        return tuple(_proposal(wish) for wish in wishes if wish is not None)

    def _names(self) -> list[str]:
        folder = self._panel / FOLDER
        try:
            return sorted(path.stem for path in folder.glob("*.json"))[:MOST_WISHES]
        except OSError:
            return []

    def _read(self, name: str) -> Wish | None:
        try:
            wish = decode_wish(read_foreign(self._panel, FOLDER, f"{name}.json", most_bytes=LARGEST_BYTES))
        except (OSError, PublicationInvalid, ValueError) as error:
            _LOG.warning("the wish %r can't be read: %s", name[:64], error)
            self._sent.add(name)
            return None
        return wish if wish.id == name else None


def _proposal(wish: Wish) -> Proposal:
    return Proposal(
        id=wish.id,
        at=wish.at,
        entry=wish.entry,
        revision=wish.revision,
        who=wish.who,
        note=wish.note,
        words=ProposedWords(title=wish.title, text=wish.text) if wish.text else None,
        broadcast=wish.broadcast,
        off=wish.off,
    )
