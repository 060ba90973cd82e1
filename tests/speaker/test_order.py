"""Order on air: what gives way, what goes on afterwards and how, and who is next (docs/order.md)."""

from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest

from box.settings import Limits
from programme.bulletins import Bulletins
from programme.model import AfterCut, Broadcast
from programme.publication import Publication
from speaker.airing import FADE_FRAMES, Priority, Reason
from speaker.asrun.statements import HOLD
from speaker.in_hand import InHand
from speaker.limits import HardLimits
from speaker.protocol import BeQuiet, Done, Play, Refused, Reply, Stop
from speaker.record import Airing
from speaker.run import Turn
from speaker.script import SCHEDULE, Script
from speaker.turns import CALM_SECONDS
from tests.fakes import SetClock
from tests.speaker.fakes import Box, FakePlayout, a_broadcast, a_message, a_publication, frames, stage

NAMES = ("a", "b", "c")
MORNING = Broadcast(id="morning", at=time(7, 30), messages=NAMES, repeat=2)
FADE_SECONDS = FADE_FRAMES / 48_000


def a_morning(rule: AfterCut = AfterCut.NEXT_MESSAGE, *, grace_minutes: int = 10, revision: str = "r1") -> Publication:
    """Return a publication whose morning says a, b and c, ten seconds each, twice; an evening can be paged."""
    morning = msgspec.structs.replace(MORNING, after_cut=rule, grace_minutes=grace_minutes)
    messages = tuple(a_message(name, seconds=10) for name in NAMES)
    evening = a_broadcast("evening", "18:30", messages=("a",))
    return a_publication(morning, evening, messages=messages, revision=revision)


def in_the_morning(folder, publication: Publication | None = None, limits: Limits | None = None) -> Box:
    """Return a box in which the morning's broadcast has just been armed."""
    clock = SetClock(datetime(2026, 3, 1, 22, 30, tzinfo=UTC))
    box = Box(clock, folder, publication=publication or a_morning(), limits=limits)
    box.station.take_bulletins(Bulletins(messages=tuple(a_message(f"n-{number}") for number in range(4))))
    box.at("2026-03-02T07:29:57")
    return box


def hear(box: Box, seconds: float, since: str = "2026-03-02T07:30:00") -> None:
    """Let it be so many seconds after ``since``, and let what sounds have sounded from then on."""
    then = datetime.fromisoformat(f"{since}+08:00") + timedelta(seconds=seconds)
    box.clock.advance((then - box.clock.now()).total_seconds())
    box.playout.sound(seconds)


def ask(box: Box, **named: object) -> Reply:
    """Ask for a page, and let the station act on it."""
    reply = box.station.ask(Play(**named))  # type: ignore[arg-type]  # the fields of a request, by name
    box.station.settle()
    return reply


def be_calm(box: Box) -> None:
    """Let the silence after an emergency pass."""
    assert box.playout.rundown is None
    box.clock.advance(CALM_SECONDS)
    box.look()


def said(box: Box) -> list[str]:
    """Return the messages of what is in hand, in order."""
    return [item.message_id for item in box.playout.rundown.items if getattr(item, "message_id", None)]


def row(box: Box, number: int = 0) -> Airing:
    """Return a row of the log."""
    return box.airings()[number]


@pytest.mark.parametrize(
    ("rule", "seconds", "rest"),
    [
        (AfterCut.NEXT_MESSAGE, 5, ["a", "b", "c", "a", "b", "c"]),
        (AfterCut.NEXT_MESSAGE, 1 + 10 + FADE_SECONDS - 0.01, ["a", "b", "c", "a", "b", "c"]),
        (AfterCut.NEXT_MESSAGE, 1 + 10 + FADE_SECONDS, ["b", "c", "a", "b", "c"]),
        (AfterCut.NEXT_MESSAGE, 25, ["c", "a", "b", "c"]),
        (AfterCut.NEXT_MESSAGE, 1 + 30 + 1, ["a", "b", "c"]),
        (AfterCut.NEXT_MESSAGE, 1 + 30 + 3 + 25, ["c"]),
        (AfterCut.START, 25, ["a", "b", "c", "a", "b", "c"]),
    ],
)
def test_what_a_page_has_cut_goes_on_by_its_rule(tmp_path, rule, seconds, rest):
    """With its chime again; what was said whole, the fade not counted, is said again only by ``start``."""
    with in_the_morning(tmp_path, a_morning(rule)) as box:
        hear(box, seconds)
        assert isinstance(ask(box, broadcast="evening"), Done)
        assert box.status().today[0].state == "held"
        box.finish()
        assert said(box) == rest
        assert box.playout.rundown.items[0].message_id is None
        assert box.playout.rundown.items[1].message_id == rest[0], "no gap lies before what it goes on with"
        box.finish()
        assert box.told() == [("morning", "aired", ""), ("evening", "aired", "")]
        box.at("2026-03-02T07:39:00")
        assert box.playout.rundown is None


def test_what_is_dropped_stays_cut(tmp_path):
    """On record as pre-empted, with the row that took its place."""
    with in_the_morning(tmp_path, a_morning(AfterCut.DROP)) as box:
        hear(box, 25)
        ask(box, broadcast="evening")
        box.finish()
        assert box.playout.rundown is None
        assert box.told() == [("morning", "pre-empted", "higher-priority"), ("evening", "aired", "")]
        assert [(part.frames_played, part.cut_by) for part in row(box).parts] == [(frames(25), 2)]


def test_one_row_tells_every_part(tmp_path):
    """When each began and ended, what was heard of it and what cut it; started and lateness are the first one's."""
    with in_the_morning(tmp_path) as box:
        hear(box, 25)
        ask(box, broadcast="evening")
        box.finish()
        box.finish()
        aired = row(box)
        begun = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
        cut, page = begun + timedelta(seconds=25), timedelta(seconds=11)
        length = 1 + 4 * 10 + 3
        assert [(part.started, part.ended, part.frames_played, part.cut_by) for part in aired.parts] == [
            (begun, cut, frames(25), 2),
            (cut + page, cut + page + timedelta(seconds=length), frames(length), None),
        ]
        assert (aired.started, aired.ended) == (begun, cut + page + timedelta(seconds=length))
        assert (aired.frames_played, aired.lateness_ms) == (frames(25 + length), 0.0)
        assert row(box, 1).parts == ()


def test_a_broadcast_cut_by_a_page_that_an_emergency_cuts_comes_last(tmp_path):
    """Each goes on in the order of its priority, and the status tells that order."""
    with in_the_morning(tmp_path) as box:
        hear(box, 25)
        ask(box, bulletin="n-0", who="王书记")
        hear(box, 12, "2026-03-02T07:30:25")
        ask(box, broadcast="evening", priority="emergency", occasion="煤气泄漏")
        assert box.playout.rundown.priority is Priority.EMERGENCY
        assert [(one.priority, one.title, one.was_cut) for one in box.status().waiting] == [
            ("page", "稿件 n-0", True),
            ("programme", "稿件 c", True),
        ]
        box.finish()
        be_calm(box)
        assert said(box) == ["n-0"]
        box.finish()
        assert said(box) == ["c", "a", "b", "c"]
        box.finish()
        assert [(one.priority, str(one.outcome), len(one.parts)) for one in box.airings()] == [
            ("programme", "aired", 2),
            ("page", "aired", 2),
            ("emergency", "aired", 0),
        ]
        assert row(box).parts[0].cut_by == 2
        assert row(box, 1).parts[0].cut_by == 3


def test_a_broadcast_is_put_off_by_its_grace_at_most(tmp_path):
    """All its delays together; a page that takes longer leaves it cut."""
    for page_seconds, outcome in ((60, "aired"), (60.1, "pre-empted")):
        folder = tmp_path / str(page_seconds)
        folder.mkdir()
        with in_the_morning(folder, a_morning(grace_minutes=1)) as box:
            hear(box, 25)
            ask(box, bulletin="n-0")
            box.clock.advance(page_seconds)
            box.playout.sound(page_seconds)
            box.playout.finish()
            box.station.settle()
            if box.playout.rundown:
                box.finish()
            assert box.told()[0][:2] == ("morning", outcome)


def test_what_waits_too_long_is_closed_though_nothing_else_happens(tmp_path):
    """The alarm clock is set for it."""
    with in_the_morning(tmp_path, a_morning(grace_minutes=1)) as box:
        hear(box, 25)
        ask(box, bulletin="n-0", repeat=10)
        until = datetime(2026, 3, 1, 23, 31, 25, 1000, tzinfo=UTC)
        assert box.alarm_clock.instant == until
        box.clock.advance((until - box.clock.now()).total_seconds())
        box.look()
        assert box.told()[0] == ("morning", "pre-empted", "higher-priority")
        assert row(box).frames_played == frames(25)


def test_what_goes_on_keeps_the_limits(tmp_path):
    """The minutes of the day are asked again, with what was heard; the reason is on record."""
    with in_the_morning(tmp_path, limits=Limits(longest_minutes_per_day=2)) as box:
        hear(box, 55)
        ask(box, bulletin="n-0")
        box.finish()
        box.finish()
        assert box.told()[0] == ("morning", "aired", "")
    folder = tmp_path / "used-up"
    folder.mkdir()
    with in_the_morning(folder, limits=Limits(longest_minutes_per_day=2)) as box:
        hear(box, 25)
        ask(box, bulletin="n-0", repeat=2)
        box.finish()
        assert box.told()[0] == ("morning", "cut", "day-used-up")
        assert row(box).frames_played == frames(25)


def test_what_goes_on_says_what_is_on_air_then(tmp_path):
    """A message that was withdrawn or changed meanwhile is not said; of a broadcast that is gone nothing is."""
    with in_the_morning(tmp_path) as box:
        hear(box, 25)
        ask(box, broadcast="evening")
        fewer = msgspec.structs.replace(a_morning(revision="r2"), messages=(a_message("a", seconds=10),))
        only_a = msgspec.structs.replace(MORNING, messages=("a",))
        box.take(msgspec.structs.replace(fewer, broadcasts=(only_a,)))
        box.finish()
        assert said(box) == ["a"], "the second round's"
        box.finish()
        assert box.told()[0] == ("morning", "aired", "")
    folder = tmp_path / "gone"
    folder.mkdir()
    with in_the_morning(folder) as box:
        hear(box, 25)
        ask(box, bulletin="n-0")
        box.take(a_publication(a_broadcast("evening", "18:30"), revision="r2"))
        box.finish()
        assert box.playout.rundown is None
        assert box.told()[0] == ("morning", "cut", "unknown")


def test_stop_ends_what_was_cut_and_the_queue_too(tmp_path):
    """Somebody wants silence; what has not begun is aired at its time."""
    with in_the_morning(tmp_path) as box:
        hear(box, 25)
        ask(box, bulletin="n-0")
        ask(box, bulletin="n-1")
        hear(box, 3, "2026-03-02T07:30:25")
        box.station.ask(Stop())
        box.station.settle()
        assert box.playout.rundown is None
        assert [(outcome, reason) for _, outcome, reason in box.told()] == [
            ("cut", "stopped"), ("cut", "stopped"), ("missed", "stopped"),
        ]  # fmt: skip
        assert box.status().waiting == ()


def test_stop_in_the_same_moment_as_a_page_lets_nothing_go_on():
    """Also where the end of what was cut has not been reported yet when somebody wants silence."""
    clock, ended = SetClock(datetime(2026, 3, 1, 22, 30, tzinfo=UTC)), list[int]()
    in_hand = InHand(
        playout=FakePlayout(clock),
        clock=clock,
        limits=HardLimits(Limits()),
        stage=stage,
        ended=lambda number, _: ended.append(number),
        early=timedelta(),
    )
    script = Script("morning", (a_message("a"),), 1, 3, 0, None, 80, Priority.PROGRAMME)
    for row in (7, 8, 9):
        in_hand.start(Turn(row, script, SCHEDULE, 0.0))
    assert in_hand.end(ended[0]).cut_by == 8
    in_hand.stop(Reason.STOPPED)
    assert in_hand.end(ended[1]).cut_by is None
    assert in_hand.end(ended[2]).run.row == 9


def test_a_quiet_request_ends_all_but_emergencies(tmp_path):
    """The emergency that sounds sounds on, the one that waits is next; pages and what was cut are not heard."""
    with in_the_morning(tmp_path) as box:
        hear(box, 25)
        ask(box, bulletin="n-0", priority="emergency", occasion="火警")
        ask(box, bulletin="n-1")
        ask(box, bulletin="n-2", priority="emergency", occasion="火警")
        assert isinstance(box.station.ask(BeQuiet(until=box.clock.now() + timedelta(hours=1))), Done)
        box.station.settle()
        assert [(outcome, reason) for _, outcome, reason in box.told()] == [
            ("cut", "quiet-request"), ("open", ""), ("refused", "quiet-request"), ("open", ""),
        ]  # fmt: skip
        box.finish()
        assert said(box) == ["n-2"]


def test_power_that_goes_while_it_waits_interrupts_it(tmp_path):
    """Attempted once more from its start, as what sounded when the power went; its first row keeps the part."""
    with in_the_morning(tmp_path) as box:
        hear(box, 25)
        ask(box, bulletin="n-0")
        clock = box.clock
    clock.advance(60)
    with Box(clock, tmp_path, publication=a_morning()) as box:
        box.look()
        assert box.told() == [("morning", "cut", "interrupted"), (None, "cut", "interrupted"), ("morning", "open", "")]
        assert row(box).frames_played == frames(25)
        assert [part.cut_by for part in row(box).parts] == [2]
        assert said(box) == ["a", "b", "c"] * 2
        assert row(box, 2).attempt == 2


def test_a_second_attempt_that_has_to_wait_waits_five_minutes_at_most(tmp_path):
    """Since the first was begun: a page that takes longer leaves it missed as busy, though its grace is ten."""
    publication = a_morning()
    with in_the_morning(tmp_path, publication) as box:
        hear(box, 25)
        clock = box.clock
    clock.advance(60)
    with Box(clock, tmp_path, publication=publication) as box:
        box.look()
        box.play("evening", repeat=10)
        clock.advance(300)
        box.playout.finish()
        box.look()
        assert box.playout.rundown is None
        assert box.told()[:2] == [("morning", "cut", "interrupted"), ("morning", "missed", "busy")]


def test_a_card_that_is_gone_when_it_goes_on_leaves_it_cut(tmp_path):
    """It was begun once; what was heard is on record."""
    with in_the_morning(tmp_path) as box:
        hear(box, 25)
        ask(box, bulletin="n-0")
        box.finish()
        box.fail(Reason.CARD_MISSING)
        box.look()
        assert box.told()[0] == ("morning", "cut", "card-missing")
        assert row(box).frames_played == frames(25)


def test_a_clock_set_back_to_before_it_was_due_leaves_it_cut(tmp_path):
    """It does not wait for its time to come again."""
    with in_the_morning(tmp_path) as box:
        hear(box, 25)
        ask(box, bulletin="n-0")
        box.set_clock(-3600)
        box.finish()
        assert box.told()[0] == ("morning", "pre-empted", "higher-priority")
        box.at("2026-03-02T07:30:00")
        assert box.playout.rundown is None


@pytest.mark.parametrize("when", ["it is cut", "the page ends"])
def test_a_storage_that_refuses_when_it_is_cut_repeats_nothing(tmp_path, when):
    """It goes on all the same, from where it was, and its end tells every part."""
    with in_the_morning(tmp_path) as box:
        hear(box, 25)
        box.log.fails_at = HOLD if when == "it is cut" else ""
        ask(box, bulletin="n-0")
        box.station.settle()
        assert ("log-unwritable" in {alarm.code for alarm in box.status().alarms}) == (when == "it is cut")
        box.log.fails_at = ""
        box.log.fails = when == "the page ends"
        box.finish()
        box.log.fails = False
        box.look()
        assert said(box) == ["c", "a", "b", "c"]
        box.finish()
        assert box.told()[0] == ("morning", "aired", "")
        assert len(box.airings()[0].parts) == 2


def test_pages_wait_for_one_another_and_nobody_keeps_the_rest_waiting(tmp_path):
    """Whoever was heard longest ago is next: one with three pages does not keep another waiting."""
    with in_the_morning(tmp_path) as box:
        box.finish()
        ask(box, bulletin="n-0", who="甲")
        ask(box, bulletin="n-1", who="甲")
        ask(box, bulletin="n-2", who="甲")
        last = ask(box, bulletin="n-3", who="乙")
        assert last.ahead == 3
        assert [one.who for one in box.status().waiting] == ["乙", "甲", "甲"]
        heard = []
        while box.playout.rundown:
            heard += said(box)
            box.finish()
        assert heard == ["n-0", "n-3", "n-1", "n-2"]
        assert {str(one.outcome) for one in box.airings()} == {"aired"}


def test_the_queue_has_an_end(tmp_path):
    """The same twice, a fourth of one person, and a ninth of all are refused with a sentence, and without a row."""
    with in_the_morning(tmp_path) as box:
        ask(box, bulletin="n-0", who="甲")
        again = ask(box, bulletin="n-0", who="甲")
        assert isinstance(again, Refused)
        assert again.reason is Reason.BUSY
        assert "已经在排队" in again.zh
        for number in (1, 2, 3):
            assert isinstance(ask(box, bulletin=f"n-{number}", who="甲"), Done)
        assert "您已经有 3 个" in ask(box, broadcast="evening", who="甲").zh
        for who in ("乙", "丙", "丁", "戊", "己"):
            assert isinstance(ask(box, bulletin="n-0", who=who), Done)
        assert "8 个" in ask(box, bulletin="n-0", who="庚").zh
        assert len(box.airings()) == 1 + 1 + 3 + 5


def test_a_page_that_waits_for_ten_minutes_is_missed(tmp_path):
    """As busy, whatever sounds so long."""
    with in_the_morning(tmp_path) as box:
        ask(box, bulletin="n-0", priority="emergency", occasion="火警", repeat=10)
        ask(box, bulletin="n-1")
        box.clock.advance(600.002)
        box.look()
        assert box.told()[-1] == (None, "missed", "busy")


def test_an_emergency_waits_for_an_emergency_and_goes_before_all_pages(tmp_path):
    """The first one is heard whole."""
    with in_the_morning(tmp_path) as box:
        box.finish()
        ask(box, bulletin="n-0", priority="emergency", occasion="火警", who="甲")
        ask(box, bulletin="n-1", who="乙")
        ask(box, bulletin="n-2", priority="emergency", occasion="煤气", who="甲")
        assert said(box) == ["n-0"]
        box.finish()
        assert said(box) == ["n-2"]
        box.finish()
        be_calm(box)
        assert said(box) == ["n-1"]


def test_a_page_waits_out_the_pause_that_the_installer_wants(tmp_path):
    """In silence where it is short; through a long one the broadcast goes on, and is cut once more."""
    for gap, between in ((20, None), (40, ["c", "a", "b", "c"])):
        folder = tmp_path / str(gap)
        folder.mkdir()
        with in_the_morning(folder, limits=Limits(page_gap_seconds=gap)) as box:
            hear(box, 25)
            ask(box, bulletin="n-0", who="甲")
            ask(box, bulletin="n-1", who="乙")
            box.finish()
            assert (said(box) if box.playout.rundown else None) == between
            if between:
                box.playout.sound(20)
            box.clock.advance(gap)
            box.look()
            assert said(box) == ["n-1"]
            box.finish()
            assert said(box)[0] == ("a" if between else "c")


def test_a_cue_that_is_due_waits_for_what_was_cut_before_it(tmp_path):
    """In the order in which they were due, each in one row."""
    publication = a_morning()
    noon = replace_broadcast(publication, a_broadcast("second", "07:31", messages=("b",)))
    with in_the_morning(tmp_path, noon) as box:
        hear(box, 25)
        ask(box, bulletin="n-0", repeat=2)
        box.finish()
        assert box.clock.now() > datetime(2026, 3, 1, 23, 31, tzinfo=UTC)
        assert said(box) == ["c", "a", "b", "c"]
        box.finish()
        assert said(box) == ["b"]
        box.finish()
        assert box.told() == [("morning", "aired", ""), (None, "aired", ""), ("second", "aired", "")]


def replace_broadcast(publication: Publication, broadcast: Broadcast) -> Publication:
    """Return the publication with one more broadcast."""
    return msgspec.structs.replace(publication, broadcasts=(*publication.broadcasts, broadcast))
