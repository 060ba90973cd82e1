"""From what she typed to what is said: checked, rendered, saved, published, in that order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from flask_babel import gettext as _

from box.sentences import XiaolabaError
from programme.checking import LONGEST_LINE, LONGEST_TEXT, faults_in
from programme.file import Edition
from programme.hotlines import say_numbers_twice, text_said
from programme.model import Message, Programme
from programme.unseen import UNSEEN
from tts.clip import Progress, ReportProgress
from web.contacts import without_message
from web.drafts import fingerprint_of
from web.handed_in import HandedIn
from web.jobs import Finish
from web.language import as_sentence


class SavedNotOnAir(XiaolabaError):
    """The words are in the file, but the loudspeaker still says the old ones."""

    def __init__(self, cause: XiaolabaError) -> None:
        zh, en = cause.sentence
        super().__init__(
            f"稿件已经保存，但是喇叭还在播旧的：{zh}请到“今天”页再点一次播出。",
            f"It is saved, but the old words are still on air: {en} Publish again from the page of today.",
        )


@dataclass(frozen=True)
class Typed:
    """What the form held; ``twice``: telephone numbers are to be said twice.

    ``was`` is the fingerprint of what she was shown, ``revision`` that file's. ``zones`` are those that it is to be for
    from now on, None where that is to stay as it is.
    """

    title: str
    text: str
    revision: str
    was: str
    twice: bool = False
    zones: tuple[str, ...] | None = None

    @property
    def said(self) -> str:
        """The words as they are to be said."""
        return say_numbers_twice(self.text) if self.twice else self.text

    def differs_from(self, message: Message) -> bool:
        """Tell whether anything was changed."""
        other_zones = self.zones is not None and self.zones != message.zones
        words = (self.title, self.text, self.twice) != (message.title, message.text, message.say_numbers_twice)
        return words or other_zones

    def is_stale(self, message: Message, revision: str) -> bool:
        """Tell whether somebody else has changed the message since she opened it."""
        return self.revision != revision and self.was != fingerprint_of(message)


def tidy(title: str, text: str) -> tuple[str, str]:
    """Return both with one kind of line end and no blanks around: what a form adds by itself."""
    return title.strip(), text.replace("\r\n", "\n").replace("\r", "\n").strip()


def without_unseen(words: str) -> str:
    """Return ``words`` without what can be neither seen nor said."""
    return UNSEEN.sub("", words)


def faults_of(typed: Typed, spoken: str) -> list[str]:
    """Return what is wrong with the words by themselves, each as a sentence that says what to do."""
    faults = []
    if not typed.title:
        faults.append(_("标题是空的，请写几个字，好在列表里找到它。"))
    if len(typed.title) > LONGEST_LINE:
        faults.append(
            _("标题有 %(count)s 个字，太长了，请改到 %(most)s 个字以内。", count=len(typed.title), most=LONGEST_LINE)
        )
    if "\n" in typed.title:
        faults.append(_("标题只能有一行。"))
    if not typed.text:
        faults.append(_("内容是空的，请写要播的话。"))
    elif len(typed.text) > LONGEST_TEXT:
        faults.append(
            _(
                "内容有 %(count)s 个字，太长了，请删到 %(most)s 个字以内，或者分成两篇。您写的都还在下面。",
                count=len(typed.text),
                most=LONGEST_TEXT,
            )
        )
    elif not spoken:
        faults.append(_("内容里没有能念出来的字，请写要播的话。"))
    return faults


def changed(programme: Programme, message_id: str, typed: Typed) -> Programme:
    """Return the programme with that message's words changed."""
    return msgspec.structs.replace(
        programme,
        messages=tuple(
            msgspec.structs.replace(
                message,
                title=typed.title,
                text=typed.text,
                say_numbers_twice=typed.twice,
                zones=message.zones if typed.zones is None else typed.zones,
            )
            if message.id == message_id
            else message
            for message in programme.messages
        ),
    )


def new_faults(house: HandedIn, programme: Programme, before: Programme) -> list[str]:
    """Return what the change makes wrong with the programme as a whole, the lengths of what is said among it.

    What was wrong before is not held against her: it may be a broadcast she did not touch.
    """
    had = {fault.path for fault in faults_in(before, house.seconds_of)}
    return [as_sentence(fault) for fault in faults_in(programme, house.seconds_of) if fault.path not in had]


def save(
    house: HandedIn,
    message_id: str,
    programme: Programme,
    *,
    base: str,
    author: str,
    report: ReportProgress,
    approver: str = "",
    saved: Callable[[], None] = lambda: None,
) -> str:
    """Render, save and publish; return what to tell her. ``approver`` let through what ``author`` wrote.

    ``saved`` is called as soon as it is on the disk, whether or not it then comes on air.

    Raises EngineError before anything is saved, StaleRevision when somebody else was faster, SavedNotOnAir.
    """
    message = programme.message(message_id)
    if message is not None:
        report(Progress(0, 2, _("正在把《%(title)s》念成声音", title=message.title)))
        if message.recording is None:
            house.studio.clip(text_said(message, programme.zone), message.voice or programme.voice)
        else:
            house.takes.clip(message.recording)
    report(Progress(1, 2, _("正在保存")))
    edition = house.desk.save(programme, base, author, approver)
    saved()
    if message is not None:
        house.drafts.saved(message_id, message.title, message.text, message.say_numbers_twice)
    return air_if_on_air(house, edition, report)


def air_if_on_air(house: HandedIn, edition: Edition, report: ReportProgress) -> str:
    """Publish what was saved if the programme is on air; return what to tell her. Raises SavedNotOnAir."""
    if house.own_on_air() is None:
        return _("已经保存。还没有开播，喇叭暂时不会念。")
    try:
        house.publisher.publish(edition.programme, edition.revision, report)
    except XiaolabaError as error:
        raise SavedNotOnAir(error) from error
    lacking = without_message(house, {message.id for message in edition.programme.messages})
    return _("已经保存，从下一次广播起就念新的。") + lacking


def put_on_air(house: HandedIn, page: str, report: ReportProgress) -> Finish:
    """Publish the programme as it lies on the desk."""
    edition = house.desk.on_desk().edition
    if edition is None:
        raise XiaolabaError("节目文件有错，暂时不能播出，请先改好。", "The programme file is broken; mend it first.")
    house.publisher.publish(edition.programme, edition.revision, report)
    lacking = without_message(house, {message.id for message in edition.programme.messages})
    return Finish(page=page, said=_("已经送到喇叭，从下一次广播起按时播出。") + lacking)
