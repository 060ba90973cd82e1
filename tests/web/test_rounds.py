"""What the panel does by itself: stand-ins are mended away from cues, a changed word list is said."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from msgspec.structs import replace

from programme.model import Programme
from programme.publication import SHARED_ALONE, Publication
from programme.shared import Shared
from tests.programme.test_together import SHARED
from tests.web.fakes import FakePublisher
from tests.web.house import NOON, House
from web.rounds import STAND_INS_EVERY, Rounds


@dataclass
class Mender:
    """A publisher that asks before each message, as the real one does; ``each`` happens after it rendered one."""

    each: Callable[[], None] = lambda: None
    answers: list[bool] = field(default_factory=list)

    def retry_stand_ins(self, programme: Programme, _revision: str, *, may_render: Callable[[], bool]) -> None:
        """Remember what it was told."""
        for _ in programme.messages:
            self.answers.append(may_render())
            self.each()

    def is_damaged(self) -> bool:
        """Say that what is on air is whole."""
        return False

    def put_damaged_aside(self) -> bool:
        """Say that there is a copy of it."""
        return True

    def forget_unused_clips(self) -> int:
        """Forget none."""
        return 0

    def clips_are_whole(self, _on_air: Publication) -> bool:
        """Say that they are."""
        return True

    def sounds_otherwise(self, _on_air: Publication) -> bool:
        """Say that what is on air sounds as it would now."""
        return False


def mended(house: House, mender: Mender) -> list[bool]:
    """Go round until stand-ins are looked at; return what the mender was told."""
    house.studio.stand_in = True
    house.publish()
    rounds = Rounds(house.handed_in, mender)  # type: ignore[arg-type]  # it returns nothing, as when nothing is better
    for _ in range(STAND_INS_EVERY):
        rounds.go()
    house.jobs.run_waiting()
    return mender.answers


@pytest.mark.parametrize(("minutes", "answers"), [(9, []), (11, [True, True]), (None, [True, True])])
def test_stand_ins_are_left_alone_near_a_cue(house: House, minutes: int | None, answers: list[bool]) -> None:
    """Rendering must not take the processor from what is about to sound."""
    house.speaker.next_due = NOON + timedelta(minutes=minutes) if minutes else None
    assert mended(house, Mender()) == answers


def test_it_is_asked_again_before_each_message(house: House) -> None:
    """A render takes minutes, and a cue comes near meanwhile."""
    house.speaker.next_due = NOON + timedelta(minutes=11)
    assert mended(house, Mender(each=lambda: house.clock.advance(120))) == [True, False]


def test_a_speaker_that_went_away_is_no_yes(house: House) -> None:
    """Without its word nobody knows what is due."""

    def leave() -> None:
        house.speaker.away = True

    assert mended(house, Mender(each=leave)) == [True, False]


def test_a_word_list_changed_by_hand_is_said_once(house: House) -> None:
    """It publishes again under the same revision, and not each time it looks."""
    house.publish()
    rounds = Rounds(house.handed_in, house.publisher)
    rounds.look()
    house.jobs.run_waiting()
    before = house.publisher.on_air()
    path = house.folder / "words.tsv"
    path.write_text("盖州\tgai4 zhou1\n", encoding="utf-8")
    later = (NOON + timedelta(minutes=1)).timestamp()
    os.utime(path, (later, later))
    rounds.look()
    house.jobs.run_waiting()
    after = house.publisher.on_air()
    assert after is not before
    rounds.look()
    house.jobs.run_waiting()
    assert house.publisher.on_air() is after


@dataclass
class Layer:
    """A shared layer that the test sends things to."""

    publisher: FakePublisher
    revision: str = ""
    takings: int = 0
    comes: Shared | None = None

    def look(self) -> None:
        """Take what has come."""
        if self.comes is not None:
            self.publisher.shared, self.comes = self.comes, None
            self.revision = self.publisher.shared.revision
            self.takings += 1


def test_a_shared_programme_is_put_on_air_when_it_comes(house: House) -> None:
    """Nobody in the yard has to touch anything; and what can't be put on air is tried once, not every two seconds."""
    house.publish()
    layer = Layer(house.publisher)
    rounds = Rounds(house.handed_in, Mender(), layer)  # type: ignore[arg-type]  # it mends nothing here
    rounds.look()
    assert not house.jobs.busy()
    layer.comes = SHARED
    rounds.look()
    house.jobs.run_waiting()
    on_air = house.publisher.on_air()
    assert on_air is not None
    assert (on_air.shared, on_air.hub) == ("h1", "大石社区")
    assert on_air.broadcast("c-morning") is not None
    rounds.look()
    assert not house.jobs.busy()
    house.publisher.current = replace(on_air, shared="")
    rounds.look()
    assert not house.jobs.busy()


def test_what_is_shared_is_aired_where_the_yards_own_programme_is_still_a_draft(house: House) -> None:
    """The community is heard on a box that nobody has put on air yet; the draft stays one, also when it is edited."""
    layer = Layer(house.publisher)
    rounds = Rounds(house.handed_in, Mender(), layer)  # type: ignore[arg-type]  # it mends nothing here
    rounds.look()
    assert not house.jobs.busy()
    layer.comes = SHARED
    rounds.look()
    house.jobs.run_waiting()
    on_air = house.publisher.on_air()
    assert on_air is not None
    assert ([one.id for one in on_air.messages], on_air.shared) == (["c-notice"], "h1")
    assert house.handed_in.own_on_air() is None
    rounds.look()
    assert not house.jobs.busy()
    page = house.logged_in().get("/").text
    assert "还没有开播" in page
    assert "开始播出" in page
    house.publish()
    assert house.handed_in.own_on_air() is not None


def a_draft_beside_what_is_shared(house: House) -> Rounds:
    """Put the shared programme on air alone; the yard's own is a draft."""
    layer = Layer(house.publisher, comes=SHARED)
    rounds = Rounds(house.handed_in, house.publisher, layer)
    rounds.look()
    house.jobs.run_waiting()
    return rounds


def look_until_quiet(house: House, rounds: Rounds) -> Publication:
    """Go round until nothing is to be done, and return what is on air."""
    for _ in range(3):
        rounds.look()
        house.jobs.run_waiting()
    on_air = house.publisher.on_air()
    assert on_air is not None
    return on_air


@pytest.mark.parametrize("copied", [True, False], ids=["with its last good copy", "by the speaker's word"])
def test_a_damaged_publication_puts_no_draft_on_air(house: House, *, copied: bool) -> None:
    """What was on air is there again: the shared programme alone."""
    rounds = a_draft_beside_what_is_shared(house)
    house.speaker.revision = SHARED_ALONE
    house.publisher.damage(copied=copied)
    on_air = look_until_quiet(house, rounds)
    assert ([one.id for one in on_air.messages], on_air.shared, on_air.revision) == (["c-notice"], "h1", SHARED_ALONE)


@pytest.mark.parametrize("copied", [True, False], ids=["with its last good copy", "by the speaker's word"])
def test_a_damaged_publication_of_both_layers_has_both_again(house: House, *, copied: bool) -> None:
    """Neither what is shared nor the yard's own falls silent."""
    house.publish()
    layer = Layer(house.publisher, comes=SHARED)
    rounds = Rounds(house.handed_in, house.publisher, layer)
    before = look_until_quiet(house, rounds)
    house.publisher.damage(copied=copied)
    on_air = look_until_quiet(house, rounds)
    assert on_air.messages == before.messages
    assert len(on_air.messages) > 1
    assert (on_air.revision, on_air.shared) == (before.revision, "h1")


def test_without_a_copy_and_a_speaker_nothing_is_guessed(house: House) -> None:
    """Nothing sounds while the speaker is away; when it is back it tells what it has."""
    rounds = a_draft_beside_what_is_shared(house)
    house.speaker.revision = SHARED_ALONE
    house.publisher.damage(copied=False)
    house.speaker.away = True
    rounds.look()
    assert not house.jobs.busy()
    house.speaker.away = False
    assert look_until_quiet(house, rounds).revision == SHARED_ALONE


def test_a_file_that_is_broken_by_hand_takes_nothing_off_the_air(house: House) -> None:
    """The hub sends something new meanwhile: it is aired beside the yard's last good programme."""
    house.publish()
    layer = Layer(house.publisher, comes=SHARED)
    rounds = Rounds(house.handed_in, house.publisher, layer)
    before = look_until_quiet(house, rounds)
    (house.folder / "schedule.yaml").write_text("version: 1\nmessages: [\n", encoding="utf-8")
    layer.comes = replace(SHARED, revision="h2")
    on_air = look_until_quiet(house, rounds)
    assert (on_air.revision, on_air.shared) == (before.revision, "h2")
    assert on_air.messages == before.messages
