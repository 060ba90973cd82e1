"""The installer's limits against every way in: whoever asks, nothing sounds beyond them, and a refusal is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from box.folders import Folders
from box.settings import Contact, Limits
from programme.bulletins import Bulletins
from programme.publication import Publication, PublicationInvalid, encode_publication
from programme.timetable import cues_on
from speaker.airing import Outcome, Priority, Reason
from speaker.contacts.line import Line
from speaker.intake.acceptance import accepted
from speaker.limits import HardLimits
from speaker.protocol import Done, Play, Refused
from speaker.script import script_of_broadcast, script_of_bulletin, script_of_cue, script_of_message
from speaker.stage import Stage
from speaker.station import Station
from tests.fakes import SetClock
from tests.speaker.fakes import Box, a_broadcast, a_message, a_publication, frames

SECONDS = 90  # of the message: longer than the shortest limits of these tests
BULLETIN = a_message("b-1", seconds=SECONDS)
LONG = (a_message("home", seconds=SECONDS),)


def publication(at: str) -> Publication:
    """Return a programme whose one broadcast is at ``at``, as loud and as often as it likes."""
    broadcast = msgspec.structs.replace(a_broadcast("morning", at), volume_percent=100, repeat=1)
    return msgspec.structs.replace(a_publication(broadcast, messages=LONG), volume_percent=100)


def elsewhere(at: str) -> Publication:
    """Return the same at the same instant, in a programme that says it is in New York: there it is no night."""
    there = datetime.fromisoformat(f"2026-03-02T{at}:00+08:00") - timedelta(hours=13)
    return msgspec.structs.replace(publication(f"{there:%H:%M}"), timezone="America/New_York")


def page(**what: object) -> Callable[[Station], object]:
    """Return a way in: a request, as the panel and the socket make it."""
    return lambda station: station.ask(msgspec.convert({"do": "play", **what}, Play))


BUTTON = Contact(name="门卫按钮", pin=16, message="home")
FIRE = Contact(name="消防主机", pin=5, message="home", priority="emergency", occasion="消防主机报火警")


def contact(of: Contact) -> Callable[[Station], object]:
    """Return a way in: a contact that becomes active."""

    def calls(station: Station) -> None:
        station.contact_is(of.name, Line.REST)
        station.contact_is(of.name, Line.ACTIVE)

    return calls


PAGES: dict[str, Callable[[Station], object]] = {
    "a broadcast from the panel": page(broadcast="morning", origin="panel", who="王书记"),
    "a message from the socket": page(message="home", volume_percent=100),
    "a bulletin": page(bulletin="b-1", origin="panel", occasion="停水"),
    "the first airing, with a card": page(broadcast="morning", origin="first-airing"),
    "the button": Station.press_short,
    "a guard's button": contact(BUTTON),
    "an order of the hub": page(bulletin="b-1", origin="fleet", who="社区", occasion="停水"),
}
EMERGENCY = {
    "an emergency": page(bulletin="b-1", priority="emergency", occasion="煤气泄漏"),
    "a fire panel": contact(FIRE),
    "an urgent order of the hub": page(bulletin="b-1", origin="fleet", priority="emergency", occasion="煤气泄漏"),
}

NIGHT, NOON = "2026-03-02T22:00:00", "2026-03-02T12:00:00"
LIMITS = {
    "quiet hours": (NIGHT, Limits(), Reason.QUIET_HOURS),
    "quiet all day": (NOON, Limits(quiet_hours="12:00-12:00"), Reason.QUIET_HOURS),
    "longest at a time": (NOON, Limits(longest_minutes=1), Reason.TOO_LONG),
    "longest a day": (NOON, Limits(longest_minutes_per_day=1), Reason.DAY_USED_UP),
}


def box_at(local: str, folder: Path, limits: Limits, programme: Publication | None = None) -> Box:
    """Return a station at that hour of Shanghai, a programme on air and a bulletin prepared."""
    box = Box(
        SetClock(datetime.fromisoformat(f"{local}+08:00")),
        folder,
        limits=limits,
        publication=programme or publication("07:30"),
        contacts=(BUTTON, FIRE),
    )
    box.station.take_bulletins(Bulletins(messages=(BULLETIN,)))
    box.station.settle()
    return box


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("way", [*PAGES, *EMERGENCY])
def test_no_request_gets_past_a_limit(tmp_path: Path, limit: str, way: str) -> None:
    """Panel, socket, bulletin, button, emergency: refused with the reason, on record, and nothing was begun."""
    local, limits, reason = LIMITS[limit]
    with box_at(local, tmp_path, limits) as box:
        had = len(box.airings())
        reply = (PAGES | EMERGENCY)[way](box.station)
        box.station.settle()
        assert reply is None or (isinstance(reply, Refused) and reply.reason is reason)
        assert box.playout.started == []
        rows = [row for row in box.airings()[had:] if row.outcome is not Outcome.NOTED]
        assert [(row.outcome, row.reason, row.frames_played) for row in rows] == [(Outcome.REFUSED, reason, 0)]


@pytest.mark.parametrize("priority", ["page", "emergency"])
@pytest.mark.parametrize("limit", LIMITS)
def test_what_the_hub_asks_for_an_instant_gets_past_no_limit(tmp_path: Path, limit: str, priority: str) -> None:
    """It is refused when it is asked for, by what holds at its instant."""
    local, limits, reason = LIMITS[limit]
    at = datetime.fromisoformat(f"{local}+08:00") + timedelta(seconds=30)
    with box_at(local, tmp_path, limits) as box:
        order = {"bulletin": "b-1", "origin": "fleet", "priority": priority, "occasion": "停水", "at": at.isoformat()}
        reply = page(**order)(box.station)
        assert isinstance(reply, Refused)
        assert reply.reason is reason
        box.at(f"{at + timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}")
        assert box.playout.started == []
        assert [(row.origin, row.reason) for row in box.airings() if row.origin == "fleet"] == [("fleet", reason)]


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("ahead", [None, 10], ids=["at once", "at an instant"])
@pytest.mark.parametrize("priority", ["page", "emergency"])
def test_no_order_of_the_hubs_gets_past_a_limit(
    tmp_path: Path, limit: str, ahead: int | None, priority: Literal["page", "emergency"]
) -> None:
    """What is urgent for all yards is, in each, what its installer allows: refused likewise, and on record."""
    local, limits, reason = LIMITS[limit]
    with box_at(local, tmp_path, limits) as box:
        at = box.clock.now() + timedelta(seconds=ahead) if ahead else None
        asked = Play(bulletin="b-1", priority=priority, origin="fleet", occasion="停水", volume_percent=100, at=at)
        reply = box.station.ask(asked)
        box.station.settle()
        assert isinstance(reply, Refused)
        assert reply.reason is reason
        assert (box.playout.started, box.status().armed) == ([], None)
        row = box.airings()[-1]
        assert (row.origin, row.outcome, row.reason) == ("fleet", Outcome.REFUSED, reason)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("where", [publication, elsewhere])
def test_no_programme_gets_past_a_limit(tmp_path: Path, limit: str, where: Callable[[str], Publication]) -> None:
    """What is due is refused likewise, whatever the programme says of its own, its time zone among it."""
    local, limits, reason = LIMITS[limit]
    due = datetime.fromisoformat(local) + timedelta(minutes=10)
    with box_at(local, tmp_path, limits, where(f"{due:%H:%M}")) as box:
        box.at(f"{due:%Y-%m-%dT%H:%M:%S}")
        assert box.playout.started == []
        told = [(row.outcome, row.reason) for row in box.airings() if row.due is not None]
        assert told[-1:] == [(Outcome.REFUSED, reason)]


@pytest.mark.parametrize("seconds", [12 * 3600, -14 * 3600, 36 * 3600])
def test_a_clock_that_is_set_into_the_night_silences_what_sounds(tmp_path: Path, seconds: int) -> None:
    """At once, and on record as cut; by however much it was set."""
    with box_at(NOON, tmp_path, Limits(quiet_hours="21:30-06:30")) as box:
        assert isinstance(box.play(), Done)
        box.playout.sound(3)
        box.set_clock(seconds)
        assert box.playout.rundown is None
        assert ("morning", "cut", "quiet-hours") in box.told()


def test_a_clock_that_is_set_gives_no_second_day(tmp_path: Path) -> None:
    """Day after day by the wall clock, within hours by the other: two days' worth and no more, and then again."""
    limits = Limits(longest_minutes_per_day=2)
    with box_at(NOON, tmp_path, limits) as box:
        heard = []
        for _ in range(4):
            heard.append(isinstance(box.play(), Done))
            if heard[-1]:
                box.finish()
            box.set_clock(24 * 3600)
        assert heard == [True, True, False, False]
        refused = [row.reason for row in box.airings() if row.outcome is Outcome.REFUSED]
        assert set(refused) == {Reason.DAY_USED_UP}
        box.clock.advance(24 * 3600)
        assert isinstance(box.play(), Done)


def test_what_sounds_just_now_counts_into_the_day(tmp_path: Path) -> None:
    """Not only as far as it is on record: a page that would cut it short gets what is really left of the day."""
    messages = (a_message("home", seconds=58), a_message("long", seconds=3), a_message("short", seconds=1))
    programme = a_publication(a_broadcast("morning", "07:30"), messages=messages)
    clock = SetClock(datetime.fromisoformat("2026-03-02T07:29:58+08:00"))
    with Box(clock, tmp_path, publication=programme, limits=Limits(longest_minutes_per_day=1)) as box:
        box.look()
        box.clock.advance(59)
        box.playout.sound(57.5)
        refused = box.station.ask(Play(message="long"))
        assert isinstance(refused, Refused)
        assert refused.reason is Reason.DAY_USED_UP
        assert isinstance(box.station.ask(Play(message="short")), Done)
        box.station.settle()
        box.finish()
        box.look()
        assert sum(row.frames_played for row in box.airings()) == frames(57.5 + 2)  # its chime too


@pytest.mark.parametrize("way", PAGES)
def test_pages_keep_their_pause(tmp_path: Path, way: str) -> None:
    """Whoever asks, and whatever the wall clock is set to; it is on record, and over when it is over."""
    with box_at(NOON, tmp_path, Limits(page_gap_seconds=60)) as box:
        assert isinstance(box.play(), Done)
        box.finish()
        box.set_clock(3600)
        for since in (0, 59):
            box.clock.advance(since)
            PAGES[way](box.station)
            box.station.settle()
            assert len(box.playout.started) == 1
        assert (box.airings()[-1].outcome, box.airings()[-1].reason) == (Outcome.REFUSED, Reason.TOO_SOON)
        box.clock.advance(1)
        PAGES[way](box.station)
        box.station.settle()
        assert len(box.playout.started) == 2


@pytest.mark.parametrize("how", ["in order", "by death"])
def test_a_new_start_gives_no_second_page(tmp_path: Path, how: str) -> None:
    """The pause goes on, whatever ended the life before in the middle of it, or of the page."""
    limits = Limits(page_gap_seconds=60)
    with box_at(NOON, tmp_path, limits) as box:
        assert isinstance(box.play(), Done)
        if how == "in order":
            box.finish()
        clock = box.clock
    clock.advance(50)
    with Box(clock, tmp_path, limits=limits, publication=publication("18:30")) as box:
        refused = box.play()
        assert isinstance(refused, Refused)
        assert refused.reason is Reason.TOO_SOON
        clock.advance(10)
        assert isinstance(box.play(), Done)


def test_neither_an_emergency_nor_a_cue_waits_for_that_pause(tmp_path: Path) -> None:
    """The pause is between pages."""
    with box_at("2026-03-02T07:20:00", tmp_path, Limits(page_gap_seconds=3600)) as box:
        assert isinstance(box.play(), Done)
        box.finish()
        assert isinstance(EMERGENCY["an emergency"](box.station), Done)
        box.station.settle()
        box.finish()
        box.at("2026-03-02T07:29:58")
        assert box.playout.rundown is not None
        assert box.playout.rundown.priority is Priority.PROGRAMME


@pytest.mark.parametrize("way", [*PAGES, *EMERGENCY])
def test_at_night_only_an_emergency_sounds_and_only_where_the_installer_says_so(tmp_path: Path, way: str) -> None:
    """No other way in becomes one."""
    with box_at(NIGHT, tmp_path, Limits(emergency_at_night=True)) as box:
        (PAGES | EMERGENCY)[way](box.station)
        box.station.settle()
        assert len(box.playout.started) == (way in EMERGENCY)


@pytest.mark.parametrize("loudest", [0, 40, 100])
def test_nothing_is_louder_than_the_installer_allows(tmp_path: Path, loudest: int) -> None:
    """Cue, broadcast, message, bulletin, emergency: each asks for everything there is."""
    folders = Folders(tmp_path, tmp_path / "run")
    folders.speaker.mkdir()
    stage = Stage(folders, HardLimits(Limits(loudest_percent=loudest)))
    programme = publication("07:30")
    day = datetime.fromisoformat(NOON).date()
    [cue] = cues_on(programme, day)
    scripts = [
        script_of_cue(programme, cue),
        script_of_broadcast(programme, "morning", day, Priority.PAGE),
        script_of_message(programme, "home", day, Priority.PAGE),
        script_of_bulletin(programme, BULLETIN, Priority.EMERGENCY),
    ]
    assert [stage.rundown(script).volume_percent for script in scripts if script] == [loudest] * len(scripts)


@pytest.mark.parametrize(
    "change",
    [
        {"volume_percent": 400},
        {"broadcasts": (msgspec.structs.replace(a_broadcast("morning", "07:30"), repeat=10**6),)},
        {"broadcasts": (msgspec.structs.replace(a_broadcast("morning", "07:30"), volume_percent=101),)},
        {"broadcasts": (msgspec.structs.replace(a_broadcast("morning", "07:30"), gap_seconds=10**6),)},
        {"broadcasts": (msgspec.structs.replace(a_broadcast("morning", "07:30"), grace_minutes=10**4),)},
    ],
)
def test_a_forged_publication_is_refused_before_it_is_asked(change: dict[str, object]) -> None:
    """What the programme's rules forbid never reaches the limits."""
    with pytest.raises(PublicationInvalid):
        accepted(encode_publication(msgspec.structs.replace(publication("07:30"), **change)))


@pytest.mark.parametrize("fields", [{"volume_percent": 101}, {"repeat": 11}, {"volume_percent": -1}, {"gap": 0}])
def test_a_forged_request_is_no_request(fields: dict[str, object]) -> None:
    """The socket knows no such field or number."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"do": "play", "message": "home", **fields}, Play)


def test_repeats_count_into_the_longest_time(tmp_path: Path) -> None:
    """Ten times a minute is ten minutes."""
    with box_at(NOON, tmp_path, Limits(longest_minutes=5)) as box:
        reply = page(message="home", repeat=10)(box.station)
        assert isinstance(reply, Refused)
        assert reply.reason is Reason.TOO_LONG
        assert box.airings()[-1].frames > frames(10 * SECONDS)
