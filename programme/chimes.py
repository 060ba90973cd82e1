"""The chimes a broadcast may open with. The emergency's signal is none of them: no programme can name it."""

from __future__ import annotations

from enum import StrEnum

from box.sentences import Sentence


class Chime(StrEnum):
    """提示音: the notes before the words, as the programme file names them. The first is the usual one."""

    BELLS = "bells"
    DING_DONG = "ding-dong"
    HARP = "harp"


USUAL = Chime.BELLS

TITLES = {
    Chime.BELLS: Sentence("钟声三响", "three falling bells"),
    Chime.DING_DONG: Sentence("叮咚", "ding-dong"),
    Chime.HARP: Sentence("琴声上行", "four rising notes"),
}
"""As a person calls them."""

SECONDS = {Chime.BELLS: 2.3, Chime.DING_DONG: 2.2, Chime.HARP: 2.0}
"""How long each sounds."""


def chime_of(written: bool | Chime) -> Chime | None:
    """Return the chime that is meant by what a programme says: ``true`` is the usual one, ``false`` none."""
    if isinstance(written, Chime):
        return written
    return USUAL if written else None
