"""Urgent to all: fetched everywhere, said at the same instant, stopped everywhere, and followed zone by zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from box.clock import Clock
from box.sentences import XiaolabaError
from fleet.hub import urgent_protocol as u
from fleet.hub.audio import Audio
from fleet.hub.devices import Device, Devices
from fleet.hub.inbox import Inbox, KeptReport
from fleet.hub.outbox import Outbox
from fleet.hub.pin_gate import PinGate
from fleet.hub.urgent import KeptUrgent, SeenUrgent, Urgents
from fleet.wire.accounts import What
from fleet.wire.documents import Announcement, Prepare, Say, Stop
from fleet.wire.keys import SigningKey
from programme.zones import is_for, said_in
from speaker.condition import Alarm

_ORDER = tuple(What)  # the later one counts where two reports came the wrong way round


class NobodyMeant(XiaolabaError):
    """No member is in what was chosen."""


class Speaking:
    """``key`` is the programme key, which may have a clip fetched and what sounds stopped; to say takes the PIN."""

    def __init__(
        self,
        devices: Devices,
        inbox: Inbox,
        outbox: Outbox,
        urgents: Urgents,
        audio: Audio,
        *,
        gate: PinGate,
        key: Callable[[], SigningKey],
        new_id: Callable[[], str],
        clock: Clock,
    ) -> None:
        self._devices = devices
        self._inbox = inbox
        self._outbox = outbox
        self._urgents = urgents
        self._audio = audio
        self._gate = gate
        self._key = key
        self._new_id = new_id
        self._clock = clock

    def prepare(self, request: u.PrepareUrgent) -> u.Prepared:
        """Have the chosen zones fetch the clip. Raises NobodyMeant, ClipNotWhole, OSError."""
        named = {one.name for one in request.own}
        zones = tuple(
            device.name
            for device in self._devices.members()
            if is_for(request.zones, device.name, device.groups) and (not named or device.name in named)
        )
        if not zones:
            raise NobodyMeant("没有选到已入网的小区", "no zone that has joined was chosen")
        urgent = KeptUrgent(
            id=self._new_id(),
            announcement=self._announced(request.title, request.text, request),
            zones=zones,
            who=request.who,
            made=self._clock.now(),
            say=None,
            stopped=None,
            own={
                one.name: self._announced(said_in(request.title, one.zone), said_in(request.text, one.zone), one)
                for one in request.own
                if one.name in zones
            },
        )
        self._urgents.prepare(urgent)
        orders = {name: Prepare(urgent=urgent.id, announcement=urgent.said_by(name)) for name in zones}
        self._outbox.order_all(orders, self._key())
        return u.Prepared(urgent=urgent.id, zones=zones)

    def say(self, request: u.SayUrgent) -> u.Saying:
        """Have it sound, if the PIN is right. Raises WrongPin, PinWaits, NotPrepared."""
        found = self._urgents.ready(request.urgent, self._clock.now())
        key = self._gate.open(request.pin)
        say = Say(
            urgent=found.id,
            announcement=found.announcement,  # of each zone its own, below
            starts_at=self._clock.now() + timedelta(seconds=request.in_seconds),
            late_ok_seconds=request.late_ok_seconds,
            priority=request.priority,
            repeat=request.repeat,
            volume_percent=request.volume_percent,
            occasion=request.occasion,
            who=request.who,
        )
        self._urgents.note_said(found.id, say)
        orders = {name: replace(say, announcement=found.said_by(name)) for name in self._still_members(found.zones)}
        self._outbox.order_all(orders, key)
        return u.Saying(urgent=found.id, starts_at=say.starts_at)

    def stop(self, request: u.StopUrgent) -> None:
        """Silence it where it was said, also where it is only armed; all that is urgent where none is named."""
        found = self._urgents.look(request.urgent) if request.urgent is not None else None
        names = self._still_members(found.zones) if found is not None else self._names(self._devices.members())
        self._outbox.order_all(dict.fromkeys(names, Stop(urgent=request.urgent, who=request.who)), self._key())
        self._urgents.note_stopped(request.urgent, self._clock.now())

    def stands(self, urgent: str | None) -> u.UrgentState:
        """Return how one stands, the latest where None is named."""
        named = urgent or next(iter(self._urgents.latest(1)), None)
        found = self._urgents.look(named) if named is not None else None
        if found is None:
            return u.UrgentState(urgent=None)
        furthest: dict[str, KeptReport] = {}
        for one in self._inbox.reports_of_urgent(found.id):
            before = furthest.get(one.device)
            if before is None or _ORDER.index(one.report.what) >= _ORDER.index(before.report.what):
                furthest[one.device] = one
        return u.UrgentState(
            urgent=found.id,
            title=found.title,
            text=found.text,
            who=found.who,
            made=found.made,
            starts_at=found.starts_at,
            stopped=found.stopped,
            newer=found.newer,
            zones=tuple(_zone(name, found, furthest.get(name)) for name in found.zones),
        )

    def _announced(self, title: str, text: str, said: u.PrepareUrgent | u.OwnWords) -> Announcement:
        return Announcement(
            title=title,
            text=text,
            clip=said.clip,
            frames=said.frames,
            travels=self._audio.travels(said.clip),
            voice=said.voice,
            engine=said.engine,
            stand_in=said.stand_in,
        )

    def _still_members(self, zones: tuple[str, ...]) -> tuple[str, ...]:
        members = set(self._names(self._devices.members()))
        return tuple(name for name in zones if name in members)

    @staticmethod
    def _names(devices: tuple[Device, ...]) -> tuple[str, ...]:
        return tuple(device.name for device in devices)


def _zone(name: str, urgent: SeenUrgent, kept: KeptReport | None) -> u.UrgentZone:
    clip = urgent.own_clips.get(name, "")
    if kept is None:
        return u.UrgentZone(name=name, clip=clip)
    report = kept.report
    why = Alarm(code=str(report.what), zh=report.why.zh, en=report.why.en) if report.why is not None else None
    return u.UrgentZone(name=name, clip=clip, what=report.what, at=report.at, why=why, lateness_ms=report.lateness_ms)
