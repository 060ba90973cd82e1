"""The shape that a programme has in its file: names, lists, texts and numbers, as YAML would hold them."""

from __future__ import annotations

from programme.chimes import Chime
from programme.model import (
    AfterCut,
    Broadcast,
    CivilYear,
    Dates,
    DayException,
    Days,
    EveryMonth,
    EverySecondWeek,
    Festivals,
    Message,
    Programme,
    Weekdays,
)
from programme.reading_days import NAMED_DAYS

Shape = str | int | bool | list["Shape"] | dict[str, "Shape"]


def form_of(programme: Programme) -> dict[str, Shape]:
    """Return the programme as its file has it, in the order of the starter file; what is None is left out."""
    return _present(
        version=1,
        zone=programme.zone,
        timezone=programme.timezone,
        voice=programme.voice,
        volume=programme.volume_percent,
        pause_seconds=programme.pause_seconds,
        messages={message.id: _message(message) for message in programme.messages},
        broadcasts={broadcast.id: _broadcast(broadcast) for broadcast in programme.broadcasts},
        hotlines=list(programme.hotlines),
        exceptions=[_exception(exception) for exception in programme.exceptions],
        calendar={str(year.year): _year(year) for year in programme.calendar},
    )


def _message(message: Message) -> dict[str, Shape]:
    return _present(
        title=message.title,
        text=message.text,
        voice=message.voice,
        recording=message.recording,
        valid_from=_date(message.valid_from),
        valid_until=_date(message.valid_until),
        source=message.source,
        author=message.author,
        say_numbers_twice=message.say_numbers_twice or None,
        zones=_zones(message.zones),
    )


def _broadcast(broadcast: Broadcast) -> dict[str, Shape]:
    return _present(
        at=f"{broadcast.at:%H:%M}",
        days=_days(broadcast.days),
        messages=list(broadcast.messages),
        repeat=broadcast.repeat,
        gap_seconds=broadcast.gap_seconds,
        chime=broadcast.chime.value if isinstance(broadcast.chime, Chime) else broadcast.chime,
        volume=broadcast.volume_percent,
        grace_minutes=broadcast.grace_minutes,
        after_cut=None if broadcast.after_cut is AfterCut.NEXT_MESSAGE else broadcast.after_cut.value,
        zones=_zones(broadcast.zones),
    )


def _exception(exception: DayException) -> dict[str, Shape]:
    air: Shape = "none" if exception.air == "none" else list(exception.air)
    shape: dict[str, Shape] = {
        "from": exception.first.isoformat(),
        "to": exception.last.isoformat(),
        "reason": exception.reason,
        "air": air,
    }
    return shape | _present(zones=_zones(exception.zones))


def _zones(zones: tuple[str, ...]) -> list[Shape] | None:
    return list(zones) or None


def _year(year: CivilYear) -> Shape:
    return {
        "holidays": [
            {"name": one.name, "from": one.first.isoformat(), "to": one.last.isoformat()} for one in year.holidays
        ],
        "workdays": [day.isoformat() for day in year.workdays],
    }


def _days(days: Days) -> Shape:
    match days:
        case Weekdays():
            return [day.value for day in days.days]
        case Dates():
            return {"dates": [day.isoformat() for day in days.dates]}
        case Festivals():
            return {"festival": _one_or_many([one.value for one in days.festivals])}
        case EverySecondWeek():
            return {"every second week": [day.value for day in days.days], "from": days.first.isoformat()}
        case EveryMonth():
            which = _one_or_many([one.value for one in days.which])
            return {"every month": which, "weekday": _one_or_many([day.value for day in days.days])}
    return next(name for name, named in NAMED_DAYS.items() if named == days)


def _one_or_many(names: list[str]) -> Shape:
    return names[0] if len(names) == 1 else list(names)


def _date(day: object) -> str | None:
    return None if day is None else str(day)


def _present(**fields: Shape | None) -> dict[str, Shape]:
    return {name: value for name, value in fields.items() if value is not None}
