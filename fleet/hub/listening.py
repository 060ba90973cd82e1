"""What the hub does with what its devices tell, and with the broker's coming and going. Called on one thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from box.clock import Clock
from fleet.hub.devices import Devices, Standing
from fleet.hub.enrolling import Enrolment
from fleet.hub.inbox import Inbox
from fleet.hub.outbox import Outbox
from fleet.wire import accounts, topics
from fleet.wire.accounts import STATE_EVERY_SECONDS, AccountUnreadable, DeviceState, Proposal, Report
from fleet.wire.keys import SigningKey
from fleet.wire.rows import Rows
from fleet.wire.topics import Inward, Outward
from speaker.condition import Alarm

OFFLINE_AFTER = timedelta(seconds=3 * STATE_EVERY_SECONDS)


class Listening:
    """``key`` gives the programme key, which signs what is ordered in answer."""

    def __init__(
        self,
        devices: Devices,
        inbox: Inbox,
        outbox: Outbox,
        enrolment: Enrolment,
        *,
        key: Callable[[], SigningKey],
        clock: Clock,
    ) -> None:
        self._devices = devices
        self._inbox = inbox
        self._outbox = outbox
        self._enrolment = enrolment
        self._key = key
        self._clock = clock
        self._lock = Lock()
        self._faults: dict[str, Alarm] = {}

    def heard(self, topic: str, payload: bytes, kept: bool) -> None:
        """Take in what came; ``kept``: the broker had it from before. What is not a member's is passed over."""
        found = topics.read_from(topic)
        if found is None or not payload:
            return
        device = self._devices.find(found.name)
        if device is None or device.standing is not Standing.MEMBER:
            return
        now = self._clock.now()
        match self._understood(found, payload):
            case None:
                pass
            case DeviceState() as state:
                self._take_state(found.name, state, now, kept=kept)
            case Report() as report:
                self._inbox.take_report(found.name, report, now)
            case Rows() as rows:
                self._inbox.take_rows(found.name, rows, now)
                self._look_for_newer(found.name, rows)
                self.acknowledge(found.name)
            case Proposal() as proposal:
                self._inbox.take_proposal(found.name, proposal, now)

    def acknowledge(self, device: str) -> None:
        """Tell ``device`` how far its records are in the database here."""
        self._outbox.order(device, self._inbox.acknowledged(device), self._key())

    def sign_anew(self, key: SigningKey) -> None:
        """Order once more, signed by ``key``, what was last ordered under another: the keys were changed."""
        for device, channel in self._outbox.signed_by_others(key.public.id):
            self._order_again(device, (channel,))

    def fault_of(self, device: str) -> Alarm | None:
        """Return what ``device`` last sent that could not be understood, or None."""
        with self._lock:
            return self._faults.get(device)

    def _understood(self, told_by: topics.From, payload: bytes) -> accounts.Told | None:
        """Return what a device tells; of its state what can be understood, so that one of a later version is there."""
        try:
            return accounts.decode(told_by.channel, payload)
        except AccountUnreadable as error:
            self._note(told_by.name, Alarm(code="unreadable", zh=error.sentence.zh, en=error.sentence.en))
            return accounts.known_of_state(payload) if told_by.channel is Outward.STATE else None

    def _look_for_newer(self, device: str, rows: Rows) -> None:
        """Tell where rows are kept that only a later version can read. They wait in the database for that."""
        if len(rows.airings()) < len(rows.rows):
            self._note(
                device,
                Alarm(
                    code="newer",
                    zh="这个小区的版本比总站新，有些播出记录总站还看不懂，先原样存着；请升级总站，升级以后就能看到",
                    en="this zone's version is newer than the hub's: some of its records are kept as they came and "
                    "can't be read yet; update the hub to see them",
                ),
            )

    def _take_state(self, device: str, state: DeviceState, now: datetime, *, kept: bool) -> None:
        before = self._inbox.state_of(device)
        if kept and before == state:
            return  # the same word again: it is no newer for having been kept
        self._inbox.take_state(device, state, now)
        if not state.online:
            return
        self._enrolment.seen(device)
        if before is None or before.keys != state.keys:
            # What came before its new keys, which the broker gives in any order, it could not believe.
            self._outbox.publish_all(device)
        below = self._outbox.raise_counters(device, state.counters)
        if below:
            self._order_again(device, below)

    def _order_again(self, device: str, channels: tuple[Inward, ...]) -> None:
        """Order what was ordered last. What was urgent is not said again."""
        for channel in channels:
            last = self._outbox.last(device, channel)
            if last is not None and channel is not Inward.URGENT:
                self._outbox.order(device, last[0], self._key())

    def _note(self, device: str, fault: Alarm) -> None:
        with self._lock:
            self._faults[device] = fault


def is_online(state: DeviceState | None, heard: datetime | None, now: datetime) -> bool:
    """Tell whether a device is there: it said so, and not too long ago."""
    return state is not None and heard is not None and state.online and now - heard < OFFLINE_AFTER
