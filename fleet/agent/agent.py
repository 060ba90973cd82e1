"""The agent: one thread takes what the broker brings, in order, and looks after the rest between."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol

import msgspec
from msgspec.structs import replace

from box.clock import Clock
from box.sentences import Sentence
from fleet.agent.doorkeeper import Doorkeeper
from fleet.agent.programme import SharedTaking
from fleet.agent.records import RecordsSending
from fleet.agent.speaker import Speaker
from fleet.agent.standing import Standing, write_standing
from fleet.agent.states import Event, State, after
from fleet.agent.stating import OnAirFile, state_of
from fleet.agent.urgent import Outcome, Urgent
from fleet.agent.walk import WalkRound
from fleet.agent.wishes import WishesSending
from fleet.enrol.membership import CERTIFICATE, KEY, MEMBERSHIP, Membership
from fleet.wire import accounts, topics
from fleet.wire.accounts import AUDIO_AWAY, LAST_WILL, DeviceState, Report, Told, What
from fleet.wire.documents import Acknowledged, Answers, Order, Prepare, Say, SharedProgramme, Stop
from fleet.wire.refusals import EnvelopeRefused, Why
from fleet.wire.topics import Inward, Outward
from fleet.wire.walk import MOST_BATCHES, Back, seal_back
from speaker.client import SpeakerAway
from speaker.condition import Alarm
from speaker.protocol import Status
from speaker.trust.states import Trust

TICK_SECONDS = 1.0
STATE_SECONDS = 2.0  # between two looks at the speaker
STATE_AGAIN_SECONDS = 300.0  # the hub compares the clocks by it
_LOG = logging.getLogger(__name__)


class Broker(Protocol):
    """The broker (``fleet.mqtt.Mqtt``)."""

    @property
    def is_connected(self) -> bool:
        """Whether it is there now."""
        ...

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Send, at least once."""
        ...


@dataclass(frozen=True)
class Parts:
    """What the agent works with."""

    doorkeeper: Doorkeeper
    shared: SharedTaking
    urgent: Urgent
    records: RecordsSending
    wishes: WishesSending
    speaker: Speaker
    on_air: OnAirFile


class Mouth:
    """Tells the hub, as this box. It is given the broker when there is one."""

    def __init__(self, name: str, clock: Clock) -> None:
        self._name = name
        self._clock = clock
        self.broker: Broker | None = None

    def tell(self, channel: Outward, told: Told) -> None:
        """Tell it on ``channel``; any thread may."""
        if self.broker is not None:
            topic = topics.from_device(self._name, channel)
            self.broker.publish(topic, accounts.encode(told), retain=channel in topics.RETAINED_OUTWARD)

    def report(self, of: int, channel: Inward, what: What, why: Sentence | None = None, **more: object) -> None:
        """Report what became of an order."""
        report = Report(of=of, channel=channel, what=what, at=self._clock.now(), why=why)
        self.tell(Outward.REPORT, replace(report, **more))

    def urgent(self, outcome: Outcome) -> None:
        """Report what became of an urgent order."""
        self.report(
            outcome.counter,
            Inward.URGENT,
            outcome.what,
            outcome.why,
            urgent=outcome.urgent,
            lateness_ms=outcome.lateness_ms,
            airing=outcome.airing,
        )


class Agent:
    """Posts come from the broker's thread; everything else is done on the thread that calls ``run``."""

    def __init__(
        self, room: Path, membership: Membership, parts: Parts, mouth: Mouth, *, clock: Clock, version: str
    ) -> None:
        self._room = room
        self._membership = membership
        self._parts = parts
        self._mouth = mouth
        self._clock = clock
        self._version = version
        self._posts: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._state = State.OFFLINE
        self._since = clock.now()
        self._status: Status | None = None
        self._look_at = 0.0
        self._told: DeviceState | None = None
        self._tell_at = 0.0
        self._standing: Standing | None = None
        self._walk = WalkRound(
            room, clock, take=self._take_from_stick, is_done=lambda: parts.shared.is_laid, back=self._back
        )
        self._trouble: Sentence | None = None

    @property
    def state(self) -> State:
        """How this box stands."""
        return self._state

    def heard(self, topic: str, payload: bytes, _kept: bool = True) -> None:
        """Take what the broker brings, from its thread."""
        self._posts.put(lambda: self._take(topic, payload))

    def connected(self) -> None:
        """Hear that the broker is there, from its thread."""
        self._posts.put(self._has_connected)

    def lost(self) -> None:
        """Hear that the broker is gone, from its thread."""
        self._posts.put(lambda: self._stand(Event.LOST))

    def end(self) -> None:
        """Have ``run`` return."""
        self._posts.put(None)

    def run(self) -> None:
        """Act until ``end``, or until the membership is gone."""
        self._parts.shared.start()
        self._parts.urgent.go_on()
        self._tell_standing()
        while (self._room / MEMBERSHIP).exists():
            try:
                post = self._posts.get(timeout=TICK_SECONDS)
            except Empty:
                self.do(self.tick)
                continue
            if post is None:
                break
            self.do(post)
            self.do(self.tick)
        else:
            self._stand(Event.LEAVES)
        self._parts.shared.end()
        self._parts.urgent.end()
        self._mouth.tell(Outward.STATE, LAST_WILL)

    def settle(self) -> None:
        """Do all that was posted, then look after everything: ``run`` for who moves the agent by hand."""
        with suppress(Empty):
            while (post := self._posts.get_nowait()) is not None:
                self.do(post)
        self.do(self.tick)

    def do(self, act: Callable[[], None]) -> None:
        """Do ``act``; what fails is told, and the next is done."""
        try:
            act()
        except OSError as error:
            reason = error.strerror or str(error)
            self._trouble = Sentence(f"联网程序写不了存储卡：{reason}", f"the agent can't write its storage: {reason}")
            _LOG.error("%s", self._trouble.en)
        except Exception:  # noqa: BLE001 - one event must not take the others away; the trace is in the log
            _LOG.exception("an event failed")
        else:
            self._trouble = None

    def tick(self) -> None:
        """Look after everything that has its time."""
        now = self._clock.monotonic()
        if now >= self._look_at:
            self._look_at = now + STATE_SECONDS
            self._look_at_speaker()
        if self._state is State.JOINED:
            self._tell_state()
            self._parts.records.step()
            self._parts.wishes.step()
        self._parts.records.keep(is_reached=self._state is State.JOINED)
        self._walk.step()
        self._tell_standing()

    def _look_at_speaker(self) -> None:
        try:
            self._status = self._parts.speaker.status()
        except SpeakerAway:
            self._status = None
            return
        if self._state is State.JOINED:
            self._parts.shared.speaker_has(self._status.shared)

    def _has_connected(self) -> None:
        self._stand(Event.CONNECTED)
        self._told = None
        self._parts.records.reconnected()
        self._parts.wishes.reconnected()
        self._parts.shared.hurry()

    def _take_from_stick(self, channel: Inward, payload: bytes) -> None:
        self._take(topics.to_device(self._membership.name, channel), payload)
        self._parts.shared.hurry()

    def _back(self) -> bytes:
        back = Back(
            name=self._membership.name,
            at=self._clock.now(),
            state=msgspec.Raw(accounts.encode(self._how_it_is())),
            rows=self._parts.records.unacknowledged(MOST_BATCHES),
            proposals=self._parts.wishes.open(),
        )
        return seal_back(back, (self._room / KEY).read_bytes(), (self._room / CERTIFICATE).read_bytes())

    def _take(self, topic: str, payload: bytes) -> None:
        channel = topics.read_to(topic, self._membership.name)
        if channel is None or not payload:  # an empty one takes a retained one back
            return
        try:
            if channel is Inward.KEYS:
                self._parts.doorkeeper.take_keys(payload)
                return
            taken = self._parts.doorkeeper.admit(payload, channel, self._trusted_now(channel))
        except EnvelopeRefused as error:
            _LOG.warning("%s: %s", channel, error)
            if error.why is not Why.REPLAYED:  # the broker may give anything once more
                self._mouth.report(error.counter, channel, What.REFUSED, error.sentence)
            return
        self._follow(taken.order, channel, again=taken.again)

    def _follow(self, order: Order, channel: Inward, *, again: bool) -> None:
        does = order.does
        if not again and not isinstance(does, Acknowledged | Answers):
            urgent = None if isinstance(does, SharedProgramme) else does.urgent
            self._mouth.report(order.counter, channel, What.TAKEN, urgent=urgent)
        match does:
            case SharedProgramme():
                self._parts.shared.take(order.counter, does)
            case Prepare() | Say() | Stop():
                self._parts.urgent.take(order, again=again)
            case Acknowledged():
                self._parts.records.acknowledged(does)
            case Answers():
                self._parts.wishes.answered(does)

    def _trusted_now(self, channel: Inward) -> datetime | None:
        """Return what time it is, None where nobody knows: for what is urgent the speaker is asked anew."""
        if channel is Inward.URGENT or self._status is None:
            self._look_at_speaker()
        trusted = self._status is not None and self._status.clock.trust is not Trust.UNTRUSTED
        return self._clock.now() if trusted else None

    def _how_it_is(self) -> DeviceState:
        shared = self._parts.shared
        troubles = (("fleet", self._trouble), (AUDIO_AWAY if shared.lacks_audio else "fleet", shared.trouble))
        alarms = tuple(Alarm(code=code, zh=one.zh, en=one.en) for code, one in troubles if one is not None)
        return state_of(
            self._status,
            self._parts.on_air.publication(),
            now=self._clock.now(),
            since=self._since,
            version=self._version,
            zone=self._membership.zone,
            keys=self._parts.doorkeeper.serial,
            counters=self._parts.doorkeeper.counters(),
            records_waiting=self._parts.records.waiting,
            own_alarms=alarms,
        )

    def _tell_state(self) -> None:
        state = self._how_it_is()
        unchanged = self._told is not None and replace(self._told, now=state.now) == state
        if unchanged and self._clock.monotonic() < self._tell_at:
            return
        self._told = state
        self._tell_at = self._clock.monotonic() + STATE_AGAIN_SECONDS
        self._mouth.tell(Outward.STATE, state)

    def _stand(self, event: Event) -> None:
        state = after(self._state, event)
        if state is not self._state:
            self._state, self._since = state, self._clock.now()
            _LOG.info("%s", state)
        self._tell_standing()

    def _tell_standing(self) -> None:
        standing = Standing(
            state=self._state,
            name=self._membership.name,
            zone=self._membership.zone,
            hub=self._membership.hosts[0],
            joined=self._membership.joined,
            since=self._since,
            revision=self._parts.shared.revision,
            missing=self._parts.shared.missing,
            trouble=self._trouble or self._parts.shared.trouble,
        )
        if standing != self._standing:
            self._standing = standing
            write_standing(self._room, standing)
