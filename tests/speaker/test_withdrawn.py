"""A message that is withdrawn is heard no more: not to its end, not armed, not when its turn comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from programme.model import Message
from speaker.airing import Priority, Sound
from speaker.protocol import Done, Play, Reply, Status, Stop
from tests.fakes import SetClock
from tests.speaker.fakes import Box, a_broadcast, a_message, a_publication
from web.messages.silencing import silence

NOW = datetime(2026, 3, 1, 23, 29, tzinfo=UTC)  # a minute before 07:30 in Shanghai
DUE = NOW + timedelta(minutes=1)
OLD, NEW = a_message("old"), a_message("new")
BEFORE = a_publication(a_broadcast("morning", "07:30", messages=("old", "new")), messages=(OLD, NEW))
AFTER = a_publication(a_broadcast("morning", "07:30", messages=("new",)), messages=(NEW,), revision="r2")


class Asked:
    """The speaker as the panel asks it, without the socket between."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def status(self) -> Status:
        """Return how it is."""
        return self._box.status()

    def stop(self, who: str = "") -> Reply:
        """Silence what sounds."""
        return self._box.station.ask(Stop(who=who))


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Return a station that has the message on air."""
    with Box(SetClock(NOW), tmp_path, publication=BEFORE) as one:
        yield one  # type: ignore[misc]  # pytest's way


def said(box: Box) -> list[str | None]:
    """Return the messages of what the playout has in hand."""
    rundown = box.playout.rundown
    return [item.message_id for item in rundown.items if isinstance(item, Sound) and item.message_id] if rundown else []


def withdraw(box: Box) -> None:
    """Do what the panel does: silence it, then take it out of the programme."""
    fault = silence(Asked(box), Message(id="old", title=OLD.title, text=OLD.text), BEFORE, "王书记")  # type: ignore[arg-type]  # as much of a speaker as it asks
    assert fault is None
    box.station.settle()
    box.take(AFTER)
    box.station.settle()


def test_what_sounds_is_cut_and_does_not_go_on(box: Box) -> None:
    """Also where the message comes only later in the same broadcast."""
    box.look()
    box.clock.advance(57)
    box.look()
    box.clock.advance(5)
    box.playout.sound(2)
    assert said(box) == ["old", "new"]
    withdraw(box)
    assert box.playout.rundown is None
    assert box.told() == [("morning", "cut", "stopped")]
    box.look()
    assert box.playout.rundown is None


def test_a_broadcast_that_is_armed_sounds_on_time_without_it(box: Box) -> None:
    """In the row that was begun for it."""
    box.clock.advance(57)
    box.look()
    assert said(box) == ["old", "new"]
    withdraw(box)
    box.look()
    assert said(box) == ["new"]
    assert box.playout.rundown.due == DUE
    box.clock.advance(3)
    box.finish()
    assert box.told() == [("morning", "aired", "")]
    (row,) = box.airings()
    assert [one.message for one in row.said] == ["new"]


@pytest.mark.parametrize(
    ("passed", "told"),
    [(5, (None, "refused", "unknown")), (18, (None, "cut", "stopped"))],
    ids=["waiting", "in the playout"],
)
def test_a_page_for_an_instant_does_not_sound(box: Box, passed: int, told: tuple[str | None, str, str]) -> None:
    """It is refused when its instant comes, or stopped where the playout has it already."""
    at = NOW + timedelta(seconds=20)
    assert isinstance(box.station.ask(Play(message="old", at=at, origin="fleet", who="社区")), Done)
    box.station.settle()
    box.clock.advance(passed)
    box.look()
    withdraw(box)
    box.clock.advance(17 - min(passed, 17))
    box.look()
    assert said(box) == []
    assert box.told() == [told]
    assert box.airings()[0].frames_played == 0


def test_a_page_that_waits_behind_another_is_refused_when_its_turn_comes(box: Box) -> None:
    """The other is nobody's mistake, and sounds to its end."""
    assert isinstance(box.station.ask(Play(message="new", origin="panel", who="a")), Done)
    assert isinstance(box.station.ask(Play(message="old", origin="panel", who="b")), Done)
    box.station.settle()
    withdraw(box)
    assert said(box) == ["new"]
    box.finish()
    box.look()
    assert said(box) == []
    assert (None, "aired", "") in box.told()
    assert (None, "refused", "unknown") in box.told()


def test_what_an_emergency_cut_goes_on_without_it(box: Box) -> None:
    """The emergency says something else, and is not touched."""
    box.clock.advance(57)
    box.look()
    box.clock.advance(4)
    box.playout.sound(1)
    box.station.ask(Play(message="new", priority="emergency", origin="panel", who="a", occasion="火警"))
    box.station.settle()
    assert box.playout.rundown.priority is Priority.EMERGENCY
    withdraw(box)
    assert box.playout.rundown.priority is Priority.EMERGENCY
    box.finish()
    box.clock.advance(20)
    box.look()
    assert said(box) == ["new"]
