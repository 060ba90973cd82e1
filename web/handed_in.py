"""What the panel works with, handed in by keyword; the pages ask for it here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, cast

from flask import current_app

from box.clock import Clock
from box.sentences import Sentence
from programme.hotlines import doubt_sentence, suspicious, text_said
from programme.model import Message, Programme
from programme.publication import SHARED_ALONE, Publication, PublicationInvalid
from programme.shared import Shared, shared_at
from programme.together import as_one, together
from programme.zones import said_in
from speaker.protocol import Done, Records, Refused, Status
from tts.clip import ReportProgress, Studio
from tts.kept_words import KeptWords
from tts.recordings import Takes
from tts.spoken import SpokenFormEmpty, spoken_form, spoken_with_notes
from web.archive import Archive
from web.audit.log import Audit
from web.backup.arriving import Arriving
from web.desk import Desk
from web.drafts import Drafts
from web.installed import Installed
from web.jobs import Jobs
from web.lan.standing import OnLan
from web.loudness.kept import LoudnessFile
from web.messages.versions import MessageVersions
from web.people.back_off import BackOff
from web.people.setup_code import SetupCode
from web.people.tokens import Tokens
from web.people.two_people import TwoPeople
from web.people.users import Users
from web.records.copy import RecordsCopy
from web.residents.open_page import OpenPage
from web.reviews.proposals import Proposals
from web.say.handing_over import HandingOver
from web.settings.samples import Samples
from web.shared.wishes import Wishes
from web.words import about

if TYPE_CHECKING:
    from web.zones.hub import Hub  # which asks for what is handed in

_LOG = logging.getLogger(__name__)


class Speaker(Protocol):
    """What the panel asks the speaker. Every question raises SpeakerAway when nobody answers in time."""

    def play(
        self,
        *,
        broadcast: str | None = None,
        message: str | None = None,
        bulletin: str | None = None,
        priority: Literal["page", "emergency"] = "page",
        origin: Literal["panel", "command", "first-airing"] = "command",
        who: str = "",
        volume_percent: int | None = None,
        repeat: int | None = None,
        occasion: str = "",
        at: datetime | None = None,
    ) -> Done | Refused:
        """Page a broadcast, a message or a bulletin now, or at an instant within a minute."""
        ...

    def stop(self, who: str = "") -> Done | Refused:
        """Silence what sounds."""
        ...

    def be_quiet(self, until: datetime, who: str = "", occasion: str = "") -> Done | Refused:
        """Let nothing but an emergency sound until ``until``."""
        ...

    def propose_time(self, instant: datetime, who: str = "") -> Done | Refused:
        """Propose that it is ``instant`` now, for somebody at the box to confirm with the button."""
        ...

    def end_quiet(self, who: str = "") -> Done | Refused:
        """End the quiet that was asked for."""
        ...

    def status(self) -> Status:
        """Return how the speaker is."""
        ...

    def records(self, *, changed_after: int | None = None) -> Records:
        """Return the rows of the as-run log that changed after that number."""
        ...


class Publishing(Protocol):
    """What makes a publication of a programme."""

    def publish(self, programme: Programme, revision: str, report: ReportProgress) -> Publication:
        """Render what is missing and put the programme on air."""
        ...

    def publish_shared_alone(self, programme: Programme) -> Publication:
        """Put on air what a hub sends, and nothing of the programme."""
        ...

    def on_air(self) -> Publication | None:
        """Return what is on air, None as long as nothing ever was."""
        ...


@dataclass(frozen=True)
class HandedIn:
    """Everything the pages use that is not Flask's. ``folder`` is the panel's own, ``fleet`` the agent's, to read.

    ``hub_at`` gives the fleet's hub where this box is one, else None: it may become one while the panel runs.
    """

    clock: Clock
    desk: Desk
    drafts: Drafts
    archive: Archive
    versions: MessageVersions
    studio: Studio
    takes: Takes
    publisher: Publishing
    handing_over: HandingOver
    speaker: Speaker
    records: RecordsCopy
    jobs: Jobs
    users: Users
    tokens: Tokens
    setup_code: SetupCode
    back_off: BackOff
    audit: Audit
    two_people: TwoPeople
    proposals: Proposals
    wishes: Wishes
    fleet: Path
    arriving: Arriving
    folder: Path
    clips: Path
    words: KeptWords
    on_lan: OnLan
    installed: Installed
    samples: Samples
    open_page: OpenPage
    loudness: LoudnessFile
    hub_at: Callable[[], Hub | None]

    def on_air(self) -> Publication | None:
        """Return what is on air, None if nothing is. One that is damaged counts as none: publishing mends it."""
        try:
            return self.publisher.on_air()
        except PublicationInvalid as error:
            _LOG.warning("%s", error)
            return None

    def own_on_air(self) -> Publication | None:
        """Return what is on air if the yard's own programme is in it: beside a hub's, that may still be a draft."""
        on_air = self.on_air()
        return on_air if on_air is not None and on_air.revision != SHARED_ALONE else None

    def shared(self) -> Shared | None:
        """Return what a hub has this yard say, None where it has joined none."""
        return shared_at(self.folder / "shared.json")

    def both_layers(self, programme: Programme) -> Programme:
        """Return ``programme`` beside what a hub has this yard say, as the two are aired."""
        shared = self.shared()
        return as_one(together(programme, shared), shared) if shared else programme

    @property
    def zone(self) -> str:
        """The name of this yard, which a text may have said."""
        edition = self.desk.on_desk().edition
        return edition.programme.zone if edition else ""

    def read_as(self, text: str) -> str:
        """Return how ``text`` will be read aloud, empty if there is nothing in it that can be."""
        try:
            return spoken_form(said_in(text, self.zone), self.words.words())
        except SpokenFormEmpty:
            return ""

    def notes_on(self, text: str, hotlines: Iterable[str]) -> tuple[Sentence, ...]:
        """Return what its writer should know of ``text``: numbers that may be wrong, what of it is not heard."""
        doubts = tuple(doubt_sentence(doubt) for doubt in suspicious(text, hotlines))
        try:
            return (*doubts, *spoken_with_notes(said_in(text, self.zone), self.words.words()).notes)
        except SpokenFormEmpty:
            return doubts

    def seconds_of(self, message: Message) -> float:
        """Return how long a message sounds: its recording where it has one, else about what its text takes to say."""
        recorded = self.takes.seconds(message.recording) if message.recording else None
        return self.studio.seconds(text_said(message, self.zone)) if recorded is None else recorded

    def length_of(self, text: str) -> str:
        """Return about how long ``text`` takes to say, in words."""
        seconds = self.studio.seconds(said_in(text, self.zone)) if text else 0.0
        return about(seconds) if seconds else ""


def handed_in() -> HandedIn:
    """Return what the running application was given."""
    return cast(HandedIn, current_app.extensions["xiaolaba"])
