"""The panel of a hub hands over what is on air here and meant for others, once for each set of yards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from programme.community import Community, Yard
from programme.model import Programme
from tests.web.house import NOON, SCHEDULE, House, new_house
from tests.web.test_rounds import Mender
from tts.clip import ReportProgress
from web.community import HandsOver
from web.rounds import YARDS_EVERY, Rounds

THREE = Yard("yard-3", "三号院", ())


@dataclass
class OneHub:
    """A hub with the yards that it was given; None: there is none."""

    belong: tuple[Yard, ...] | None = (THREE,)
    refreshed: int = 0

    def yards(self) -> tuple[Yard, ...] | None:
        """Return them."""
        return self.belong

    def refresh(self) -> None:
        """Count."""
        self.refreshed += 1


@dataclass
class OneFile:
    """A file that remembers what it was made of."""

    made: list[tuple[str, tuple[Yard, ...]]] = field(default_factory=list)

    def exists(self) -> bool:
        """Tell whether it was ever made."""
        return bool(self.made)

    def make(self, programme: Programme, revision: str, yards: Sequence[Yard], report: ReportProgress) -> Community:
        """Remember."""
        self.made.append((revision, tuple(yards)))
        return Community(revision=revision, published=NOON)


SHARED = SCHEDULE.replace("    title: 守好阵地   # the slogan\n", "    title: 守好阵地\n    zones: [all]\n")


def go(house: House, rounds: Rounds, times: int = YARDS_EVERY) -> None:
    """Go round, and do what it begins."""
    for _ in range(times):
        rounds.go()
        house.jobs.run_waiting()


def test_an_edition_is_handed_over_once_it_is_on_air(tmp_path: Path) -> None:
    """Not before: it was not approved, or could not be rendered here; and once, however often it is looked at."""
    house = new_house(tmp_path, SHARED)
    hub, file = OneHub(), OneFile()
    rounds = Rounds(house.handed_in, Mender(), community=HandsOver(hub, file))  # type: ignore[arg-type]  # it mends nothing
    go(house, rounds)
    assert file.made == []
    house.publish()
    go(house, rounds, 2 * YARDS_EVERY)
    assert [yards for _, yards in file.made] == [(THREE,)]
    assert hub.refreshed == 1


def test_other_yards_are_handed_it_too(tmp_path: Path) -> None:
    """A box that joined, or that is called otherwise now, has its words within ten seconds."""
    house = new_house(tmp_path, SHARED)
    hub, file = OneHub(), OneFile()
    rounds = Rounds(house.handed_in, Mender(), community=HandsOver(hub, file))  # type: ignore[arg-type]  # as above
    house.publish()
    go(house, rounds)
    hub.belong = (THREE._replace(zone="新三号院"),)
    go(house, rounds)
    assert [yards[0].zone for _, yards in file.made] == ["三号院", "新三号院"]


@pytest.mark.parametrize(("schedule", "belong"), [(SCHEDULE, (THREE,)), (SHARED, None), (SHARED, ())])
def test_a_box_that_has_nothing_for_others_hands_nothing_over(
    tmp_path: Path, schedule: str, belong: tuple[Yard, ...] | None
) -> None:
    """Nor one that is no hub, nor one to which nobody belongs."""
    house = new_house(tmp_path, schedule)
    file = OneFile()
    rounds = Rounds(house.handed_in, Mender(), community=HandsOver(OneHub(belong), file))  # type: ignore[arg-type]  # as above
    house.publish()
    go(house, rounds, 2 * YARDS_EVERY)
    assert file.made == []


def test_that_there_is_nothing_more_is_handed_over_too(tmp_path: Path) -> None:
    """What was shared and is not any more falls silent elsewhere."""
    house = new_house(tmp_path, SHARED)
    file = OneFile()
    rounds = Rounds(house.handed_in, Mender(), community=HandsOver(OneHub(), file))  # type: ignore[arg-type]  # as above
    house.publish()
    go(house, rounds)
    house.file.write_text(SCHEDULE, encoding="utf-8")
    house.publish()
    go(house, rounds)
    assert len(file.made) == 2
