"""Fakes of the speaker's protocols, and small builders of publications and stations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from box.clock import Clock
from box.sentences import Sentence
from box.settings import Contact, Heard, Limits
from programme.model import Broadcast, Days, EveryDay
from programme.publication import SAMPLE_RATE_HZ, Publication, PublishedMessage
from programme.timetable import cues_on
from speaker.airing import Outcome, Position, Reason, Result, Rundown, Silence, Sound
from speaker.alarms import AlarmBoard
from speaker.asrun.database import LogUnwritable
from speaker.asrun.log import AsRunLog
from speaker.card_watch import CardWatch
from speaker.contacts.line import Line
from speaker.hearing.self_test import SelfTest
from speaker.limits import HardLimits
from speaker.on_air import Stage
from speaker.pins.lamp import LampState
from speaker.protocol import AskRecords, AskStatus, Play, Reply, Status
from speaker.quiet_request import QuietRequests
from speaker.record import Airing
from speaker.script import Script
from speaker.station import Station
from speaker.telling import Surroundings
from speaker.trust.keeper import Assumed, ClockTrust
from speaker.trust.proposal import TimeProposal
from speaker.trust.states import Proof, Trust
from tests.fakes import SetClock
from tests.patient import PATIENCE_SECONDS

MESSAGE_SECONDS = 30


def frames(seconds: float) -> int:
    """Return that many seconds in frames."""
    return round(seconds * SAMPLE_RATE_HZ)


def shanghai(text: str) -> SetClock:
    """Return a clock that stands at ``text`` in Shanghai."""
    return SetClock(datetime.fromisoformat(f"{text}+08:00"))


class FakePlayout:
    """A playout that sounds nothing and ends when the test says so."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ended: Callable[[Result], None] | None = None
        self._state: Literal["card", "recorder", "missing"] = "card"
        self.played = 0
        self.rundown: Rundown | None = None
        self.started: list[Rundown] = []
        self.closed = False

    def start(self, rundown: Rundown, ended: Callable[[Result], None]) -> None:
        """Take ``rundown`` in hand; what was in hand is pre-empted."""
        self._end(Outcome.PRE_EMPTED, Reason.HIGHER_PRIORITY)
        self.rundown, self._ended, self.played = rundown, ended, 0
        self.started.append(rundown)

    def stop(self, reason: Reason) -> None:
        """End what is in hand as cut."""
        self._end(Outcome.CUT, reason)

    def position(self) -> Position | None:
        """Return what the test has let sound."""
        if self.rundown is None or self.played == 0:
            return None
        sound = next((item for item in self.rundown.items if isinstance(item, Sound) and item.message_id), None)
        return Position(self.played, self.rundown.frames, sound.message_id if sound else None)

    def close(self) -> None:
        """End what is in hand as shut down."""
        self.closed = True
        self._end(Outcome.CUT, Reason.SHUT_DOWN)

    def card_state(self) -> Literal["card", "recorder", "missing"]:
        """Return what the test has set."""
        return self._state

    def card_sentence(self) -> Sentence | None:
        """Say nothing of its own."""
        return None

    def have(self, state: Literal["card", "recorder", "missing"]) -> None:
        """Let the card be so."""
        self._state = state

    def sound(self, seconds: float) -> None:
        """Let ``seconds`` of what is in hand have sounded."""
        self.played = frames(seconds)

    def finish(self) -> None:
        """Let all of what is in hand have sounded."""
        assert self.rundown is not None
        self.played = self.rundown.frames
        self._end(Outcome.AIRED, Reason.NONE)

    def fail(self, reason: Reason) -> None:
        """End what is in hand as the card's or a clip's fault."""
        self._end(Outcome.CUT if self.played else Outcome.MISSED, reason)

    def end(self, outcome: Outcome, reason: Reason) -> None:
        """End what is in hand of the playout's own accord."""
        self._end(outcome, reason)

    def _end(self, outcome: Outcome, reason: Reason) -> None:
        ended, self._ended = self._ended, None
        played, self.played = self.played, 0
        self.rundown = None
        if ended is not None:
            now = self._clock.now()
            started = now - timedelta(seconds=played / SAMPLE_RATE_HZ) if played else None
            ended(Result(outcome, reason, played, started, now, 0.0 if played else None))


class FakeAlarmClock:
    """An alarm clock that rings when the test asks."""

    def __init__(self) -> None:
        self.instant: datetime | None = None
        self.wakes = 0

    def set(self, instant: datetime, grace: timedelta) -> None:
        """Remember the instant."""
        assert grace >= timedelta()
        self.instant = instant

    def wake(self) -> None:
        """Count."""
        self.wakes += 1


class FakeTrust:
    """A clock that is believed as the test says, from the next look on."""

    def __init__(self, trust: Trust = Trust.SYNCHRONISED, *, seen_before: datetime | None = None) -> None:
        self.trust = trust
        self.becomes = trust
        self.proof = Proof.NONE
        self.checked: datetime | None = None
        self.wants_checking = False
        self.seen_before = seen_before
        self.expected: list[float] = []

    def look(self) -> None:
        """See what the test has set."""
        self.trust = self.becomes

    def not_before(self, instant: datetime) -> None:
        """Need no floor."""

    def expect(self, offset_seconds: float) -> None:
        """Remember."""
        self.expected.append(offset_seconds)

    def close(self) -> None:
        """Remember nothing."""


class FakeSetter:
    """A root helper that remembers what it was asked."""

    is_there = True

    def __init__(self) -> None:
        self.asked: list[int] = []

    def set(self, offset_seconds: int) -> None:
        """Remember, or be gone."""
        if not self.is_there:
            raise ConnectionRefusedError
        self.asked.append(offset_seconds)


class FakeLamp:
    """A lamp that remembers."""

    def __init__(self) -> None:
        self.shown: list[LampState] = []

    def show(self, state: LampState) -> None:
        """Remember ``state``."""
        self.shown.append(state)


def a_message(name: str, *, seconds: float = MESSAGE_SECONDS, until: date | None = None) -> PublishedMessage:
    """Return a message whose clip is as long as that."""
    return PublishedMessage(
        id=name,
        title=f"稿件 {name}",
        text=f"这是 {name}。",
        clip=f"{name.encode().hex():0<64}"[:64],
        frames=frames(seconds),
        voice="zh-CN-XiaoxiaoNeural",
        engine="edge",
        stand_in=False,
        valid_until=until,
    )


def a_broadcast(
    name: str, at: str, *, messages: tuple[str, ...] = ("home",), days: Days | None = None, grace_minutes: int = 10
) -> Broadcast:
    """Return a broadcast that says each message once."""
    return Broadcast(
        id=name, at=time.fromisoformat(at), days=days or EveryDay(), messages=messages, grace_minutes=grace_minutes
    )


def a_publication(
    *broadcasts: Broadcast, messages: tuple[PublishedMessage, ...] | None = None, revision: str = "r1"
) -> Publication:
    """Return a publication in Shanghai's time; without broadcasts it has a morning and an evening one."""
    return Publication(
        revision=revision,
        published=datetime(2026, 3, 1, tzinfo=UTC),
        zone="警苑小区",
        timezone="Asia/Shanghai",
        volume_percent=80,
        broadcasts=broadcasts or (a_broadcast("morning", "07:30"), a_broadcast("evening", "18:30")),
        messages=messages or (a_message("home"),),
    )


def stage(script: Script) -> Rundown:
    """Return the rundown of ``script``: a second of chime, the clips, the gaps."""
    items: list[Sound | Silence] = [Sound(Path("chime.wav"), frames(1))] if script.chime else []
    for number in range(script.said_before, script.repeat * len(script.messages)):
        place = number % len(script.messages)
        if number > script.said_before and not place:
            items.append(Silence(frames(script.gap_seconds)))
        one = script.messages[place]
        items.append(Sound(Path(f"{one.clip}.wav"), one.frames, one.id))
    return Rundown(tuple(items), script.priority, script.volume_percent, script.due)


class FailingLog(AsRunLog):
    """A log whose storage can be made to refuse: everything, or one statement."""

    fails = False
    fails_at = ""

    def _update(self, statement: str, *values: object, row: int | None = None, ends: bool = False) -> int:
        if self.fails or statement == self.fails_at:
            self.refusal = LogUnwritable("满了", "full")
            raise self.refusal
        return super()._update(statement, *values, row=row, ends=ends)


class Box:
    """A station with fakes around it. ``at`` moves the clock and lets the station look."""

    def __init__(
        self,
        clock,
        folder: Path,
        *,
        limits: Limits | None = None,
        publication: Publication | None = None,
        card: Literal["card", "recorder", "missing"] = "card",
        follows_another: bool = False,
        answer_seconds: float = PATIENCE_SECONDS,
        trust: ClockTrust | None = None,
        alive: Callable[[], None] = lambda: None,
        playout: FakePlayout | None = None,
        stage: Stage = stage,
        contacts: tuple[Contact, ...] = (),
        heard: Heard | None = None,
    ) -> None:
        self.clock = clock
        self.trust = trust = trust or Assumed()
        self.setter = FakeSetter()
        self.playout = playout or FakePlayout(clock)
        self.playout.have(card)
        self.alarm_clock = FakeAlarmClock()
        self.lamp = FakeLamp()
        self.log = FailingLog(
            folder / "as-run.db",
            clock,
            follows_another=follows_another,
            in_doubt=trust.trust is Trust.UNTRUSTED,
        )
        alarms = AlarmBoard()
        self.station = Station(
            clock=clock,
            trust=trust,
            proposal=TimeProposal(clock, trust, self.setter, has_button=True),
            playout=self.playout,
            log=self.log,
            limits=HardLimits(limits or Limits()),
            quiet=QuietRequests(folder / "quiet-request.json", clock, HardLimits(limits or Limits())),
            timetable=cues_on,
            stage=stage,
            alarm_clock=self.alarm_clock,
            alarms=alarms,
            card=CardWatch(self.playout, alarms),
            lamp=self.lamp,
            surroundings=Surroundings(amplifier=lambda: "none", alarms=lambda: (), button=lambda: "none"),
            version="0",
            contacts=contacts,
            self_test=lambda on_air: SelfTest(
                heard or Heard(), ZoneInfo("Asia/Shanghai"), on_air=on_air, log=self.log, clock=clock
            ),
            answer_seconds=answer_seconds,
            alive=alive,
        )
        self.station.start()
        if publication is not None:
            self.take(publication)

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.die()

    def die(self) -> None:
        """End without a word: the log is closed first, as a power cut would."""
        self.log.close()
        self.station.close()

    def take(self, publication: Publication) -> None:
        """Publish."""
        self.station.take(publication)
        self.station.settle()

    def at(self, local: str) -> None:
        """Let it be ``local`` (Shanghai) and let the station look."""
        then = datetime.fromisoformat(f"{local}+08:00")
        self.clock.advance((then - self.clock.now()).total_seconds())
        self.look()

    def look(self) -> None:
        """Let the station look."""
        self.station.rang()
        self.station.settle()
        self.station.settle()  # what the look has ended is reported in an event of its own

    def finish(self) -> None:
        """Let what sounds sound to its end."""
        assert self.playout.rundown is not None
        self.clock.advance(self.playout.rundown.frames / SAMPLE_RATE_HZ)
        self.playout.finish()
        self.station.settle()

    def fail(self, reason: Reason) -> None:
        """Let the card or a clip fail."""
        self.playout.fail(reason)
        self.station.settle()

    def contact(self, line: Line, name: str = "消防主机") -> None:
        """Let the line of a contact settle to ``line``."""
        self.station.contact_is(name, line)
        self.station.settle()

    def live(self, seconds: float) -> None:
        """Let time pass, the contacts looked at every second."""
        for _ in range(round(seconds)):
            self.clock.advance(1)
            self.station.look_at_contacts()
            self.station.settle()

    def hold_button(self) -> None:
        """Hold the button for three seconds, and let what it ends be written."""
        self.station.press_long()
        self.station.settle()
        self.station.settle()

    def set_clock(self, seconds: float) -> None:
        """Set the wall clock by so much, and let what that takes back be put away."""
        self.clock.step(seconds)
        self.station.clock_was_set()
        self.station.settle()
        self.station.settle()

    def believe(self, trust: Trust, *, seconds: float = 0) -> None:
        """Let the clock be believed so far, set by so much, and let the station notice."""
        assert isinstance(self.trust, FakeTrust)
        self.trust.becomes = trust
        self.set_clock(seconds)

    def play(self, name: str = "morning", **more) -> Reply:
        """Page a broadcast."""
        reply = self.station.ask(Play(broadcast=name, **more))
        self.station.settle()
        return reply

    def status(self) -> Status:
        """Ask how it is."""
        status = self.station.ask(AskStatus())
        assert isinstance(status, Status)
        return status

    def airings(self) -> tuple[Airing, ...]:
        """Return the log."""
        return self.log.records(AskRecords()).airings

    def told(self) -> list[tuple[str | None, str, str]]:
        """Return broadcast, outcome and reason of each row."""
        return [(one.broadcast, str(one.outcome or "open"), str(one.reason)) for one in self.airings()]
