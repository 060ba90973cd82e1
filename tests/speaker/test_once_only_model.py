"""Once and only once, over thousands of generated days, held against what a microphone in the yard would tell.

The real station and its log live through steps of the clock, power cuts, clocks that nobody believes, changes of the
programme and of its zone, daylight saving, pages, and a sound card that comes and goes. What is checked knows nothing
of how the speaker decides: it looks at what was heard and at what is on record.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
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
from programme.cues import Cue, Occurrence
from programme.model import AfterCut, Broadcast
from programme.publication import Publication
from programme.timetable import cues_on
from speaker.airing import Outcome, Reason
from speaker.protocol import Refused
from speaker.record import Airing
from speaker.trust.states import Trust
from tests.speaker.fakes import a_message, a_publication
from tests.speaker.simulated import Courtyard, Heard
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
QUIET = ("21:30-06:30", "", "12:00-14:00", "00:30-23:00")
ANEW_WITHIN = timedelta(minutes=5)  # as it was promised; the code has its own
CALM_SECONDS = 15  # after an emergency nothing else begins (docs/order.md); here after any page
EARLY = timedelta(seconds=5)  # a row is begun up to 3 s before it sounds
_MAY_COME_AGAIN = {Reason.TOO_LATE, Reason.CARD_MISSING, Reason.BUSY, Reason.CLOCK_UNTRUSTED}

FATES = (
    "blink",
    "flicker",
    "away for days",
    "missed, and the clock set back",
    "aired, and the clock set back",
    "the card comes back in its time",
    "moved",
)
minutes = st.one_of(st.integers(0, 1439), st.integers(7 * 60, 7 * 60 + 40), st.integers(60, 240))
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
        self.begun_before: set[Occurrence] = set()
        self.knows_since: dict[str, tuple[tuple[str, int], datetime | None]] = {}
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
        self.yard.live(seconds)

    @precondition(lambda self: self.power)
    @rule(number=st.integers(0, 3), seconds=st.integers(-8, 700))
    def live_to_a_cue(self, number, seconds):
        """Let time pass until just before, at, within or after a cue."""
        coming = sorted(cue.due for cue in self.cues(0, 2) if cue.due > self.yard.clock.now())
        if coming:
            wait = (coming[min(number, len(coming) - 1)] - self.yard.clock.now()).total_seconds() + seconds
            self.yard.live(max(0.0, wait))

    @precondition(lambda self: self.power)
    @rule(days=st.integers(1, 4))
    def live_for_days(self, days):
        """Let days pass."""
        self.yard.live(days * 86_400)

    @precondition(lambda self: self.power)
    @rule(
        fate=st.sampled_from(FATES),
        number=st.integers(0, 3),
        into=st.integers(-4, 420),
        away=st.integers(1, 400),
        between=st.integers(5, 40),
    )
    def meet_a_cue(self, fate, number, into, away, between):
        """Have one thing happen around a cue or in its middle, of each kind about as often."""
        if fate == "blink":
            self.live_to_a_cue(number, into)
            self.blink(away)
        elif fate == "flicker":
            self.live_to_a_cue(number, min(into, 60))
            for _ in range(3):
                self.blink(min(away, 40))
                self.yard.live(between)
        elif fate == "away for days":
            self.live_to_a_cue(number, into)
            self.blink(away * 1000)
        elif fate == "missed, and the clock set back":
            self.live_to_a_cue(number, -between)
            self.blink(3600)
            self.yard.set_clock(-3600)
            self.yard.live(2 * between)
        elif fate == "aired, and the clock set back":
            self.live_to_a_cue(number, into)
            self.yard.set_clock(-into - between)
            self.yard.live(2 * between)
        elif fate == "the card comes back in its time":
            self.plug("missing")
            self.live_to_a_cue(number, between)
            self.plug("card")
        else:  # moved to a little before, so that it would be late, or a little later
            self.live_to_a_cue(number, -between)
            minutes = away // 20 - 14
            self.parts = [((at + minutes) % 1440, *rest) for at, *rest in self.parts]
            self.publish()
            self.yard.live(between)

    def blink(self, away):
        """Take the power away, and give it back soon."""
        self.yard.cut_power(away)
        self.yard.switch_on(Trust.KEPT if self.yard.is_believed else Trust.UNTRUSTED)

    @precondition(lambda self: self.power)
    @rule(seconds=seconds_of_a_step)
    def set_clock(self, seconds):
        """Have a time server set the clock, rightly or not, forward or back."""
        self.yard.set_clock(seconds)

    @precondition(lambda self: self.power)
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

    @precondition(lambda self: self.power)
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
        self.yard.live(0)  # it sounds from now on, by the clock as it is now
        if not self.yard.is_believed:
            assert isinstance(reply, Refused)
            assert reply.reason in {Reason.CLOCK_UNTRUSTED, Reason.BUSY}
            assert all(row.clock is Trust.UNTRUSTED for row in self.rows()[rows:])

    @precondition(lambda self: self.power)
    @rule(number=st.integers(0, 3), into=st.integers(-4, 420), ahead=st.integers(0, 60), other=st.integers(0, 3))
    def page_into_a_cue(self, number, into, ahead, other):
        """Somebody speaks into a broadcast, and a little later somebody has an alarm."""
        self.live_to_a_cue(number, into)
        self.page("page", other)
        self.yard.live(ahead)
        self.page("emergency", number)

    @precondition(lambda self: self.power)
    @rule(state=st.sampled_from(["card", "missing"]))
    def plug(self, state):
        """Pull the sound card out, or put it back."""
        self.yard.loudspeaker.have(state)
        self.yard.live(4)

    @invariant()
    def nothing_sounds_at_night_or_unbelieved(self):
        """Whoever asked for it."""
        if hasattr(self, "yard") and self.power and self.yard.loudspeaker.is_sounding:
            assert self.yard.is_believed
            assert not self.yard.limits.is_quiet(self.yard.clock.now())

    @invariant()
    def each_is_heard_once(self):
        """To its end at most once and never after that.

        After a cut it goes on. It begins anew only once, and only after death in its first five minutes, whether it
        sounded then or waited to go on.
        """
        by_occurrence: dict[Occurrence, list[Heard]] = {}
        for one in self.heard():
            if one.occurrence is not None:
                by_occurrence.setdefault(one.occurrence, []).append(one)
        for heard in by_occurrence.values():
            assert not any(one.whole for one in heard[:-1])
            lives = [one.life for one in heard]
            assert len(set(lives)) <= 2, "begun anew once at most"
            for before, after in itertools.pairwise(heard):
                if before.life == after.life:
                    assert before.cut
                else:
                    assert before.died or before.cut
                    assert after.since - heard[0].since < ANEW_WITHIN + EARLY

    @invariant()
    def each_is_heard_in_its_time(self):
        """From its due instant to the end of its grace, put off by what was heard of it, and not at night.

        By the clock as it was then.
        """
        before: dict[tuple[Occurrence | None, int], timedelta] = {}
        for one in self.heard():
            assert not self.yard.limits.is_quiet(one.since)
            if one.due is not None and one.until is not None:
                had = before.get((one.occurrence, one.life), timedelta())
                assert one.due <= one.since <= one.until + had + timedelta(milliseconds=1)
                before[one.occurrence, one.life] = had + timedelta(seconds=one.seconds)

    @invariant()
    def only_what_is_owed_is_on_record(self):
        """Hold each new row to it: due since it was on air at that time, and refused where that is in the night."""
        if not (hasattr(self, "yard") and self.power and self.yard.is_believed):
            return
        self.learn(self.yard.clock.now())
        rows = [row for row in self.rows() if row.priority == "programme"]
        for row in rows[self.looked_at :]:
            occurrence, since = Occurrence(row.day, str(row.broadcast)), self.knows_since.get(str(row.broadcast))
            if row.due is None or occurrence in self.begun_before or since is None:
                continue
            assert since[1] is None or row.due >= since[1], f"{occurrence} was put on air at {since[1]}"
            if self.yard.limits.is_quiet(row.due):
                assert (row.outcome, row.reason) == (Outcome.REFUSED, Reason.QUIET_HOURS)
        self.looked_at = len(rows)

    @invariant()
    def what_was_heard_is_on_record(self):
        """Whole, as aired, once; and nothing is on record as aired that was not heard."""
        if not (hasattr(self, "yard") and self.power):
            return
        whole = [one.occurrence for one in self.heard() if one.occurrence is not None and one.whole]
        aired = [row for row in self.rows() if row.priority == "programme" and row.outcome is Outcome.AIRED]
        assert sorted(whole) == sorted(Occurrence(row.day, str(row.broadcast)) for row in aired)
        assert all(row.reason for row in self.rows() if row.outcome not in {None, Outcome.AIRED})

    @invariant()
    def nothing_is_forgotten(self):
        """Past its grace it has its row; within it, it sounds, unless something hinders it."""
        if not (hasattr(self, "yard") and self.power and self.yard.is_believed):
            return
        now = self.yard.clock.now()
        self.learn(now)
        known = {Occurrence(row.day, str(row.broadcast)) for row in self.rows() if row.priority == "programme"}
        closed = {
            Occurrence(row.day, str(row.broadcast))
            for row in self.rows()
            if row.priority == "programme"
            and row.outcome is not None
            and (row.reason not in _MAY_COME_AGAIN or row.outcome is Outcome.CUT)
        }
        for cue in self.cues(-27, 1):
            since = self.knows_since[cue.occurrence.broadcast_id][1]
            if since is None or cue.due < since or cue.due > now:
                continue
            if cue.due + cue.grace < now - EARLY:
                assert cue.occurrence in known, f"{cue.occurrence} due {cue.due} is forgotten at {now}"
            elif now < cue.due + cue.grace - EARLY and cue.occurrence not in closed and self.nothing_hinders(cue):
                raise AssertionError(f"{cue.occurrence} due {cue.due} is owed at {now} and does not sound")

    def nothing_hinders(self, cue: Cue) -> bool:
        """Tell whether ``cue`` could sound now: the card is there, nothing else is in hand, and it is not night."""
        limits, now = self.yard.limits, self.yard.clock.now()
        loudspeaker = self.yard.loudspeaker
        free = loudspeaker.rundown is None and loudspeaker.card_state() == "card"
        calm = self.yard.clock.monotonic() - loudspeaker.page_ended >= CALM_SECONDS
        return free and calm and limits.quiet_from(cue.due, now - cue.due + EARLY) is None

    def put_on_air(self) -> None:
        """Take note from when on each broadcast is owed at its time: from now, or from when the time is known."""
        for broadcast in self.yard.publication.broadcasts:
            timing = (self.zone, broadcast.at.hour * 60 + broadcast.at.minute)
            if self.knows_since.get(broadcast.id, (None, None))[0] != timing:
                known = self.yard.clock.now() if self.yard.is_believed else None
                self.knows_since[broadcast.id] = (timing, known)
        there = {broadcast.id for broadcast in self.yard.publication.broadcasts}
        self.knows_since = {name: since for name, since in self.knows_since.items() if name in there}

    def learn(self, now: datetime) -> None:
        """Take note of the time for what was put on air without it, or by a clock that was ahead."""
        for name, (timing, since) in self.knows_since.items():
            if since is None or since > now:
                self.knows_since[name] = (timing, now)

    def publish(self) -> None:
        """Put the programme on air as it is now; what has begun by then is heard to its end."""
        self.begun_before |= {Occurrence(row.day, str(row.broadcast)) for row in self.rows()}
        self.revisions += 1
        self.yard.publish(programme(self.zone, self.parts, f"r{self.revisions}"))
        self.put_on_air()

    def cues(self, first: int, last: int) -> list[Cue]:
        """Return the cues from that many days from today on until that many."""
        today: date = self.yard.clock.now().astimezone(ZoneInfo(self.zone)).date()
        days = (today + timedelta(days=number) for number in range(first, last + 1))
        cues = (cue for day in days for cue in cues_on(self.yard.publication, day))
        return [replace(cue, due=cue.due.astimezone(UTC)) for cue in cues]

    def heard(self) -> list[Heard]:
        """Return what was heard and has ended."""
        return self.yard.heard if hasattr(self, "yard") else []

    def rows(self) -> tuple[Airing, ...]:
        """Return what is on record; nothing while the power is off."""
        return self.yard.rows() if hasattr(self, "yard") and self.power else ()


def test_once_and_only_once_whatever_happens_to_clock_and_power():
    """Two hundred boxes, each day some of them, each for some weeks; every run draws others."""
    run_state_machine_as_test(
        OnceOnly,
        settings=settings(
            max_examples=examples(200, everyday=25),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
