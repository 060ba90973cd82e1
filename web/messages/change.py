"""Changing a message's words: judged, then saved in a job or handed in for review. For the page and for the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from flask_babel import gettext as _

from programme.file import Edition, StaleRevision
from programme.hotlines import Suspicion
from programme.model import Message
from programme.zones import HERE
from tts.clip import ReportProgress
from web.audit.auditing import Record
from web.handed_in import HandedIn
from web.jobs import Finish, Job
from web.language import tell
from web.messages.number_guard import doubts_on
from web.reviews.proposals import Proposal
from web.reviews.proposing import propose
from web.saving import Typed, changed, faults_of, new_faults, save
from web.voice.recordings_use import recorded_of, with_recording

LONGEST_SHOWN = 10_000  # characters of a text far too long that are turned into a spoken form
AIRED = frozenset({"recording", "voice"})


@dataclass(frozen=True)
class Questions:
    """What is to be answered before it is saved: whether the numbers are right, the recording is still to be aired."""

    doubts: tuple[Suspicion, ...]
    ask: bool

    def __bool__(self) -> bool:
        return bool(self.doubts) or self.ask


def faults_in_words(house: HandedIn, edition: Edition, message_id: str, typed: Typed) -> list[str]:
    """Return what is wrong with the words, by themselves and within the programme."""
    return faults_of(typed, house.read_as(typed.text[:LONGEST_SHOWN])) or new_faults(
        house, changed(edition.programme, message_id, typed), edition.programme
    )


def questions(
    house: HandedIn, edition: Edition, message: Message, typed: Typed, *, aired: str, right: Sequence[str]
) -> Questions:
    """Return what is still to be answered; ``aired`` is the answer about the recording, ``right`` the numbers."""
    return Questions(
        doubts=tuple(doubts_on(edition.programme, message, typed.text, list(right))),
        ask=recorded_of(house, edition.programme, message).must_ask(typed.text) and aired not in AIRED,
    )


def other_waiting(house: HandedIn, message_id: str, shown: str) -> Proposal | None:
    """Return the proposal that waits and is not the one that was ``shown`` (its mark): it would be lost unseen."""
    waiting = house.proposals.find(message_id)
    return waiting if waiting is not None and waiting.waits and waiting.mark != shown else None


def hand_in(
    house: HandedIn, edition: Edition, message: Message, typed: Typed, *, aired: str, author: str, record: Record
) -> Proposal | None:
    """Hand the change in for review; return None where it would change nothing."""
    wanted = changed(edition.programme, message.id, typed).message(message.id) or message
    if aired == "voice":
        wanted = msgspec.structs.replace(wanted, recording=None)
    if wanted == message:
        return None
    record("message.proposed", message.id, words_of(message), words_of(typed))
    return propose(house, wanted, message, author)


def save_in_job(
    house: HandedIn,
    edition: Edition,
    message: Message,
    typed: Typed,
    *,
    aired: str,
    author: str,
    record: Record,
    page: str,
    back: str,
) -> Job:
    """Save the change in a job, which leads to ``page``, or ``back`` where somebody was faster."""
    programme = changed(edition.programme, message.id, typed)
    if aired == "voice":
        programme = with_recording(programme, {message.id}, None)
    take_id = message.recording if aired == "recording" else None

    def saved() -> None:
        record("message.saved", message.id, words_of(message), words_of(typed))

    def render_and_save(report: ReportProgress) -> Finish:
        if take_id:
            house.takes.agree(take_id, typed.text)
        try:
            said = save(house, message.id, programme, base=edition.revision, author=author, report=report, saved=saved)
        except StaleRevision:
            house.desk.look()
            return Finish(page=back, said=_("刚才有别人也改了节目，没有保存。您写的还在，请看一看再保存。"))
        notes = house.notes_on(typed.text, programme.hotlines)
        return Finish(page=page, said=" ".join([said, *(_("提醒：%(note)s。", note=tell(note)) for note in notes)]))

    return house.jobs.submit(_("正在保存"), render_and_save, back=back, kept=_("您写的都还在，没有丢。"))


def words_of(said: Message | Typed, was: Message | None = None) -> str:
    """Return what the audit log keeps of a wording; also for which zones it is, where that is another than it was."""
    words = f"{said.title}\n{said.text}"
    if was is None or said.zones is None or said.zones == was.zones:
        return words
    return f"{words}\nzones: {' '.join(said.zones or (HERE,))}"
