"""What is due: once, in its grace, never in quiet hours, whatever the clock and the power do."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from box.settings import Limits
from programme.cues import Cue, Occurrence
from speaker.airing import Outcome, Reason
from speaker.asrun.ledger import Attempt, Ledger
from speaker.due import decide
from speaker.limits import HardLimits
from tests.thorough import examples

DAY = date(2026, 3, 2)
LIMITS = HardLimits(Limits())
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """Return that instant of Shanghai, on 2 March 2026 where only a time is given."""
    return datetime.fromisoformat(f"{text if 'T' in text else f'2026-03-02T{text}'}+08:00")


def cue(name: str, due: str, *, minutes: int = 10, messages: tuple[str, ...] = ("home",)) -> Cue:
    """Return a cue."""
    instant = at(due)
    return Cue(
        occurrence=Occurrence(instant.date(), name),
        due=instant,
        grace=timedelta(minutes=minutes),
        messages=messages,
        expired=(),
        repeat=1,
        gap_seconds=0,
        pause_seconds=1,
        chime=None,
        volume_percent=80,
    )


def ledger(*attempts: Attempt, created: datetime = LONG_AGO, lost: bool = False) -> Ledger:
    """Return a ledger that knows of ``attempts`` at the morning's occurrence."""
    return Ledger(created, lost, {Occurrence(DAY, "morning"): attempts})


@pytest.mark.parametrize(
    ("now", "first", "again"),
    [
        ("07:00", "morning", "07:30"),
        ("07:30", "morning", "07:40:00.001"),
        ("07:40", "morning", "07:40:00.001"),
    ],
)
def test_a_cue_is_owed_until_its_grace_has_passed(now, first, again):
    """Before it is due it is the next; then until the end of its grace, which is in it."""
    decision = decide([cue("morning", "07:30")], ledger(), LIMITS, at(now))
    assert decision.first.cue.occurrence.broadcast_id == first
    assert decision.again == at(again)
    assert decision.not_aired == ()


def test_a_cue_whose_grace_has_passed_is_missed():
    """Recorded once, with the reason."""
    decision = decide([cue("morning", "07:30")], ledger(), LIMITS, at("07:41"))
    assert decision.first is None
    (missed,) = decision.not_aired
    assert (missed.outcome, missed.reason, missed.attempt) == (Outcome.MISSED, Reason.TOO_LATE, 1)
    known = ledger(Attempt(1, Outcome.MISSED, Reason.TOO_LATE))
    assert decide([cue("morning", "07:30")], known, LIMITS, at("07:42")).not_aired == ()


@pytest.mark.parametrize(
    ("attempts", "attempt"),
    [
        ((Attempt(1, Outcome.AIRED),), None),
        ((Attempt(1, Outcome.CUT, Reason.STOPPED, 5),), None),
        ((Attempt(1, Outcome.CUT, Reason.CARD_LOST, 5),), None),
        ((Attempt(1, Outcome.CUT, Reason.SHUT_DOWN, 5),), None),
        ((Attempt(1, Outcome.CUT, Reason.SHUT_DOWN, 0),), 2),
        ((Attempt(1, Outcome.PRE_EMPTED, Reason.HIGHER_PRIORITY, 5),), None),
        ((Attempt(1, Outcome.REFUSED, Reason.TOO_LONG),), None),
        ((Attempt(1, Outcome.MISSED, Reason.STOPPED),), None),
        ((Attempt(1, Outcome.MISSED, Reason.CLIP_DAMAGED),), None),
        ((Attempt(1, None),), 1),
        ((Attempt(1, Outcome.CUT, Reason.INTERRUPTED, 5),), 2),
        ((Attempt(1, Outcome.CUT, Reason.INTERRUPTED, 5, reached_its_end=True),), None),
        ((Attempt(1, Outcome.CUT, Reason.INTERRUPTED, 5), Attempt(2, Outcome.AIRED)), None),
        ((Attempt(1, Outcome.CUT, Reason.INTERRUPTED, 5), Attempt(2, Outcome.CUT, Reason.INTERRUPTED)), None),
        ((Attempt(1, Outcome.MISSED, Reason.TOO_LATE),), 2),
        ((Attempt(1, Outcome.MISSED, Reason.CLOCK_UNTRUSTED),), 2),
    ],
)
def test_what_is_on_record_decides_whether_it_is_attempted(attempts, attempt):
    """Once; after death once more; and again where nothing sounded and the clock was set back into the grace."""
    first = decide([cue("morning", "07:30")], ledger(*attempts), LIMITS, at("07:31")).first
    assert (first.attempt if first else None) == attempt


def test_an_interrupted_attempt_is_not_called_missed_too():
    """Its row tells what happened."""
    known = ledger(Attempt(1, Outcome.CUT, Reason.INTERRUPTED, 5))
    assert decide([cue("morning", "07:30")], known, LIMITS, at("07:50")).not_aired == ()


@pytest.mark.parametrize(
    ("begun", "now", "attempt"),
    [
        ("07:30", "07:34:59", 2),
        ("07:30", "07:35", None),
        ("07:38", "07:40", 2),
        ("07:36", "07:41", None),
    ],
)
def test_it_is_begun_anew_only_if_less_than_five_minutes_are_gone(begun, now, attempt):
    """Since it began, at its time or late; and within the grace."""
    known = ledger(Attempt(1, Outcome.CUT, Reason.INTERRUPTED, 5, at(begun)))
    decision = decide([cue("morning", "07:30")], known, LIMITS, at(now))
    assert (decision.first.attempt if decision.first else None) == attempt
    assert decision.not_aired == ()


@pytest.mark.parametrize(
    ("untrusted_from", "reason"),
    [(None, Reason.TOO_LATE), ("07:31", Reason.TOO_LATE), ("07:30", Reason.CLOCK_UNTRUSTED)],
)
def test_what_was_due_while_nobody_knew_the_time_is_missed_for_that(untrusted_from, reason):
    """What was due before is too late, whatever came after."""
    since = at(untrusted_from) if untrusted_from else None
    decision = decide([cue("morning", "07:30")], ledger(), LIMITS, at("09:00"), untrusted_from=since)
    assert [one.reason for one in decision.not_aired] == [reason]


@pytest.mark.parametrize(
    ("due", "now", "reason"),
    [
        ("21:25", "21:29:59", None),
        ("21:25", "21:30", Reason.TOO_LATE),
        ("21:30", "21:30", Reason.QUIET_HOURS),
        ("06:25", "06:31", Reason.QUIET_HOURS),
        ("06:30", "06:31", None),
    ],
)
def test_grace_never_reaches_into_quiet_hours(due, now, reason):
    """Nor does it reach out of them: a cue due in quiet hours is refused."""
    decision = decide([cue("morning", due)], ledger(), LIMITS, at(now))
    assert (decision.first is None) == (reason is not None)
    assert [one.reason for one in decision.not_aired] == ([reason] if reason else [])


def test_a_cue_that_will_be_refused_keeps_no_other_waiting():
    """It is looked at when it is due, and the next is first."""
    cues = [cue("night", "06:00"), cue("empty", "07:00", messages=()), cue("morning", "07:30")]
    decision = decide(cues, ledger(), LIMITS, at("05:00"))
    assert decision.first.cue.occurrence.broadcast_id == "morning"
    assert decision.again == at("06:00")
    assert decision.not_aired == ()


def test_nothing_to_say_is_missed_when_it_is_due():
    """All its messages have expired."""
    (missed,) = decide([cue("morning", "07:30", messages=())], ledger(), LIMITS, at("07:30")).not_aired
    assert missed.reason is Reason.NOTHING_TO_SAY


def test_what_was_due_before_the_log_is_not_owed():
    """A new box is silent about the past; one whose log is lost calls it missed, and airs none of it."""
    cues = [cue("morning", "07:30"), cue("evening", "18:30")]
    new = decide(cues, ledger(created=at("07:33")), LIMITS, at("07:33"))
    assert new.not_aired == ()
    assert new.first.cue.occurrence.broadcast_id == "evening"
    lost = decide(cues, ledger(created=at("07:33"), lost=True), LIMITS, at("07:33"))
    assert [(one.cue.occurrence.broadcast_id, one.reason) for one in lost.not_aired] == [("morning", Reason.TOO_LATE)]
    assert lost.first == new.first


def test_a_broadcast_is_owed_since_it_has_its_time():
    """One that was moved to 07:30 at 07:31 starts tomorrow."""
    known = Ledger(LONG_AGO, owed_since={"morning": at("07:31")})
    cues = [cue("morning", "07:30"), cue("morning", "2026-03-03T07:30")]
    decision = decide(cues, known, LIMITS, at("07:32"))
    assert decision.first.cue.occurrence.day == date(2026, 3, 3)
    assert decision.not_aired == ()


def test_around_midnight_yesterday_is_looked_at():
    """Without quiet hours, 23:55 is owed until five past midnight."""
    loud = HardLimits(Limits(quiet_hours=""))
    cues = [cue("late", "2026-03-01T23:55"), cue("late", "2026-03-02T23:55")]
    assert decide(cues, ledger(), loud, at("00:04")).first.cue.occurrence.day == date(2026, 3, 1)
    assert decide(cues, ledger(), loud, at("00:06")).first.cue.occurrence.day == date(2026, 3, 2)


def test_of_two_that_are_due_the_earlier_is_first():
    """The later waits for it, within its own grace."""
    cues = [cue("b", "07:31"), cue("a", "07:30")]
    assert decide(cues, ledger(), LIMITS, at("07:32")).first.cue.occurrence.broadcast_id == "a"
    waiting = decide(cues, ledger(), LIMITS, at("07:32"), in_hand=[Occurrence(DAY, "a")])
    assert waiting.first.cue.occurrence.broadcast_id == "b"
    assert waiting.again == at("07:41:00.001")


def test_silence_ends_what_waits():
    """What was due when somebody held the button is missed; what is due later is not."""
    cues = [cue("a", "07:30"), cue("b", "07:35")]
    decision = decide(cues, ledger(), LIMITS, at("07:31"), silent_since=at("07:31"))
    assert [(one.cue.occurrence.broadcast_id, one.reason) for one in decision.not_aired] == [("a", Reason.STOPPED)]
    assert decision.first.cue.occurrence.broadcast_id == "b"


@dataclass
class World:
    """A box with power cuts and a clock that anybody may set; its ledger is what is on record."""

    now: datetime
    ledger: dict[Occurrence, tuple[Attempt, ...]] = field(default_factory=dict)
    sounding: Occurrence | None = None
    completed: list[Occurrence] = field(default_factory=list)
    starts: list[tuple[Cue, datetime]] = field(default_factory=list)

    def look(self, cues: list[Cue], limits: HardLimits, created: datetime) -> None:
        """Do what the station does with a decision."""
        known = Ledger(min(created, self.now), attempts=self.ledger)
        decision = decide(cues, known, limits, self.now, in_hand=[self.sounding] if self.sounding else [])
        for one in decision.not_aired:
            self._write(one.cue.occurrence, Attempt(one.attempt, one.outcome, one.reason))
        first = decision.first
        if first is not None and self.sounding is None and first.cue.due <= self.now:
            self._write(first.cue.occurrence, Attempt(first.attempt, None))
            self.sounding = first.cue.occurrence
            self.starts.append((first.cue, self.now))

    def end(self, outcome: Outcome, reason: Reason) -> None:
        """End what sounds, if anything does."""
        if self.sounding is not None:
            attempts = self.ledger[self.sounding]
            self._write(self.sounding, Attempt(attempts[-1].number, outcome, reason, 9))
            if outcome is Outcome.AIRED:
                self.completed.append(self.sounding)
            self.sounding = None

    def _write(self, occurrence: Occurrence, attempt: Attempt) -> None:
        others = tuple(one for one in self.ledger.get(occurrence, ()) if one.number != attempt.number)
        assert len(others) + 1 == attempt.number
        self.ledger[occurrence] = (*others, attempt)


STEPS = st.one_of(
    st.tuples(st.just("pass"), st.integers(1, 5400)),
    st.tuples(st.just("set"), st.integers(-90_000, 90_000)),
    st.tuples(st.just("finish"), st.just(0)),
    st.tuples(st.just("die"), st.just(0)),
)
MINUTES = st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 120)), min_size=1, max_size=5)
HOURS = st.sampled_from(["21:30-06:30", "", "12:00-14:00", "00:30-23:00"])


@settings(max_examples=examples(300, everyday=100), deadline=None)
@given(MINUTES, HOURS, st.lists(STEPS, max_size=60))
def test_the_promise(minutes, hours, steps):
    """Completed at most once, begun at most twice, never in quiet hours, never outside [due, due + grace]."""
    limits = HardLimits(Limits(quiet_hours=hours))
    cues = [
        cue(f"b{number}", f"2026-03-{day:02d}T{minute // 60:02d}:{minute % 60:02d}", minutes=grace)
        for number, (minute, grace) in enumerate(minutes)
        for day in range(1, 6)
    ]
    created = at("2026-03-02T06:00")
    world = World(created)
    for step, seconds in steps:
        if step in {"pass", "set"}:
            world.now += timedelta(seconds=seconds)
        elif step == "finish":
            world.end(Outcome.AIRED, Reason.NONE)
        else:
            world.end(Outcome.CUT, Reason.INTERRUPTED)
        today = world.now.astimezone(at("00:00").tzinfo).date()
        nearby = [one for one in cues if abs((one.occurrence.day - today).days) <= 1]
        world.look(nearby, limits, created)
    assert len(world.completed) == len(set(world.completed))
    begun = [one.occurrence for one, _ in world.starts]
    assert all(begun.count(occurrence) <= 2 for occurrence in begun)
    for one, instant in world.starts:
        assert not limits.is_quiet(instant)
        assert one.due <= instant <= one.due + one.grace
