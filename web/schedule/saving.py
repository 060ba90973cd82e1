"""Saving a change that is no message's words: on the newest edition, with everything that could speak against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from box.sentences import XiaolabaError
from programme.aside import Aside, brought_back
from programme.faults import Fault
from programme.file import Edition, StaleRevision
from programme.model import Programme
from tts.clip import ReportProgress
from web.archive import Archived, archived
from web.handed_in import HandedIn
from web.jobs import Finish
from web.saving import SavedNotOnAir, save
from web.schedule.foresight import new_faults

Change = Callable[[Programme], Programme]
_TRIES = 3  # each time somebody else saved between our reading and our saving


class NotAllowed(XiaolabaError):
    """The programme with the change could not be aired; the faults are the sentence."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("；".join(fault.zh for fault in faults), "; ".join(fault.en for fault in faults))


class ProgrammeBroken(XiaolabaError):
    """The file was broken by hand; saving would write over what is in it."""

    def __init__(self) -> None:
        super().__init__(
            "节目文件被人手工改坏了，暂时存不进去。请联系安装人员先改好文件。",
            "The programme file was broken by hand; nothing can be saved until it is mended.",
        )


class GoneMeanwhile(XiaolabaError):
    """What was to be changed is not there any more, or is another by now."""

    def __init__(self) -> None:
        super().__init__(
            "别人刚刚改过这里，没有保存。请看一看再试。",
            "Somebody else has just changed this; nothing was saved. Please look, then try again.",
        )


def on_desk(house: HandedIn) -> Edition:
    """Return the edition to be changed. Raises ProgrammeBroken while it is."""
    lying = house.desk.on_desk()
    if lying.edition is None or lying.broken:
        raise ProgrammeBroken
    return lying.edition


def save_change(
    house: HandedIn,
    change: Change,
    *,
    author: str,
    page: str,
    said: str,
    report: ReportProgress,
    message_id: str = "",
    approver: str = "",
) -> Finish:
    """Make ``change`` of the newest edition, save it and put it on air if it is; a job's work.

    ``change`` raises GoneMeanwhile where it does not fit any more. ``message_id`` is the message to be rendered first;
    ``approver`` let through what ``author`` wrote.
    Raises NotAllowed, ProgrammeBroken, EngineError before anything is saved, SavedNotOnAir after it.
    """
    for _try in range(_TRIES):
        edition = on_desk(house)
        programme = change(edition.programme)
        faults = new_faults(house, edition.programme, programme)
        if faults:
            raise NotAllowed(faults)
        try:
            told = save(
                house, message_id, programme, base=edition.revision, author=author, report=report, approver=approver
            )
        except StaleRevision:
            house.desk.look()
            continue
        return Finish(page=page, said=said if house.on_air() else told)
    raise GoneMeanwhile


def put_aside(
    house: HandedIn,
    take_out: Callable[[Programme], tuple[Programme, Aside]],
    *,
    author: str,
    page: Callable[[str], str],
    report: ReportProgress,
    reason: str = "",
) -> Finish:
    """Take something out of the programme and keep it in the archive; ``page`` is that of the entry with an id.

    Raises GoneMeanwhile where it is not there, and what ``save_change`` raises.
    """
    kept: list[Archived] = []

    def change(programme: Programme) -> Programme:
        _forget(house, kept)
        try:
            rest, aside = take_out(programme)
        except LookupError as error:
            raise GoneMeanwhile from error
        kept.append(archived(aside, author, house.clock.now(), reason))
        house.archive.keep(kept[-1])
        return rest

    try:
        finish = save_change(house, change, author=author, page="", said="", report=report)
    except SavedNotOnAir:
        raise
    except (XiaolabaError, OSError):
        _forget(house, kept)
        raise
    return Finish(page=page(kept[-1].id), said=finish.said)


def _forget(house: HandedIn, kept: list[Archived]) -> None:
    while kept:
        house.archive.drop(kept.pop().id)


def bring_back(
    house: HandedIn, entry: Archived, *, author: str, page: str, said: str, report: ReportProgress
) -> Finish:
    """Bring an archived entry back into the programme. Raises what ``save_change`` raises."""
    message = entry.aside.message
    finish = save_change(
        house,
        lambda programme: brought_back(programme, entry.aside),
        author=author,
        page=page,
        said=said,
        report=report,
        message_id=message[1].id if message else "",
    )
    house.archive.drop(entry.id)
    return finish
