"""What the panel of a hub does by itself: when an edition is on air here, it hands the hub what is for other yards."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from box.sentences import XiaolabaError
from fleet.hub.client import HubAway, HubClient
from programme.community import Community, Yard
from programme.file import Edition
from programme.model import Programme
from programme.publication import Publication
from tts.clip import ReportProgress
from tts.community import is_for_others

_LOG = logging.getLogger(__name__)


class Makes(Protocol):
    """Makes the file (``tts.community.CommunityFile``)."""

    def exists(self) -> bool:
        """Tell whether anything was ever handed over."""
        ...

    def make(self, programme: Programme, revision: str, yards: Sequence[Yard], report: ReportProgress) -> Community:
        """Render what is for ``yards`` and put it into the file."""
        ...


class KnowsYards(Protocol):
    """The hub, as it is asked for its yards and told of a new file."""

    def yards(self) -> tuple[Yard, ...] | None:
        """Return the yards that belong to it, None where this box is no hub or it does not answer."""
        ...

    def refresh(self) -> None:
        """Tell it that there is a new file. Raises XiaolabaError."""
        ...


class HubsYards:
    """The hub of this box, over its socket."""

    def __init__(self, client: HubClient) -> None:
        self._client = client

    def yards(self) -> tuple[Yard, ...] | None:
        """Return its members by name."""
        try:
            zones = self._client.zones().zones
        except HubAway:
            return None
        return tuple(Yard(zone.name, zone.zone, zone.groups) for zone in zones if zone.standing == "member")

    def refresh(self) -> None:
        """Tell it that there is a new file."""
        self._client.refresh()


class HandsOver:
    """Hands an edition over once it is on air here, once for each set of yards that it is for."""

    def __init__(self, hub: KnowsYards, file: Makes) -> None:
        self._hub = hub
        self._file = file
        self._handed: tuple[str, datetime] | None = None
        self._yards: tuple[Yard, ...] = ()

    def wanted(self, edition: Edition, on_air: Publication, *, look: bool) -> tuple[Yard, ...] | None:
        """Return the yards for which ``edition`` is to be handed over now, None where nothing is to be done.

        What is not on air here yet is not sent anywhere: it was not approved, or could not be rendered. ``look`` has
        the hub asked whether it has other yards by now, though the edition was handed over.
        """
        handed = self._handed == (edition.revision, on_air.published)
        if on_air.revision != edition.revision or (handed and not look):
            return None
        if not is_for_others(edition.programme) and not self._file.exists():
            return None
        yards = self._hub.yards()
        return yards if yards and not (handed and yards == self._yards) else None

    def hand_over(self, edition: Edition, on_air: Publication, yards: tuple[Yard, ...], report: ReportProgress) -> None:
        """Do it. What fails is tried again with the next edition, or when the yards are others.

        Raises XiaolabaError for a person, OSError.
        """
        self._handed, self._yards = (edition.revision, on_air.published), yards
        self._file.make(edition.programme, edition.revision, yards, report)
        try:
            self._hub.refresh()
        except XiaolabaError as error:  # it looks at the file by itself too
            _LOG.info("%s", error)
