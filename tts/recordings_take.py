"""A take: what is known of one recording of a person's voice."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from box.sentences import XiaolabaError


class TakeMissing(XiaolabaError):
    """There is no recording of that name any more."""

    def __init__(self, take_id: str) -> None:
        super().__init__(
            f"录音“{take_id[:20]}”找不到了，请重新录一次，或者改用合成的声音",
            f"there is no recording {take_id[:20]}: record it again, or use a voice",
        )


class Take(msgspec.Struct, frozen=True, kw_only=True):
    """One recording. Its file is ``<sha256>.<ending>``, as it came, beside the note that holds this.

    ``seconds`` are of the clip. ``text`` is what the message ``message`` said when it was made for it; ``replaces`` is
    the take that it is to stand in for. ``agreed`` are the fingerprints of the texts for which somebody has said that
    it is to be aired.
    """

    sha256: str
    ending: str
    name: str
    who: str
    made: datetime
    seconds: float
    text: str = ""
    message: str = ""
    replaces: str = ""
    agreed: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return the name by which a programme knows it."""
        return self.sha256[:16]

    def agrees_with(self, text: str) -> bool:
        """Tell whether somebody has said that it is to be aired for a message with that text."""
        return fingerprint_of(text) in self.agreed

    def agreed_with(self, *texts: str) -> Take:
        """Return the take that is also to be aired for those texts."""
        more = (fingerprint_of(text) for text in texts if text)
        return msgspec.structs.replace(self, agreed=tuple(dict.fromkeys((*self.agreed, *more))))


def fingerprint_of(text: str) -> str:
    """Return what tells one text from another; blanks do not."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:16]
