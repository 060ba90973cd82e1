"""A broadcast as its form has it: every field as text, whatever was typed; and back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from programme.checking import MOST_DATES, MOST_SAID
from programme.chimes import USUAL, Chime, chime_of
from programme.festivals import Festival
from programme.model import AfterCut, Broadcast, Weekday, Which
from programme.zones import MOST_ZONES
from web.schedule.days_form import EVERY_DAY, DaysForm, days_form_of, days_in

NO_CHIME = "no"
_LONGEST_FIELD = 40  # characters; what is longer is no time, no number and no id
_TIME = re.compile(r"([0-9]{1,2})[:\uff1a]([0-9]{2})(?::00)?")  # a phone's Chinese keyboard types the wide colon
_NUMBER = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True)
class BroadcastForm:
    """What the form holds. ``volume`` is empty for the programme's; ``chime`` is a chime's name or "no".

    ``whom`` and ``some`` are the zones (``web.zones.field``), empty where they are not asked; ``carry`` is whether the
    messages are for those zones too.
    """

    at: str = ""
    days: DaysForm = EVERY_DAY
    messages: tuple[str, ...] = ()
    repeat: str = "1"
    gap_seconds: str = "3"
    chime: str = USUAL.value
    volume: str = ""
    grace_minutes: str = "10"
    after_cut: str = AfterCut.NEXT_MESSAGE.value
    whom: str = ""
    some: tuple[str, ...] = ()
    carry: bool = True

    def zones(self) -> MultiDict[str, str]:
        """Return the fields of the zones alone."""
        return MultiDict([("whom", self.whom), *(("some", name) for name in self.some)])

    def fields(self) -> list[tuple[str, str]]:
        """Return the fields as the form sends them."""
        single = ("at", "repeat", "gap_seconds", "chime", "volume", "grace_minutes", "after_cut")
        said = [("message", name) for name in self.messages]
        zones = [("whom", self.whom), *(("some", name) for name in self.some), *([("carry", "yes")] * self.carry)]
        fields = [*((name, getattr(self, name)) for name in single), *self.days.fields(), *said]
        return [*fields, *zones] if self.whom else fields


def form_of(broadcast: Broadcast) -> BroadcastForm:
    """Return the form filled with ``broadcast``."""
    chime = chime_of(broadcast.chime)
    return BroadcastForm(
        at=f"{broadcast.at:%H:%M}",
        days=days_form_of(broadcast.days),
        messages=broadcast.messages,
        repeat=str(broadcast.repeat),
        gap_seconds=str(broadcast.gap_seconds),
        chime=chime.value if chime else NO_CHIME,
        volume="" if broadcast.volume_percent is None else str(broadcast.volume_percent),
        grace_minutes=str(broadcast.grace_minutes),
        after_cut=broadcast.after_cut.value,
    )


def form_in(sent: MultiDict[str, str]) -> BroadcastForm:
    """Return the form in ``sent``; a field that is not there is as in a new form, and all are bounded."""
    new = BroadcastForm()

    def one(name: str) -> str:
        default: str = getattr(new, name, "")
        return sent.get(name, default).strip()[:_LONGEST_FIELD]

    return BroadcastForm(
        at=one("at"),
        days=DaysForm(
            kind=one("kind") or EVERY_DAY.kind,
            weekdays=_many(sent, "weekday", len(Weekday)),
            which=_many(sent, "which", len(Which)),
            festivals=_many(sent, "festival", len(Festival)),
            first_day=one("first_day"),
            dates=tuple(dict.fromkeys(_many(sent, "date", MOST_DATES + 1))),
        ),
        messages=_many(sent, "message", MOST_SAID + 1),
        repeat=one("repeat"),
        gap_seconds=one("gap_seconds"),
        chime=one("chime"),
        volume=one("volume"),
        grace_minutes=one("grace_minutes"),
        after_cut=one("after_cut"),
        whom=one("whom"),
        some=_many(sent, "some", MOST_ZONES),
        carry="carry" in sent or "whom" not in sent,
    )


def acted(form: BroadcastForm, act: str, added: str) -> BroadcastForm:
    """Return the form after one of the buttons that change a list in it: ``act`` is as up-2, and ``added`` an id.

    A button that there can't be changes nothing.
    """
    name, _dash, number = act.partition("-")
    messages = list(form.messages)
    if act == "add" and added:
        return replace(form, messages=(*messages, added[:_LONGEST_FIELD]))
    place = int(number) if _NUMBER.fullmatch(number) else -1
    if name == "undate":
        dates = tuple(day for index, day in enumerate(form.days.dates) if index != place)
        return replace(form, days=replace(form.days, dates=dates))
    if not 0 <= place < len(messages):
        return form
    message = messages.pop(place)
    if name != "drop":
        messages.insert(max(0, place - 1) if name == "up" else place + 1, message)
    return replace(form, messages=tuple(messages))


def broadcast_in(form: BroadcastForm, broadcast_id: str) -> tuple[Broadcast | None, tuple[str, ...]]:
    """Return the broadcast that the form describes, and what can't be understood in it, each as a sentence.

    With such faults there is no broadcast. Whether it is allowed is for ``programme.checking``.
    """
    faults: list[str] = []
    at = time_in(form.at)
    if at is None:
        faults.append(_("请写几点几分播，比如 07:30。"))
    days = days_in(form.days, faults)
    if not form.messages:
        faults.append(_("还没有选稿件，请至少加一篇。"))
    numbers = {
        name: int(value) if _NUMBER.fullmatch(value) else -1
        for name, value in (
            ("repeat", form.repeat),
            ("gap_seconds", form.gap_seconds),
            ("grace_minutes", form.grace_minutes),
            ("volume_percent", form.volume or "0"),
        )
    }
    if min(numbers.values()) < 0:
        faults.append(_("遍数、间隔、音量和补播时限都要写数字。"))
    if form.chime not in {NO_CHIME, *Chime}:
        faults.append(_("请选一种提示音，或者不响。"))
    if form.after_cut not in list(AfterCut):
        faults.append(_("请选被打断以后怎么办。"))
    if faults or at is None or days is None:
        return None, tuple(faults)
    broadcast = Broadcast(
        id=broadcast_id,
        at=at,
        days=days,
        messages=form.messages,
        repeat=numbers["repeat"],
        gap_seconds=numbers["gap_seconds"],
        chime=form.chime != NO_CHIME and (form.chime == USUAL.value or Chime(form.chime)),
        volume_percent=numbers["volume_percent"] if form.volume else None,
        grace_minutes=numbers["grace_minutes"],
        after_cut=AfterCut(form.after_cut),
    )
    return broadcast, ()


def time_in(text: str) -> time | None:
    """Return the time of day in ``text``, as 07:30, or None if it is none."""
    at = _TIME.fullmatch(text)
    return None if at is None or int(at[1]) > 23 or int(at[2]) > 59 else time(int(at[1]), int(at[2]))


def number_in(text: str) -> int | None:
    """Return the whole number in ``text``, or None if it is none."""
    return int(text) if _NUMBER.fullmatch(text) else None


def _many(sent: MultiDict[str, str], name: str, most: int) -> tuple[str, ...]:
    values = (value.strip()[:_LONGEST_FIELD] for value in sent.getlist(name)[:most])
    return tuple(value for value in values if value)
