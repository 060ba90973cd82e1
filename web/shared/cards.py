"""What is shared, as lists show it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from programme.file import Edition
from programme.model import Broadcast
from programme.publication import SAMPLE_RATE_HZ, Publication, PublishedMessage
from programme.shared import is_from_hub, looks_shared
from programme.zones import for_this_yard
from web.language import listed
from web.schedule.words import days_words
from web.words import about, part_of_day


@dataclass(frozen=True)
class SharedCard:
    """A message of the community."""

    id: str
    title: str
    first_words: str
    length: str
    clip: str
    used_at: str


@dataclass(frozen=True)
class SharedLine:
    """A broadcast of the community."""

    id: str
    at: str
    part: str
    days: str
    titles: tuple[str, ...]
    messages: tuple[str, ...]


def shared_messages(on_air: Publication | None) -> tuple[PublishedMessage, ...]:
    """Return the messages on air that come from the hub."""
    return tuple(message for message in on_air.messages if is_from_hub(on_air, message.id)) if on_air else ()


def shared_cards(on_air: Publication | None) -> list[SharedCard]:
    """Return them as the list of messages shows them."""
    return [_card(on_air, message) for message in shared_messages(on_air) if on_air]


def shared_lines(on_air: Publication | None) -> list[SharedLine]:
    """Return the broadcasts on air that come from the hub, by their time."""
    if on_air is None:
        return []
    every = sorted(on_air.broadcasts, key=lambda one: (one.at, one.id))
    return [_line(on_air, one) for one in every if is_from_hub(on_air, one.id)]


def times_of(on_air: Publication, message_id: str) -> str:
    """Return when the hub has a message said, in words; empty where no broadcast says it."""
    theirs = (one for one in on_air.broadcasts if is_from_hub(on_air, one.id))
    return listed(f"{one.at:%H:%M}" for one in theirs if message_id in one.messages)


def moved_words(edition: Edition | None, on_air: Publication | None) -> list[str]:
    """Return what of the yard's own is aired otherwise than it is written, because of what is shared."""
    if edition is None or on_air is None or not on_air.shared or on_air.revision != edition.revision:
        return []
    own = for_this_yard(edition.programme)
    aired = {one.id: one for one in on_air.broadcasts}
    told = []
    ids = [*(message.id for message in own.messages), *(broadcast.id for broadcast in own.broadcasts)]
    reserved = [name for name in ids if looks_shared(name)]
    for one in own.broadcasts:
        if one.id in reserved:
            continue
        later = aired[one.id].at if one.id in aired else one.at
        if later != one.at:
            at, moved = f"{one.at:%H:%M}", f"{later:%H:%M}"
            told.append(_("本院 %(at)s 的时段和社区统一的撞在一起，改在 %(later)s 播。", at=at, later=moved))
    said = {message.id for message in on_air.messages}
    missing = [one.id for one in own.messages if one.id not in said] + [
        one.id for one in own.broadcasts if one.id not in aired
    ]
    if reserved:
        told.append(
            _(
                "编号以 c- 开头的是社区统一的，本院自己的 %(ids)s 播不了。请安装人员在节目文件里换个编号。",
                ids=listed(reserved),
            )
        )
    if count := sum(name not in reserved for name in missing):
        told.append(_("社区统一的节目太多，本院有 %(count)s 项暂时播不了。", count=count))
    return told


def _card(on_air: Publication, message: PublishedMessage) -> SharedCard:
    words = " ".join(message.text.split())
    return SharedCard(
        id=message.id,
        title=message.title,
        first_words=words[:42] + ("…" if len(words) > 42 else ""),
        length=about(message.frames / SAMPLE_RATE_HZ),
        clip=message.clip,
        used_at=times_of(on_air, message.id),
    )


def _line(on_air: Publication, broadcast: Broadcast) -> SharedLine:
    said = [message for message in map(on_air.message, broadcast.messages) if message]
    return SharedLine(
        id=broadcast.id,
        at=f"{broadcast.at:%H:%M}",
        part=part_of_day(broadcast.at),
        days=days_words(broadcast.days),
        titles=tuple(message.title for message in said),
        messages=tuple(message.id for message in said),
    )
