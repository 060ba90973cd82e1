"""Today as the page shows it: made of what the speaker says, or of the programme alone while it is away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from programme.model import Programme
from programme.publication import Publication
from programme.shared import is_from_hub
from programme.timetable import cues_on
from speaker.airing import Reason
from speaker.condition import CueStatus, QuietRequest, Sounding, Waiting
from speaker.protocol import Status
from speaker.record import Airing
from web.words import LOOKS, UNTIMED, Look, about, day_name, part_of_day, until, why

Plan = Programme | Publication


@dataclass(frozen=True)
class Line:
    """One broadcast of the day; ``shared``: it comes from the community's hub."""

    broadcast: str
    due: datetime
    part: str
    at: str
    titles: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    shared: bool = False
    length: str = ""
    state: str = "later"
    look: Look = LOOKS["later"]
    why: str = ""
    reason: Reason = Reason.NONE

    @property
    def untimed(self) -> bool:
        """Whether it waits until somebody knows what time it is."""
        return self.reason is Reason.CLOCK_UNTRUSTED


@dataclass(frozen=True)
class Next:
    """The next broadcast, of today or of a later day."""

    at: str
    part: str
    wait: str
    left: int
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Then:
    """What sounds when the loudspeaker is free again: its title, and what becomes of it in words."""

    title: str
    how: str


@dataclass(frozen=True)
class Day:
    """The whole page. ``offer`` is the broadcast that the large play button plays. ``then`` is what waits, in order.

    ``hushed``: somebody asked for quiet, which can be ended. ``timeless``: nobody knows what time it is.
    """

    name: str
    lines: tuple[Line, ...]
    sounding: Sounding | None
    next: Next | None
    offer: Line | None
    quiet: str
    hushed: bool = False
    then: tuple[Then, ...] = ()
    timeless: bool = False

    @property
    def key(self) -> str:
        """What changes when the page must be drawn anew (not with each second that passes)."""
        sounding = self.sounding and (self.sounding.broadcast, self.sounding.message, self.sounding.title)
        return repr(
            (
                [line.state for line in self.lines],
                sounding,
                self.next and (self.next.at, self.next.part),
                self.quiet,
                self.then,
                self.timeless,
            )
        )


def local_day(now: datetime, plan: Plan | None) -> date:
    """Return the day it is where the programme is for."""
    return now.astimezone(ZoneInfo(plan.timezone if plan else "Asia/Shanghai")).date()


def day_by_speaker(status: Status, plan: Plan | None, now: datetime) -> Day:
    """Return the day as the speaker sees it; ``plan`` gives the words."""
    zone = ZoneInfo(status.timezone)
    lines = tuple(_line_of(cue, plan, zone) for cue in status.today)
    quiet = ""
    if status.quiet_request:
        quiet = quiet_words(status.quiet_request, zone)
    elif status.quiet_now:
        quiet = _("现在是安静时段（%(hours)s），喇叭不出声。", hours=status.quiet_hours)
    elif status.silenced:
        quiet = _("按键让喇叭先别出声了，下一次广播照常。")
    later_due = status.next_due.astimezone(zone) if status.next_due else None
    day = _day(now.astimezone(zone), lines, sounding=status.sounding, later_due=later_due, quiet=quiet)
    return replace(day, hushed=status.quiet_request is not None, then=tuple(map(_then, status.waiting)))


def _then(waiting: Waiting) -> Then:
    if waiting.was_cut:
        how = _("被打断了，等会儿接着播")
    elif waiting.who:
        how = _("%(who)s的插播，在排队", who=waiting.who)
    else:
        how = _("插播，在排队")
    return Then(waiting.title, how)


def quiet_words(request: QuietRequest, zone: ZoneInfo) -> str:
    """Return until when it is quiet, and who asked for it why."""
    until = f"{request.until.astimezone(zone):%H:%M}".replace("00:00", "24:00")
    asker = _("%(who)s：%(why)s", who=request.who, why=request.occasion) if request.occasion else request.who
    if asker:
        return _("安静到 %(until)s（%(asker)s）。应急广播照常能播。", until=until, asker=asker)
    return _("安静到 %(until)s。应急广播照常能播。", until=until)


def day_by_programme(plan: Plan | None, airings: Sequence[Airing], now: datetime) -> Day:
    """Return the day as planned, with what the panel's copy of the records knows of it."""
    if plan is None:
        return _day(now, ())
    zone = ZoneInfo(plan.timezone)
    here = now.astimezone(zone)
    known = {airing.broadcast: airing for airing in airings if airing.origin == "schedule"}
    lines = []
    for cue in cues_on(plan, here.date()):
        airing = known.get(cue.occurrence.broadcast_id)
        line = _line(cue.occurrence.broadcast_id, cue.due.astimezone(zone), cue.messages, plan)
        if airing and airing.outcome:
            lines.append(_in_state(line, airing.outcome.value, airing.reason))
        elif cue.due <= now:
            lines.append(_in_state(line, "unknown"))
        else:
            first = all(before.due <= now for before in lines)
            lines.append(_in_state(line, "next" if first else "later"))
    return _day(here, tuple(lines))


def without_the_time(day: Day) -> Day:
    """Return ``day`` as it stands where nobody knows what time it is: nothing is next, and nothing can be played."""
    lines = []
    for line in day.lines:
        waits = line.untimed or line.state in {"next", "later"}
        refused = _in_state(line, "refused", Reason.CLOCK_UNTRUSTED)  # as the speaker tells it
        lines.append(replace(refused, look=UNTIMED) if waits else line)
    return replace(day, lines=tuple(lines), next=None, offer=None, timeless=True)


def _day(
    here: datetime,
    lines: tuple[Line, ...],
    *,
    sounding: Sounding | None = None,
    later_due: datetime | None = None,
    quiet: str = "",
) -> Day:
    line = next((line for line in lines if line.state == "next"), None)
    upcoming = None
    if line:
        upcoming = _next(line.due, here, line.titles)
    elif later_due:
        upcoming = _next(later_due, here, ())
    offer = line or (lines[-1] if lines else None)
    return Day(name=day_name(here.date()), lines=lines, sounding=sounding, next=upcoming, offer=offer, quiet=quiet)


def _line_of(cue: CueStatus, plan: Plan | None, zone: ZoneInfo) -> Line:
    broadcast = plan.broadcast(cue.broadcast) if plan else None
    line = _line(cue.broadcast, cue.due.astimezone(zone), broadcast.messages if broadcast else (), plan)
    return replace(
        _in_state(line, cue.state, cue.reason),
        titles=cue.titles,
        length=about(cue.seconds) if cue.seconds else "",
    )


def _line(broadcast: str, due: datetime, messages: Sequence[str], plan: Plan | None) -> Line:
    said = [message for message in (plan.message(name) for name in messages) if message] if plan else []
    return Line(
        broadcast=broadcast,
        due=due,
        part=part_of_day(due.time()),
        at=f"{due:%H:%M}",
        titles=tuple(message.title for message in said),
        texts=tuple((message.title, message.text) for message in said),
        shared=isinstance(plan, Publication) and is_from_hub(plan, broadcast),
    )


def _in_state(line: Line, state: str, reason: Reason = Reason.NONE) -> Line:
    return replace(line, state=state, look=LOOKS[state], why=why(reason), reason=reason)


def _next(due: datetime, here: datetime, titles: tuple[str, ...]) -> Next:
    days = (due.date() - here.date()).days
    part = part_of_day(due.time())
    if days == 1:
        part = _("明天%(part)s", part=part)
    elif days:
        part = _("%(day)s%(part)s", day=day_name(due.date()), part=part)
    left = (due - here).total_seconds()
    return Next(at=f"{due:%H:%M}", part=part, wait=until(left), left=int(left), titles=titles)
