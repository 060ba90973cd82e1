"""What is for other yards, rendered and handed to the hub: one file, replaced as a whole (``community.json``)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from box.clock import Clock
from box.durable import replace_file
from box.sentences import Sentence
from box.settings import Loudspeaker
from programme.community import Community, ForYards, Yard, decode_community, encode_community
from programme.model import Message, Programme
from programme.zones import ALL, HERE, ZONE_SAID, is_for
from tts.clip import Progress, ReportProgress
from tts.rendered import Rendered


class CommunityFile:
    """Makes ``path``. ``rendered`` is the studio's and the recordings' work, made for ``loudspeaker``."""

    def __init__(self, path: Path, rendered: Rendered, clock: Clock, loudspeaker: Loudspeaker = "box") -> None:
        self._path = path
        self._rendered = rendered
        self._clock = clock
        self._loudspeaker = loudspeaker

    def exists(self) -> bool:
        """Tell whether anything was ever handed over: then that there is nothing more must be, too."""
        return self._path.exists()

    def make(self, programme: Programme, revision: str, yards: Sequence[Yard], report: ReportProgress) -> Community:
        """Render what is for ``yards``, with progress, and put it into the file.

        A message that names the yard is rendered for each, any other once. Raises MessageNotRendered naming the
        message, PublicationInvalid where it is too much, OSError: what was handed over before stays then.
        """
        meant = [
            (message, tuple(yard for yard in yards if is_for(message.zones, yard.name, yard.groups)))
            for message in programme.messages
        ]
        total = sum(_renderings(message, those) for message, those in meant)
        done = 0
        messages: list[ForYards] = []
        for message, those in meant:
            if not those:
                continue
            title = message.title.replace(ZONE_SAID, "…")
            report(Progress(done, total, Sentence(f"正在为各小区生成：{title}", f"For the zones: {title}")))
            messages.append(self._for_yards(message, those, programme.voice))
            done += _renderings(message, those)
        community = Community(
            revision=revision,
            hub=programme.zone,
            published=self._clock.now(),
            messages=tuple(messages),
            broadcasts=tuple(one for one in programme.broadcasts if _elsewhere(one.zones)),
            exceptions=tuple(one for one in programme.exceptions if _elsewhere(one.zones)),
            calendar=programme.calendar,
            loudspeaker=self._loudspeaker,
        )
        content = encode_community(community)
        decode_community(content)
        replace_file(self._path, content)
        return community

    def _for_yards(self, message: Message, yards: tuple[Yard, ...], voice: str) -> ForYards:
        if not _names_the_yard(message):
            said = self._rendered.message(message, voice, "")
            return ForYards(id=message.id, zones=message.zones, said=said, by_yard={})
        by_yard = {yard.name: self._rendered.message(message, voice, yard.zone) for yard in yards}
        return ForYards(id=message.id, zones=message.zones, by_yard=by_yard)


def is_for_others(programme: Programme) -> bool:
    """Tell whether anything in it is for another yard."""
    entries = (programme.messages, programme.broadcasts, programme.exceptions)
    return any(_elsewhere(one.zones) for kind in entries for one in kind)


def _renderings(message: Message, yards: Sequence[Yard]) -> int:
    return len(yards) if _names_the_yard(message) else min(1, len(yards))


def _names_the_yard(message: Message) -> bool:
    return ZONE_SAID in message.text or ZONE_SAID in message.title


def _elsewhere(zones: Sequence[str]) -> bool:
    """Tell whether ``zones`` may mean another yard."""
    return ALL in zones or bool(set(zones) - {HERE})
