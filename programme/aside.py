"""Putting a message, a broadcast or an exception aside, so that everything can be brought back as it was. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec.structs import replace

from programme.model import Broadcast, DayException, Message, Programme, Value

_T = TypeVar("_T")


class Placed(Value, frozen=True, kw_only=True):
    """Where a message stood in a broadcast that stays without it; ``index`` counts from 0."""

    broadcast: str
    index: int


class Aside(Value, frozen=True, kw_only=True):
    """What was taken out of a programme, with its places (from 0), and ``changed``: exceptions that named it."""

    message: tuple[int, Message] | None = None
    said: tuple[Placed, ...] = ()
    broadcasts: tuple[tuple[int, Broadcast], ...] = ()
    exception: tuple[int, DayException] | None = None
    changed: tuple[DayException, ...] = ()


def without_message(programme: Programme, message_id: str) -> tuple[Programme, Aside]:
    """Return the programme without that message, and what was taken out.

    A broadcast that says nothing else is taken out with it: it could not be saved. Raises LookupError for none.
    """
    index = _index(programme.messages, lambda message: message.id == message_id)
    message = programme.messages[index]
    alone = [one.id for one in programme.broadcasts if set(one.messages) == {message_id}]
    rest, taken = _without_broadcasts(programme, alone)
    said = tuple(
        Placed(broadcast=broadcast.id, index=place)
        for broadcast in rest.broadcasts
        for place, name in enumerate(broadcast.messages)
        if name == message_id
    )
    rest = replace(
        rest,
        messages=_without(rest.messages, index),
        broadcasts=tuple(
            replace(one, messages=tuple(name for name in one.messages if name != message_id)) for one in rest.broadcasts
        ),
    )
    return rest, replace(taken, message=(index, message), said=said)


def without_broadcast(programme: Programme, broadcast_id: str) -> tuple[Programme, Aside]:
    """Return the programme without that broadcast, and what was taken out. Raises LookupError for none."""
    _index(programme.broadcasts, lambda broadcast: broadcast.id == broadcast_id)
    return _without_broadcasts(programme, [broadcast_id])


def without_exception(programme: Programme, exception: DayException) -> tuple[Programme, Aside]:
    """Return the programme without that exception, and what was taken out. Raises LookupError for none."""
    index = _index(programme.exceptions, lambda one: one == exception)
    return replace(programme, exceptions=_without(programme.exceptions, index)), Aside(exception=(index, exception))


def brought_back(programme: Programme, aside: Aside) -> Programme:
    """Return the programme with what was taken out, each at its place as far as that is there still.

    A message whose id is another's by now comes under a new one. A broadcast that is there again stays as it is; one
    that comes back says those of its messages that there are.
    """
    if aside.message is not None:
        programme = _with_message(programme, *aside.message, aside.said, aside.broadcasts)
    else:
        programme = _with_broadcasts(programme, aside.broadcasts)
    if aside.exception is not None and aside.exception[1] not in programme.exceptions:
        programme = replace(programme, exceptions=_with(programme.exceptions, *aside.exception))
    back = [broadcast.id for _, broadcast in aside.broadcasts]
    before = {_silenced(one, back): one for one in aside.changed}
    return replace(programme, exceptions=tuple(before.get(one, one) for one in programme.exceptions))


def in_the_place_of(programme: Programme, aside: Aside, message: Message) -> Programme:
    """Return the programme with ``message`` where the message of ``aside`` was: in the list and in its broadcasts."""
    if aside.message is None:
        raise LookupError
    index, gone = aside.message
    broadcasts = tuple(
        (place, replace(one, messages=tuple(message.id if name == gone.id else name for name in one.messages)))
        for place, one in aside.broadcasts
    )
    return brought_back(programme, replace(aside, message=(index, message), broadcasts=broadcasts))


def holds(programme: Programme, aside: Aside) -> bool:
    """Tell whether the programme has all of it: a power cut between the two steps of either act leaves both."""
    message, exception = aside.message, aside.exception
    return (
        (message is None or message[1] in programme.messages)
        and (exception is None or exception[1] in programme.exceptions)
        and all(broadcast in programme.broadcasts for _, broadcast in aside.broadcasts)
    )


def free_id(wanted: str, taken: Iterable[str]) -> str:
    """Return ``wanted``, or the first of wanted-2, wanted-3 … that is not taken; 40 characters at most."""
    names = set(taken)
    number, name = 2, wanted[:40]
    while name in names:
        ending = f"-{number}"
        name, number = wanted[: 40 - len(ending)] + ending, number + 1
    return name


def _without_broadcasts(programme: Programme, names: list[str]) -> tuple[Programme, Aside]:
    taken = tuple((index, one) for index, one in enumerate(programme.broadcasts) if one.id in names)
    changed = tuple(one for one in programme.exceptions if _silenced(one, names) != one)
    rest = replace(
        programme,
        broadcasts=tuple(one for one in programme.broadcasts if one.id not in names),
        exceptions=tuple(_silenced(one, names) for one in programme.exceptions),
    )
    return rest, Aside(broadcasts=taken, changed=changed)


def _with_message(
    programme: Programme,
    index: int,
    message: Message,
    said: tuple[Placed, ...],
    broadcasts: tuple[tuple[int, Broadcast], ...],
) -> Programme:
    if message not in programme.messages:
        new = replace(message, id=free_id(message.id, [one.id for one in programme.messages]))
        programme = replace(programme, messages=_with(programme.messages, index, new))
    else:
        new = message
    if new.id != message.id:
        broadcasts = tuple(
            (place, replace(one, messages=tuple(new.id if name == message.id else name for name in one.messages)))
            for place, one in broadcasts
        )
    programme = _with_broadcasts(programme, broadcasts)
    saying = {one.id for one in programme.broadcasts if new.id in one.messages}
    for placed in said:
        if placed.broadcast not in saying:
            programme = replace(
                programme,
                broadcasts=tuple(
                    replace(one, messages=_with(one.messages, placed.index, new.id))
                    if one.id == placed.broadcast
                    else one
                    for one in programme.broadcasts
                ),
            )
    return programme


def _with_broadcasts(programme: Programme, broadcasts: tuple[tuple[int, Broadcast], ...]) -> Programme:
    known = {message.id for message in programme.messages}
    for index, broadcast in broadcasts:
        if programme.broadcast(broadcast.id) is None:
            back = replace(broadcast, messages=tuple(name for name in broadcast.messages if name in known))
            programme = replace(programme, broadcasts=_with(programme.broadcasts, index, back))
    return programme


def _silenced(exception: DayException, names: list[str]) -> DayException:
    """Return the exception without those broadcasts; of one that names no other, nothing airs."""
    if exception.air == "none" or set(names).isdisjoint(exception.air):
        return exception
    return replace(exception, air=tuple(name for name in exception.air if name not in names) or "none")


def _index(items: tuple[_T, ...], is_it: Callable[[_T], bool]) -> int:
    for index, item in enumerate(items):
        if is_it(item):
            return index
    raise LookupError


def _without(items: tuple[_T, ...], index: int) -> tuple[_T, ...]:
    return (*items[:index], *items[index + 1 :])


def _with(items: tuple[_T, ...], index: int, item: _T) -> tuple[_T, ...]:
    return (*items[:index], item, *items[index:])
