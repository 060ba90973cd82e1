"""The sounds for residents' phones are made ready by the panel's rounds: one at a time, and never before a cue."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.web.house import NOON, House
from tests.web.residents.test_page import opened, row, said
from tests.web.test_rounds import Mender
from web.residents.sounds import Sounds
from web.rounds import SOUNDS_EVERY, Rounds

FIRST, SECOND = "1" * 64, "2" * 64


@pytest.fixture
def made(house: House) -> Path:
    """Return where the sounds of two messages that were aired are put; the page is open."""
    opened(house, row(1, said(clip=FIRST), said(message="hotline", clip=SECOND)))
    for clip in (FIRST, SECOND):
        (house.folder / "clips" / f"{clip}.wav").write_bytes(b"clip")
    sounds = Sounds(house.folder / "aired", house.folder / "clips", shutil.copyfile)
    page = replace(house.handed_in.open_page, sounds=sounds)
    house.app.extensions["xiaolaba"] = replace(house.handed_in, open_page=page)
    return house.folder / "aired"


def rounds_of(house: House) -> Rounds:
    """Return the rounds of the house."""
    return Rounds(house.handed_in, Mender())  # type: ignore[arg-type]  # as in the other tests of the rounds


def go(rounds: Rounds, times: int = 1) -> None:
    """Go round until the sounds have been looked at that often."""
    for _ in range(times * SOUNDS_EVERY):
        rounds.go()


def test_one_a_round_and_none_before_a_cue(house: House, made: Path) -> None:
    """A processor that renders is none that airs."""
    rounds = rounds_of(house)
    house.speaker.next_due = NOON + timedelta(minutes=5)
    go(rounds)
    assert not made.exists()
    house.speaker.next_due = NOON + timedelta(hours=5)
    go(rounds)
    assert len(list(made.iterdir())) == 1
    go(rounds)
    assert {path.stem for path in made.iterdir()} == {FIRST, SECOND}


def test_what_is_a_day_old_is_removed(house: House, made: Path) -> None:
    """And all of it where the page is closed."""
    rounds = rounds_of(house)
    go(rounds, 2)
    house.clock.advance(25 * 3600)
    go(rounds)
    assert list(made.iterdir()) == []


def test_a_closed_page_keeps_nothing(house: House, made: Path) -> None:
    """Nobody could hear it."""
    rounds = rounds_of(house)
    go(rounds, 2)
    house.handed_in.open_page.switch.turn(False)
    go(rounds)
    assert list(made.iterdir()) == []
