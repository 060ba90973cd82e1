"""A broadcast as its form has it: every field as text, whatever was typed; and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from programme.checking import MOST_DATES, MOST_SAID
from programme.chimes import USUAL, Chime, chime_of
from programme.model import Broadcast, Dates, Days, EveryDay, RestDays, Weekday, Weekdays, Workdays

KINDS = ("every", "workdays", "rest", "weekdays", "dates")
NO_CHIME = "no"
_LONGEST_FIELD = 40  # characters; what is longer is no time, no number and no id
_TIME = re.compile(r"([0-9]{1,2})[:\uff1a]([0-9]{2})(?::00)?")  # a phone's Chinese keyboard types the wide colon
_NUMBER = re.compile(r"[0-9]{1,4}")
_SIMPLE: dict[str, Days] = {"every": EveryDay(), "workdays": Workdays(), "rest": RestDays()}


@dataclass(frozen=True)
class BroadcastForm:
    """What the form holds. ``volume`` is empty for the programme's; ``chime`` is a chime's name or "no"."""

    at: str = ""
    kind: str = "every"
    weekdays: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    repeat: str = "1"
    gap_seconds: str = "3"
    chime: str = USUAL.value
    volume: str = ""
    grace_minutes: str = "10"

    def fields(self) -> list[tuple[str, str]]:
        """Return the fields as the form sends them."""
        single = ("at", "kind", "repeat", "gap_seconds", "chime", "volume", "grace_minutes")
        many = {"weekday": self.weekdays, "date": self.dates, "message": self.messages}
        return [(name, getattr(self, name)) for name in single] + [
            (name, value) for name, values in many.items() for value in values
        ]


def form_of(broadcast: Broadcast) -> BroadcastForm:
    """Return the form filled with ``broadcast``."""
    days = broadcast.days
    chime = chime_of(broadcast.chime)
    kind = next((name for name, named in _SIMPLE.items() if named == days), "")
    return BroadcastForm(
        at=f"{broadcast.at:%H:%M}",
        kind=kind or ("weekdays" if isinstance(days, Weekdays) else "dates"),
        weekdays=tuple(day.value for day in days.days) if isinstance(days, Weekdays) else (),
        dates=tuple(day.isoformat() for day in days.dates) if isinstance(days, Dates) else (),
        messages=broadcast.messages,
        repeat=str(broadcast.repeat),
        gap_seconds=str(broadcast.gap_seconds),
        chime=chime.value if chime else NO_CHIME,
        volume="" if broadcast.volume_percent is None else str(broadcast.volume_percent),
        grace_minutes=str(broadcast.grace_minutes),
    )


def form_in(sent: MultiDict[str, str]) -> BroadcastForm:
    """Return the form in ``sent``; a field that is not there is as in a new form, and all are bounded."""
    new = BroadcastForm()

    def one(name: str) -> str:
        default: str = getattr(new, name)
        return sent.get(name, default).strip()[:_LONGEST_FIELD]

    return BroadcastForm(
        at=one("at"),
        kind=one("kind"),
        weekdays=_many(sent, "weekday", len(Weekday)),
        dates=tuple(dict.fromkeys(_many(sent, "date", MOST_DATES + 1))),
        messages=_many(sent, "message", MOST_SAID + 1),
        repeat=one("repeat"),
        gap_seconds=one("gap_seconds"),
        chime=one("chime"),
        volume=one("volume"),
        grace_minutes=one("grace_minutes"),
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
        return replace(form, dates=tuple(day for index, day in enumerate(form.dates) if index != place))
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
    at = _TIME.fullmatch(form.at)
    if at is None or int(at[1]) > 23 or int(at[2]) > 59:
        faults.append(_("请写几点几分播，比如 07:30。"))
    days = _days(form, faults)
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
    if faults or at is None or days is None:
        return None, tuple(faults)
    broadcast = Broadcast(
        id=broadcast_id,
        at=time(int(at[1]), int(at[2])),
        days=days,
        messages=form.messages,
        repeat=numbers["repeat"],
        gap_seconds=numbers["gap_seconds"],
        chime=form.chime != NO_CHIME and (form.chime == USUAL.value or Chime(form.chime)),
        volume_percent=numbers["volume_percent"] if form.volume else None,
        grace_minutes=numbers["grace_minutes"],
    )
    return broadcast, ()


def date_in(text: str) -> date | None:
    """Return the date in ``text``, as 2026-02-17, or None if it is none."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def _days(form: BroadcastForm, faults: list[str]) -> Days | None:
    if form.kind in _SIMPLE:
        return _SIMPLE[form.kind]
    if form.kind == "weekdays":
        named = tuple(day for day in Weekday if day.value in form.weekdays)
        if not named:
            faults.append(_("请至少勾选一个星期几。"))
        return Weekdays(days=named)
    if form.kind == "dates":
        return _dates(form.dates, faults)
    faults.append(_("请选哪些天播。"))
    return None


def _dates(written: Iterable[str], faults: list[str]) -> Days:
    days = set()
    for text in written:
        day = date_in(text)
        if day is None:
            faults.append(_("“%(text)s”不是日期，请写成 2026-02-17 这样。", text=text))
        else:
            days.add(day)
    if not days and not faults:
        faults.append(_("请至少写一个日期。"))
    return Dates(dates=tuple(sorted(days)))


def _many(sent: MultiDict[str, str], name: str, most: int) -> tuple[str, ...]:
    values = (value.strip()[:_LONGEST_FIELD] for value in sent.getlist(name)[:most])
    return tuple(value for value in values if value)
