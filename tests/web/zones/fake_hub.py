"""A hub for the panel's tests: it remembers what was asked, and answers from what it was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from box.clock import Clock
from fleet.hub import protocol as p
from fleet.hub import urgent_protocol as u
from fleet.hub.client import HubAway, HubRefuses
from fleet.hub.devices import Standing
from fleet.wire.accounts import DeviceState, What

LISTENS = p.HubState(
    broker=True,
    hosts=("192.0.2.7",),
    broker_port=8883,
    https_port=8884,
    root="ab12 cd34",
    root_is_here=False,
    keys_serial=1,
    revision="r1",
)


def zone(name: str, words: str, since: datetime, **changes: object) -> p.Zone:
    """Return a zone that has joined and is well, but for ``changes``."""
    state = DeviceState(online=True, since=since, version="0.1.0", zone=words, card="card", volume_percent=80)
    whole = p.Zone(
        name=name,
        zone=words,
        groups=(),
        volume_percent=None,
        standing=Standing.MEMBER,
        since=since,
        online=True,
        state=state,
        heard=since,
        ordered="r1",
    )
    return msgspec.structs.replace(whole, **changes)


@dataclass
class FakeHub:
    """A hub that has ``all`` zones. ``away`` makes it answer nobody, ``refuses`` makes it refuse what changes it."""

    clock: Clock
    all: dict[str, p.Zone] = field(default_factory=dict)
    away: bool = False
    refuses: HubRefuses | None = None
    state: p.HubState = LISTENS
    asked: list[tuple[object, ...]] = field(default_factory=list)
    urgents: dict[str, u.UrgentState] = field(default_factory=dict)
    programmes: dict[str, p.Issued] = field(default_factory=dict)
    kept: p.Records = field(default_factory=lambda: p.Records(airings=(), more=False))
    wishes: p.Proposals = field(default_factory=lambda: p.Proposals(proposals=()))
    asked_alone: list[str] = field(default_factory=list)
    too_many: tuple[str, ...] = ()
    told: p.Reports = field(default_factory=lambda: p.Reports(reports=()))

    def add(self, *zones: p.Zone) -> None:
        """Have these zones too."""
        self.all |= {one.name: one for one in zones}

    def zones(self, patience_seconds: float | None = None) -> p.Zones:
        """Tell all."""
        self._answer()
        return p.Zones(hub=self.state, zones=tuple(self.all[name] for name in sorted(self.all)))

    def invite(self, name: str, zone: str, groups: tuple[str, ...] = ()) -> p.Invited:
        """Give a ticket."""
        self._change("invite", name, zone, groups)
        return p.Invited(ticket=f'{{"name":"{name}"}}', expires=self.clock.now() + timedelta(hours=24))

    def confirm(self, name: str, digits: str) -> None:
        """Let it in, if the digits are those."""
        self._change("confirm", name, digits)
        if self.all[name].digits != digits.replace(" ", ""):
            raise HubRefuses("数字对不上", "the digits differ")
        self._replace(name, standing=Standing.MEMBER, digits=None)

    def turn_away(self, name: str) -> None:
        """Turn it away."""
        self._change("turn-away", name)
        self._replace(name, digits=None)

    def lose(self, name: str) -> None:
        """Throw it off."""
        self._change("lose", name)
        self._replace(name, standing=Standing.LOST, online=False)

    def arrange(self, name: str, *, zone: str, groups: tuple[str, ...], volume_percent: int | None) -> None:
        """Set it."""
        self._change("arrange", name, zone, groups, volume_percent)
        self._replace(name, zone=zone, groups=groups, volume_percent=volume_percent)

    def issued(self, name: str) -> p.Issued:
        """Tell what it was ordered to say."""
        self._answer()
        self.asked_alone.append(name)
        return self.programmes.get(name, p.Issued(programme=None, issued=None))

    def all_issued(self) -> p.AllIssued:
        """Tell it of all but those that are to be asked about by themselves."""
        self._answer()
        told = {name: one for name, one in self.programmes.items() if one.programme and name not in self.too_many}
        zones = {name: p.IssuedAs(kind=kind, waiting=one.waiting) for kind, (name, one) in enumerate(told.items())}
        return p.AllIssued(programmes=tuple(one.programme for one in told.values() if one.programme), zones=zones)

    def prepare(self, request: u.PrepareUrgent) -> u.Prepared:
        """Keep it as one that was prepared."""
        self._change("prepare", request)
        urgent, names = f"u{len(self.urgents) + 1}", tuple(sorted(self.all))
        clips = {one.name: one.clip for one in request.own}
        waiting = tuple(u.UrgentZone(name=name, clip=clips.get(name, "")) for name in names)
        self.urgents[urgent] = u.UrgentState(
            urgent=urgent,
            title=request.title,
            text=request.text,
            who=request.who,
            made=self.clock.now(),
            zones=waiting,
        )
        return u.Prepared(urgent=urgent, zones=names)

    def say(self, request: u.SayUrgent) -> u.Saying:
        """Arm every zone."""
        self._change("say", request)
        starts_at = self.clock.now() + timedelta(seconds=request.in_seconds)
        self._furthest(request.urgent, What.ARMED, starts_at=starts_at)
        return u.Saying(urgent=request.urgent, starts_at=starts_at)

    def stop(self, urgent: str | None, who: str = "") -> None:
        """Stop it everywhere."""
        self._change("stop", urgent, who)
        for one in self.urgents if urgent is None else (urgent,):
            self._furthest(one, What.STOPPED, stopped=self.clock.now())

    def urgent(self, urgent: str | None = None, patience_seconds: float | None = None) -> u.UrgentState:
        """Tell how it stands."""
        self._answer()
        named = urgent or next(reversed(self.urgents), "")
        return self.urgents.get(named, u.UrgentState(urgent=None))

    def reports(self, name: str, most: int = 50) -> p.Reports:
        """Tell what was reported."""
        self._answer()
        return p.Reports(reports=tuple(one for one in self.told.reports if one.device == name)[:most])

    def records(self, request: p.AskRecords) -> p.Records:
        """Tell the rows, of one zone where it is named."""
        self._answer()
        rows = [one for one in self.kept.airings if request.name in (None, one.device)]
        newer = () if request.after else self.kept.newer
        return p.Records(airings=tuple(rows[request.after : request.after + request.most]), newer=newer, more=False)

    def proposals(self) -> p.Proposals:
        """Tell what is wished for."""
        self._answer()
        return self.wishes

    def answer_proposal(self, name: str, proposal: str, *, adopted: bool, words: str = "") -> None:
        """Keep the answer."""
        self._change("answer", name, proposal, adopted, words)

    def _furthest(self, urgent: str, what: What, **changes: object) -> None:
        now = self.urgents[urgent]
        zones = tuple(msgspec.structs.replace(one, what=what, at=self.clock.now()) for one in now.zones)
        self.urgents[urgent] = msgspec.structs.replace(now, zones=zones, **changes)

    def _replace(self, name: str, **changes: object) -> None:
        self.all[name] = msgspec.structs.replace(self.all[name], **changes)

    def _answer(self) -> None:
        if self.away:
            raise HubAway("总站没有运行，请启动它", "the hub is not running: start it")

    def _change(self, *asked: object) -> None:
        self._answer()
        if self.refuses is not None:
            raise self.refuses
        self.asked.append(asked)
