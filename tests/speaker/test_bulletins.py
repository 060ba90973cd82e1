"""A bulletin paged: words that are in no publication, by the rules of every page."""

import pytest

from box.settings import Limits
from programme.bulletins import Bulletins
from speaker.airing import Reason
from speaker.protocol import Done, Play
from tests.speaker.fakes import Box, a_message, a_publication, frames, shanghai


def bulletins(*names: str) -> Bulletins:
    """Return bulletins as the intake has checked them."""
    return Bulletins(messages=tuple(a_message(name) for name in names))


def test_a_bulletin_is_paged_as_loud_and_as_often_as_asked(box):
    """Words that are in no publication; on record word for word, with who and why."""
    box.station.take_bulletins(bulletins("b-1"))
    play = Play(bulletin="b-1", volume_percent=55, repeat=3, origin="panel", who="王书记", occasion="停水")
    assert isinstance(box.station.ask(play), Done)
    rundown = box.playout.started[0]
    assert rundown.volume_percent == 55
    assert rundown.frames == frames(1 + 3 * 30 + 2 * 3)
    box.finish()
    (row,) = box.airings()
    assert (row.who, row.occasion, row.said[0].text, row.broadcast) == ("王书记", "停水", "这是 b-1。", None)
    assert box.status().bulletins == ("b-1",)


def test_a_bulletin_is_as_loud_as_the_programme_where_nobody_says(box):
    """And is said once."""
    box.station.take_bulletins(bulletins("b-1"))
    box.station.ask(Play(bulletin="b-1"))
    assert (box.playout.started[0].volume_percent, box.playout.started[0].frames) == (80, frames(31))


def test_only_a_bulletin_that_was_checked_is_paged(box):
    """One that is not there, or not any more, is unknown; a message of the programme is none."""
    box.station.take_bulletins(bulletins("b-1"))
    box.station.take_bulletins(bulletins("b-2"))
    for name in ("b-1", "home", "b-3"):
        assert box.station.ask(Play(bulletin=name)).reason is Reason.UNKNOWN
    assert box.station.ask(Play(message="b-2")).reason is Reason.UNKNOWN
    assert box.playout.started == []


@pytest.mark.parametrize(
    ("local", "limits", "reason"),
    [
        ("2026-03-02T22:00:00", Limits(), Reason.QUIET_HOURS),
        ("2026-03-02T12:00:00", Limits(longest_minutes=1), Reason.TOO_LONG),
        ("2026-03-02T12:00:00", Limits(longest_minutes_per_day=1), Reason.DAY_USED_UP),
    ],
)
@pytest.mark.parametrize("priority", ["page", "emergency"])
def test_a_bulletin_keeps_every_limit(tmp_path, local, limits, reason, priority):
    """Repeats count; an emergency too, unless the installer says so. Who tried, and why, is on record."""
    with Box(shanghai(local), tmp_path, publication=a_publication(), limits=limits) as box:
        box.station.take_bulletins(bulletins("b-1"))
        play = Play(bulletin="b-1", priority=priority, repeat=3, who="王书记", occasion="煤气泄漏")
        assert box.station.ask(play).reason is reason
        assert box.playout.started == []
        (row,) = [one for one in box.airings() if one.broadcast is None]
        assert (row.priority, row.reason, row.who, row.occasion) == (priority, reason, "王书记", "煤气泄漏")


def test_an_emergency_sounds_at_night_where_the_installer_says_so(tmp_path):
    """And only an emergency."""
    with Box(
        shanghai("2026-03-02T22:00:00"), tmp_path, publication=a_publication(), limits=Limits(emergency_at_night=True)
    ) as box:
        box.station.take_bulletins(bulletins("b-1"))
        assert box.station.ask(Play(bulletin="b-1")).reason is Reason.QUIET_HOURS
        assert isinstance(box.station.ask(Play(bulletin="b-1", priority="emergency")), Done)


def test_a_bulletin_waits_its_turn(box):
    """While another page sounds it is told how many are ahead, and sounds after that without being asked again."""
    box.station.take_bulletins(bulletins("b-1"))
    box.play("evening")
    reply = box.station.ask(Play(bulletin="b-1"))
    assert (reply.airing, reply.ahead) == (2, 1)
    box.station.take_bulletins(bulletins("b-2"))  # its words were taken when it was asked for
    box.finish()
    box.finish()
    assert [(row.said[0].text, str(row.outcome)) for row in box.airings()] == [
        ("这是 home。", "aired"),
        ("这是 b-1。", "aired"),
    ]
