"""The programme file's bytes become a programme, or every fault at once with its line."""

from __future__ import annotations

from datetime import date, time

from programme.checking import faults_in
from programme.chimes import Chime
from programme.faults import Fault, Path, ProgrammeInvalid
from programme.model import AfterCut, Broadcast, Dates, DayException, Days, Message, Programme
from programme.nodes import Mapping, Node, Scalar, decode, parse
from programme.quoting import unknown
from programme.reading_calendar import calendar_in
from programme.reading_days import days_in
from programme.taking import UNTAKEN_TEXT, YES_NO, Taking

VERSION = "1"

_NEVER: Days = Dates(dates=())  # for days that could not be taken: it meets no other broadcast
_TOP = {
    "version": True, "zone": True, "timezone": False, "voice": False, "volume": False, "pause_seconds": False,
    "messages": False, "broadcasts": False, "hotlines": False, "exceptions": False, "calendar": False,
}  # fmt: skip
_MESSAGE = {
    "title": True, "text": False, "voice": False, "recording": False, "valid_from": False, "valid_until": False,
    "source": False, "author": False, "say_numbers_twice": False, "zones": False,
}  # fmt: skip
_BROADCAST = {
    "at": True, "days": False, "messages": True, "repeat": False, "gap_seconds": False, "chime": False,
    "volume": False, "grace_minutes": False, "after_cut": False, "zones": False,
}  # fmt: skip
_EXCEPTION = {"from": True, "to": True, "reason": True, "air": False, "zones": False}


def read_programme(content: bytes) -> Programme:
    """Return the programme in ``content``, the bytes of a programme file.

    Raises ProgrammeInvalid with every fault, whatever the bytes are; it takes under a second.
    """
    text, faults = decode(content)
    if faults and not text:
        raise ProgrammeInvalid(faults)
    root, of_form = parse(text)
    faults += of_form
    if root is None:
        raise ProgrammeInvalid(faults or [Fault(1, "文件是空的，请写上节目单", "the file is empty; write a programme")])
    taking = Taking(lines={(): root.span.line})
    programme = _programme(root, taking)
    faults += _beside(faults, taking.faults)
    faults += _beside(faults, _judged(programme, taking))
    if faults:
        raise ProgrammeInvalid(sorted(faults, key=lambda fault: fault.line or 0))
    return programme


def _beside(found: list[Fault], more: list[Fault]) -> list[Fault]:
    """Return those of ``more`` on lines of their own: the form's fault in a line makes the others there."""
    taken = {fault.line for fault in found if not fault.path}
    return [fault for fault in more if fault.line not in taken]


def _judged(programme: Programme, taking: Taking) -> list[Fault]:
    return [
        Fault(taking.line_of(fault.path), fault.zh, fault.en, fault.path)
        for fault in faults_in(programme)
        if not taking.is_spoiled(fault.path)
    ]


def _programme(root: Node, taking: Taking) -> Programme:
    found = taking.fields(root, (), _TOP)
    if "version" in found and taking.text(found["version"], ("version",)) != VERSION:
        taking.wrong(("version",), f"这里要写 version: {VERSION}", f"this must be version: {VERSION}")
    defaults = Programme(zone=UNTAKEN_TEXT)
    messages = taking.entries(found.get("messages"), ("messages",))
    broadcasts = taking.entries(found.get("broadcasts"), ("broadcasts",))
    return Programme(
        zone=taking.text(found.get("zone"), ("zone",)),
        timezone=taking.optional_text(found.get("timezone"), ("timezone",)) or defaults.timezone,
        voice=taking.optional_text(found.get("voice"), ("voice",)) or defaults.voice,
        volume_percent=taking.number(found.get("volume"), ("volume",), defaults.volume_percent),
        pause_seconds=taking.number(found.get("pause_seconds"), ("pause_seconds",), defaults.pause_seconds),
        messages=tuple(_message(name, node, taking) for name, node in messages.items()),
        broadcasts=tuple(_broadcast(name, node, taking) for name, node in broadcasts.items()),
        hotlines=_texts(found.get("hotlines"), ("hotlines",), taking),
        exceptions=tuple(
            _exception(node, ("exceptions", index), taking)
            for index, node in enumerate(taking.items(found.get("exceptions"), ("exceptions",)))
        ),
        calendar=calendar_in(found.get("calendar"), ("calendar",), taking),
    )


def _message(name: str, node: Node, taking: Taking) -> Message:
    path: Path = ("messages", name)
    found = taking.fields(node, path, _MESSAGE)

    def optional(key: str) -> str | None:
        return taking.optional_text(found.get(key), (*path, key))

    return Message(
        id=name,
        title=taking.text(found.get("title"), (*path, "title")),
        text=optional("text") or "",
        voice=optional("voice"),
        recording=optional("recording"),
        valid_from=taking.date(found.get("valid_from"), (*path, "valid_from")),
        valid_until=taking.date(found.get("valid_until"), (*path, "valid_until")),
        source=optional("source"),
        author=optional("author"),
        say_numbers_twice=taking.yes_or_no(found.get("say_numbers_twice"), (*path, "say_numbers_twice"), False),
        zones=_zones(found, path, taking),
    )


def _broadcast(name: str, node: Node, taking: Taking) -> Broadcast:
    path: Path = ("broadcasts", name)
    found = taking.fields(node, path, _BROADCAST)
    defaults = Broadcast(id=name, at=time(), messages=())

    def number(key: str, otherwise: int) -> int:
        return taking.number(found.get(key), (*path, key), otherwise)

    at = taking.time(found.get("at"), (*path, "at"))
    days = days_in(found.get("days"), (*path, "days"), taking)
    if at is None or days is None:
        taking.spoiled.add((*path, "days"))
        days = _NEVER
    return Broadcast(
        id=name,
        at=at or time(),
        days=days,
        messages=_texts(found.get("messages"), (*path, "messages"), taking),
        repeat=number("repeat", defaults.repeat),
        gap_seconds=number("gap_seconds", defaults.gap_seconds),
        chime=_chime(found.get("chime"), (*path, "chime"), taking, defaults.chime),
        volume_percent=number("volume", 80) if "volume" in found else None,
        grace_minutes=number("grace_minutes", defaults.grace_minutes),
        after_cut=_after_cut(found.get("after_cut"), (*path, "after_cut"), taking),
        zones=_zones(found, path, taking),
    )


def _chime(node: Node | None, path: Path, taking: Taking, otherwise: bool | Chime) -> bool | Chime:
    shown = node.text.lower() if isinstance(node, Scalar) else ""
    if node is None or shown in YES_NO:
        return YES_NO.get(shown, otherwise)
    if shown == "none":
        return False
    if shown in list(Chime):
        return Chime(shown)
    fault = unknown(path, shown, list(Chime), "提示音", "chime")
    ways = " · ".join(("true", "false", *Chime))
    taking.wrong(path, f"{fault.zh}可以写：{ways}", f"{fault.en} One of: {ways}")
    return otherwise


def _after_cut(node: Node | None, path: Path, taking: Taking) -> AfterCut:
    shown = node.text.lower() if isinstance(node, Scalar) else ""
    if node is None or shown in list(AfterCut):
        return AfterCut(shown) if shown else AfterCut.NEXT_MESSAGE
    fault = unknown(path, shown, list(AfterCut), "做法", "rule")
    ways = " · ".join(AfterCut)
    taking.wrong(path, f"{fault.zh}可以写：{ways}", f"{fault.en} One of: {ways}")
    return AfterCut.NEXT_MESSAGE


def _exception(node: Node, path: Path, taking: Taking) -> DayException:
    found = taking.fields(node, path, _EXCEPTION)
    if not isinstance(node, Mapping):
        taking.spoiled.add(path)
    first, last = (taking.date(found.get(key), (*path, key)) for key in ("from", "to"))
    if first is None or last is None:
        taking.spoiled.add((*path, "to"))
    air = found.get("air")
    everything_off = air is None or (isinstance(air, Scalar) and air.text == "none")
    return DayException(
        first=first or date.min,
        last=last or date.max,
        reason=taking.text(found.get("reason"), (*path, "reason")),
        air="none" if everything_off else _texts(air, (*path, "air"), taking),
        zones=_zones(found, path, taking),
    )


def _zones(found: dict[str, Node], path: Path, taking: Taking) -> tuple[str, ...]:
    """Return the zones of an entry: a list, or one by itself."""
    node = found.get("zones")
    one = isinstance(node, Scalar) and not node.empty
    return (taking.text(node, (*path, "zones")),) if one else _texts(node, (*path, "zones"), taking)


def _texts(node: Node | None, path: Path, taking: Taking) -> tuple[str, ...]:
    return tuple(taking.text(item, (*path, index)) for index, item in enumerate(taking.items(node, path)))
