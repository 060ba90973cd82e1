"""What each yard is to say of an urgent announcement: the same clip, or its own where the words name the yard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from fleet.hub import protocol as p
from fleet.hub import urgent_protocol as u
from fleet.hub.devices import Standing
from programme.model import Programme
from programme.publication import PublishedMessage
from programme.zones import is_for, said_in
from tts.bulletins import title_of
from tts.clip import Progress, ReportProgress, Studio
from web.handed_in import HandedIn
from web.say.named import NamedWords, named_words
from web.words import about

LEAST_SECONDS = 0.5  # of making one yard's sound and compressing it


@dataclass(frozen=True)
class UrgentWords:
    """A bulletin, and what was typed where that names the yard."""

    bulletin: PublishedMessage
    named: NamedWords | None
    voice: str

    @property
    def text(self) -> str:
        """The words as they were typed."""
        return self.named.text if self.named else self.bulletin.text

    def takes(self, yards: int) -> str:
        """Return about how long it takes to make the sound for so many yards, in words; empty where one serves all."""
        return about(max(self.named.seconds, LEAST_SECONDS) * yards) if self.named else ""

    def asked(
        self,
        chosen: tuple[str, ...],
        zones: Sequence[p.Zone],
        studio: Studio,
        who: str,
        report: ReportProgress,
    ) -> u.PrepareUrgent:
        """Return what the hub is to be asked: with a sound for each yard that is meant, if the words name it.

        Raises EngineError.
        """
        said = self.bulletin
        return u.PrepareUrgent(
            zones=chosen,
            title=_title(self.named.text) if self.named else said.title,
            text=self.text,
            clip=said.clip,
            frames=said.frames,
            voice=said.voice,
            engine=said.engine,
            stand_in=said.stand_in,
            who=who,
            own=self._own(meant_by(chosen, zones), studio, report) if self.named else (),
        )

    def _own(self, zones: Sequence[p.Zone], studio: Studio, report: ReportProgress) -> tuple[u.OwnWords, ...]:
        own = []
        for number, zone in enumerate(zones):
            report(Progress(number, len(zones) + 1, _("正在念%(yard)s的", yard=zone.zone)))
            clip = studio.clip(said_in(self.text, zone.zone), self.voice)
            own.append(
                u.OwnWords(
                    name=zone.name,
                    zone=zone.zone,
                    clip=clip.sha256,
                    frames=clip.frames,
                    voice=clip.voice,
                    engine=clip.engine,
                    stand_in=clip.stand_in,
                )
            )
        return tuple(own)


def _title(text: str) -> str:
    """Return what the words are called, with no half of ``{zone}`` at its end."""
    title = title_of(text)
    head, brace, tail = title.rpartition("{")
    return f"{head}…" if brace and "}" not in tail else title


def urgent_words(house: HandedIn, bulletin: PublishedMessage) -> UrgentWords:
    """Return the words of ``bulletin``; what names a yard is said in the programme's voice."""
    edition = house.desk.on_desk().edition
    voice = (edition.programme if edition else Programme(zone="")).voice
    return UrgentWords(bulletin, named_words(house.folder).find(bulletin.id), voice)


def meant_by(chosen: tuple[str, ...], zones: Sequence[p.Zone]) -> list[p.Zone]:
    """Return the members that are meant by what was chosen."""
    members = [zone for zone in zones if zone.standing is Standing.MEMBER]
    return [zone for zone in members if is_for(chosen, zone.name, zone.groups)]
