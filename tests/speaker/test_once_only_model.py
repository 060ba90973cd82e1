"""Once and only once, over thousands of generated days: everything that may happen to a box, held to what is promised.

The real station and its log live through steps of the clock, power cuts, clocks that nobody believes, changes of the
programme and of its zone, daylight saving, pages, and a sound card that comes and goes. What must be true of it is in
``promise``, which knows nothing of how the speaker decides.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from box.settings import Limits
from programme.cues import Occurrence
from programme.model import AfterCut, Broadcast
from programme.publication import Publication
from speaker.airing import Outcome, Reason
from speaker.protocol import Refused
from speaker.record import Airing
from speaker.trust.states import Trust
from tests.speaker.fakes import a_message, a_publication
from tests.speaker.promise import (
    CALM,
    EARLY,
    Due,
    Night,
    OwedSince,
    Plan,
    hold_in_time,
    hold_once,
    hold_punctual,
    hold_the_night,
    hold_the_record,
    may_still_sound,
    occurrence_of,
)
from tests.speaker.simulated import Courtyard
from tests.thorough import examples

BELIEVED = (Trust.SYNCHRONISED, Trust.KEPT)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe")
STARTS = (  # among them the nights in which two of the zones change to daylight saving and back
    datetime(2026, 3, 27, 20, 0, tzinfo=UTC),
    datetime(2026, 10, 23, 20, 0, tzinfo=UTC),
    datetime(2026, 4, 3, 3, 0, tzinfo=UTC),
    datetime(2026, 12, 30, 12, 0, tzinfo=UTC),
)
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - tens of thousands of durable writes; a private folder is made in it
QUIET = ("21:30-06:30", "", "12:00-14:00", "00:30-23:00", "23:58-00:02")
intos = st.integers(-4, 420)  # seconds after its due instant
aways = st.integers(1, 400)
betweens = st.integers(5, 40)
minutes = st.one_of(
    st.integers(0, 1439),
    st.integers(7 * 60, 7 * 60 + 40),
    st.integers(60, 240),
    st.sampled_from([0, 1, 3, 1435, 1438, 1439]),  # around midnight
)
broadcasts = st.lists(
    st.tuples(
        minutes,
        st.sampled_from([0, 1, 10, 25]),
        st.sampled_from([5, 40, 290, 420]),
        st.sampled_from(AfterCut),
        st.integers(1, 2),
    ),
    min_size=1,
    max_size=4,
)
seconds_of_a_step = st.one_of(
    st.integers(-120, 120), st.integers(-7200, 7200), st.integers(-90_000, 90_000), st.integers(-900_000, 900_000)
)


def programme(zone: str, parts: list[tuple[int, int, int, AfterCut, int]], revision: str) -> Publication:
    """Return a publication whose broadcasts say each a message of their own name."""
    return msgspec.structs.replace(
        a_publication(
            *(
                Broadcast(
                    id=f"b{number}",
                    at=time(at // 60, at % 60),
                    messages=(f"b{number}",),
                    repeat=repeat,
                    grace_minutes=grace,
                    after_cut=rule,
                )
                for number, (at, grace, _, rule, repeat) in enumerate(parts)
            ),
            messages=tuple(a_message(f"b{number}", seconds=part[2]) for number, part in enumerate(parts)),
            revision=revision,
        ),
        timezone=zone,
    )


def knows_the_time(machine: OnceOnly) -> bool:
    """Tell whether the box runs and its clock is believed: else it is silent, and little can go wrong."""
    return machine.power and machine.yard.is_believed


def around_a_cue(**drawn):
    """Make a rule of what happens at one of the next cues (``number``), while the box can sound."""
    return lambda happens: precondition(knows_the_time)(rule(number=st.integers(0, 3), **drawn)(happens))


class OnceOnly(RuleBasedStateMachine):
    """A box, and everything that may happen to one."""

    yard: Courtyard

    @initialize(
        start=st.sampled_from(STARTS),
        zone=st.sampled_from(ZONES),
        night=st.tuples(st.sampled_from(QUIET), st.sampled_from(ZONES)),
        parts=broadcasts,
        trust=st.sampled_from(Trust),
    )
    def put_up(self, start, zone, night, parts, trust):
        """Put a new box up in the yard."""
        self.folder = Path(tempfile.mkdtemp(dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
        limits = Limits(quiet_hours=night[0], timezone=night[1], longest_minutes_per_day=1440)
        self.parts = parts
        self.zone = zone
        self.revisions = 1
        self.power = True
        self.looked_at = 0
        self.spans_looked_at = 0
        self.night = Night(*night)
        self.owed = OwedSince()
        self.begun_before: set[Occurrence] = set()
        self.yard = Courtyard(start, self.folder, limits, programme(zone, parts, "r1"), trust)
        self.put_on_air()

    def teardown(self):
        """Take it down."""
        if hasattr(self, "yard"):
            if self.power:
                self.yard.end()
            shutil.rmtree(self.folder)

    @precondition(lambda self: self.power)
    @rule(seconds=st.integers(1, 900))
    def live(self, seconds):
        """Let minutes pass."""
        self.pass_time(seconds)

    @precondition(lambda self: self.power)
    @rule(number=st.integers(0, 3), seconds=st.integers(-8, 700))
    def live_to_a_cue(self, number, seconds):
        """Let time pass until just before, at, within or after a cue."""
        coming = sorted(due.at for due in self.plan().around(self.now(), 0, 2) if due.at > self.now())
        wait = (coming[min(number, len(coming) - 1)] - self.now()).total_seconds() + seconds
        self.pass_time(max(0.0, wait))

    @precondition(knows_the_time)
    @rule(days=st.integers(1, 4))
    def live_for_days(self, days):
        """Let days pass."""
        self.pass_time(days * 86_400)

    @around_a_cue(into=intos, away=aways)
    def power_blinks(self, number, into, away):
        """Take the power away before a cue, or in its middle, for some minutes."""
        self.live_to_a_cue(number, into)
        self.blink(away)
        self.pass_time(30)

    @around_a_cue(into=st.integers(-4, 60), away=st.integers(1, 40), between=betweens)
    def power_flickers(self, number, into, away, between):
        """Take it away three times within a few minutes."""
        self.live_to_a_cue(number, into)
        for _ in range(3):
            self.blink(away)
            self.pass_time(between)

    @around_a_cue(into=st.integers(0, 100), more=st.integers(-60, 60))
    def power_is_away_for_about_five_minutes(self, number, into, more):
        """Give it back shortly before or after it is too late to begin anew."""
        self.live_to_a_cue(number, into)
        self.blink(300 - into + more)
        self.pass_time(30)

    @around_a_cue(into=intos, away=aways)
    def power_is_away_for_days(self, number, into, away):
        """Miss what is due meanwhile."""
        self.live_to_a_cue(number, into)
        self.blink(away * 1000)

    @around_a_cue(into=betweens, away=st.integers(1, 60))
    def power_blinks_while_one_waits_for_the_card(self, number, into, away):
        """Leave its row open, and come back with the card."""
        self.plug("missing")
        self.live_to_a_cue(number, into)
        self.blink(away)
        self.plug("card")
        self.pass_time(30)

    @around_a_cue(into=betweens)
    def the_card_is_back_in_time(self, number, into):
        """Let one wait for it."""
        self.plug("missing")
        self.live_to_a_cue(number, into)
        self.plug("card")

    @around_a_cue(before=betweens)
    def clock_is_set_back_to_one_that_was_missed(self, number, before):
        """Miss it by an hour, and have the hour taken back."""
        self.live_to_a_cue(number, -before)
        self.blink(3600)
        self.yard.set_clock(-3600)
        self.pass_time(2 * before)

    @around_a_cue(into=intos, before=betweens)
    def clock_is_set_back_to_one_that_was_aired(self, number, into, before):
        """Let it be due again, aired or in the middle of it."""
        self.live_to_a_cue(number, into)
        self.yard.set_clock(-into - before)
        self.pass_time(2 * before)

    @around_a_cue(tenths=st.integers(-400, 400))
    def clock_is_set_while_one_is_armed(self, number, tenths):
        """Set it by some seconds, either way."""
        self.live_to_a_cue(number, -2)
        self.yard.set_clock(tenths / 10)
        self.pass_time(60)

    @around_a_cue(before=betweens, minutes=st.integers(-14, 5))
    def cues_are_moved(self, number, before, minutes):
        """Move all to a little before now, so that they would be late, or a little later."""
        self.live_to_a_cue(number, -before)
        self.parts = [((at + minutes) % 1440, *rest) for at, *rest in self.parts]
        self.publish()
        self.pass_time(before)

    @around_a_cue(minutes=st.integers(-14, 0))
    def a_cue_is_moved_to_before_the_night(self, number, minutes):
        """Have it due so shortly before the quiet hours that it, or its grace, may reach into them."""
        night = self.night.next_start(self.now())
        if night is not None and (night - self.now()).total_seconds() > 900:
            shown = (night + timedelta(minutes=minutes)).astimezone(ZoneInfo(self.zone))
            one = number % len(self.parts)
            self.parts[one] = (shown.hour * 60 + shown.minute, *self.parts[one][1:])
            self.publish()
            self.pass_time((night - self.now()).total_seconds() + 120)

    @around_a_cue(zone=st.sampled_from(ZONES), into=betweens)
    def in_another_zone_it_has_just_been_due(self, number, zone, into):
        """Put another zone on air a moment after that."""
        coming = sorted(due.at for due in self.plan(zone).around(self.now(), 0, 2) if due.at > self.now())
        self.pass_time((coming[min(number, len(coming) - 1)] - self.now()).total_seconds() + into)
        self.change_zone(zone)
        self.pass_time(30)

    def blink(self, away):
        """Take the power away, and give it back soon."""
        self.yard.cut_power(away)
        self.yard.switch_on(Trust.KEPT if self.yard.is_believed else Trust.UNTRUSTED)

    @precondition(knows_the_time)
    @rule(seconds=seconds_of_a_step)
    def set_clock(self, seconds):
        """Have a time server set the clock, rightly or not, forward or back."""
        self.yard.set_clock(seconds)

    @precondition(knows_the_time)
    @rule()
    def lose_trust(self):
        """Set the clock by hand: nobody can tell whether it is right."""
        self.yard.believe(Trust.UNTRUSTED, seconds=-4000)

    @precondition(lambda self: self.power and not self.yard.is_believed)
    @rule(trust=st.sampled_from(BELIEVED))
    def gain_trust(self, trust):
        """Let the time be known again, the true one."""
        self.yard.believe(trust, seconds=-self.yard.true_offset.total_seconds())

    @precondition(lambda self: self.power)
    @rule(seconds=st.one_of(st.integers(1, 600), st.integers(3600, 400_000)))
    def cut_power(self, seconds):
        """Take the power away."""
        self.yard.cut_power(seconds)
        self.power = False

    @precondition(lambda self: not self.power)
    @rule(wakes=st.sampled_from(["right", "saved", "1970"]))
    def restore_power(self, wakes):
        """Give it back, with a clock that ran on, with the time of before, or with that of 1970."""
        clock = self.yard.clock
        if wakes == "saved":
            clock.step(-3000)
            self.yard.true_offset -= timedelta(seconds=3000)
        elif wakes == "1970":
            back = clock.now() - datetime(1970, 1, 1, 0, 1, tzinfo=UTC)
            clock.step(-back.total_seconds())
            self.yard.true_offset -= back
        self.yard.switch_on(Trust.KEPT if wakes == "right" else Trust.UNTRUSTED)
        self.power = True

    @precondition(lambda self: self.power)
    @rule(parts=broadcasts)
    def change_programme(self, parts):
        """Move, add or take away broadcasts."""
        self.parts = parts
        self.publish()

    @precondition(knows_the_time)
    @rule(zone=st.sampled_from(ZONES))
    def change_zone(self, zone):
        """Give the programme another time zone."""
        self.zone = zone
        self.publish()

    @precondition(lambda self: self.power)
    @rule(priority=st.sampled_from(["page", "emergency"]), number=st.integers(0, 3))
    def page(self, priority, number):
        """Somebody wants to be heard now. A clock nobody believes refuses it, and that is on record.

        What waits from before answers first that it waits.
        """
        rows = len(self.rows())
        reply = self.yard.box.play(f"b{min(number, len(self.parts) - 1)}", priority=priority, occasion="试")
        self.pass_time(0)  # it sounds from now on, by the clock as it is now
        if not self.yard.is_believed:
            assert isinstance(reply, Refused)
            assert reply.reason in {Reason.CLOCK_UNTRUSTED, Reason.BUSY}
            assert all(row.clock is Trust.UNTRUSTED for row in self.rows()[rows:])

    @precondition(knows_the_time)
    @rule(number=st.integers(0, 3), into=st.integers(-4, 420), ahead=st.integers(0, 60), other=st.integers(0, 3))
    def page_into_a_cue(self, number, into, ahead, other):
        """Somebody speaks into a broadcast, and a little later somebody has an alarm."""
        self.live_to_a_cue(number, into)
        self.page("page", other)
        self.pass_time(ahead)
        self.page("emergency", number)

    @precondition(knows_the_time)
    @rule(state=st.sampled_from(["card", "missing"]))
    def plug(self, state):
        """Pull the sound card out, or put it back."""
        self.yard.loudspeaker.have(state)
        self.pass_time(4)

    @invariant()
    def nothing_sounds_at_night_or_unbelieved(self):
        """Whoever asked for it."""
        if hasattr(self, "yard"):
            assert self.yard.is_believed or not self.yard.loudspeaker.is_sounding
            hold_the_night(self.yard.sounded[self.spans_looked_at :], self.night)
            self.spans_looked_at = len(self.yard.sounded)

    @invariant()
    def each_is_heard_once_and_in_its_time(self):
        """As the microphone tells it."""
        if hasattr(self, "yard"):
            hold_once(self.yard.heard)
            hold_in_time(self.yard.heard)

    @invariant()
    def only_what_is_owed_is_on_record(self):
        """Hold each new row to it: due since it was on air at that time, and refused where that is in the night."""
        if not (hasattr(self, "yard") and self.power and self.yard.is_believed):
            return
        self.owed.learn(self.now())
        rows = [row for row in self.rows() if row.priority == "programme"]
        for row in rows[self.looked_at :]:
            name, occurrence = str(row.broadcast), occurrence_of(row)
            if row.due is None or occurrence in self.begun_before or not self.owed.knows(name):
                continue
            assert self.owed.is_owed(name, row.due), f"{occurrence} was put on air after {row.due}"
            if self.night.is_on(row.due):
                assert (row.outcome, row.reason) == (Outcome.REFUSED, Reason.QUIET_HOURS)
        self.looked_at = len(rows)

    @invariant()
    def what_was_heard_is_on_record(self):
        """Whole, as aired, once; and nothing is on record as aired that was not heard."""
        if not (hasattr(self, "yard") and self.power):
            return
        hold_the_record(self.yard.heard, self.rows())

    @invariant()
    def nothing_is_forgotten(self):
        """Past its grace it has its row; within it, it sounds, unless something hinders it."""
        if not (hasattr(self, "yard") and self.power and self.yard.is_believed):
            return
        now = self.now()
        self.owed.learn(now)
        rows = self.rows_by_occurrence()
        for due in self.plan().around(now, -27, 1):
            if due.at > now or not self.owed.is_owed(due.occurrence.broadcast_id, due.at):
                continue
            known = rows.get(due.occurrence, [])
            if due.at + due.grace < now - EARLY:
                assert known, f"{due} is forgotten at {now}"
            elif now < due.at + due.grace - EARLY and may_still_sound(known, now) and self.nothing_hinders(due):
                raise AssertionError(f"{due} is owed at {now} and does not sound")

    def nothing_hinders(self, due: Due) -> bool:
        """Tell whether it could sound now: the card is there, nothing else is in hand, and it is not night."""
        loudspeaker = self.yard.loudspeaker
        free = loudspeaker.rundown is None and loudspeaker.card_state() == "card"
        calm = self.yard.clock.monotonic() - loudspeaker.page_ended >= CALM.total_seconds()
        return free and calm and not self.night.touches(due.at, self.now() + EARLY)

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and hold what comes due in it and was not touched before to its very instant."""
        start, had = self.now(), self.rows_by_occurrence()
        heard, spans = len(self.yard.heard), len(self.yard.sounded)
        self.yard.live(seconds)
        if not self.yard.is_believed or self.yard.loudspeaker.card_state() != "card":
            return
        self.owed.learn(start)
        came = (
            due
            for due in self.plan().around(start, 0, int(seconds // 86_400) + 1)
            if start + EARLY + CALM < due.at < self.now()
            and due.occurrence not in had
            and not self.night.is_on(due.at)
            and self.owed.is_owed(due.occurrence.broadcast_id, due.at)
        )
        sounding = self.yard.loudspeaker.sounding
        meanwhile = [*self.yard.heard[heard:], *([sounding] if sounding else [])]
        hold_punctual(came, meanwhile, self.yard.sounded[spans:])

    def plan(self, zone: str | None = None) -> Plan:
        """Return what is on air, or what would be in another zone."""
        return Plan(zone or self.zone, tuple((at, grace) for at, grace, *_ in self.parts))

    def now(self) -> datetime:
        """Return what the clock on the wall shows."""
        return self.yard.clock.now()

    def put_on_air(self) -> None:
        """Take note from when on each broadcast is owed at its time: from now, or from when the time is known."""
        self.owed.put_on_air(self.plan(), self.now() if self.yard.is_believed else None)

    def publish(self) -> None:
        """Put the programme on air as it is now; what has begun by then is heard to its end."""
        self.begun_before |= {Occurrence(row.day, str(row.broadcast)) for row in self.rows()}
        self.revisions += 1
        self.yard.publish(programme(self.zone, self.parts, f"r{self.revisions}"))
        self.put_on_air()

    def rows_by_occurrence(self) -> dict[Occurrence, list[Airing]]:
        """Return what is on record of each occurrence, the first attempt first."""
        rows: dict[Occurrence, list[Airing]] = {}
        for row in self.rows():
            occurrence = occurrence_of(row)
            if occurrence is not None:
                rows.setdefault(occurrence, []).append(row)
        return rows

    def rows(self) -> tuple[Airing, ...]:
        """Return what is on record; nothing while the power is off."""
        return self.yard.rows() if hasattr(self, "yard") and self.power else ()


def test_once_and_only_once_whatever_happens_to_clock_and_power():
    """Two hundred boxes, each day some of them, each for some weeks; every run draws others."""
    run_state_machine_as_test(
        OnceOnly,
        settings=settings(
            max_examples=examples(200, everyday=10),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


def test_a_cue_beyond_tomorrow_is_not_slept_through():
    """Where nothing more is due until the end of tomorrow, the alarm clock still rings for what comes then."""
    box = OnceOnly()
    midnight = [(0, 0, 5, AfterCut.NEXT_MESSAGE, 1)]
    start = datetime(2026, 3, 27, 20, 0, tzinfo=UTC)
    box.put_up(start=start, zone="Asia/Shanghai", night=("", "Asia/Shanghai"), parts=midnight, trust=Trust.SYNCHRONISED)
    box.page_into_a_cue(ahead=0, into=1, number=0, other=0)
    box.change_zone(zone="Europe/Berlin")  # its next midnight is one that was heard already
    box.live_for_days(days=2)
    box.teardown()
