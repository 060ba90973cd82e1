"""What ``doctor`` looks at in the as-run log: whether its end is as the panel has copied it."""

from __future__ import annotations

from pathlib import Path

from box.aside import Aside, all_aside
from box.checkup import Finding
from box.folders import Folders
from box.sentences import Sentence, XiaolabaError
from cli import terminal, wire
from cli.log_verify import Ask, copy_at, ends_well
from cli.owner import as_owner_of
from speaker.asrun.forms import LATER
from speaker.client import SpeakerAway

FITS, NOT_COMPARED, NOT_ASKED, FITS_NOT = 0, 1, 3, 4  # 1 is also how a child ends that fails: that accuses nobody


def check_up_log(folders: Folders) -> list[Finding]:
    """Answer whether the newest rows fit one another and the panel's copy, and what lies aside of later versions.

    Nothing of the first where the speaker is away.
    """
    return [*_fit(folders), *(_of_a_later_version(one) for one in all_aside(folders.speaker, LATER))]


def _of_a_later_version(one: Aside) -> Finding:
    what = Sentence(
        f"退回旧版本时另存的新版本数据：{one.path}",
        f"data of a later version, put aside when the version before was put back: {one.path}",
    )
    mend = Sentence(
        "里面的播出记录已经抄进现在的记录；不再需要时可以删掉",
        "what it says of airings is in the log that is used now, or in the panel's records; it may be deleted",
    )
    return Finding("later-version", "note", what, mend)


def _fit(folders: Folders) -> list[Finding]:
    client = wire.client_of(folders)
    copy = folders.panel / "records.sqlite"
    code = as_owner_of(folders.panel, lambda: compared(lambda after: client.records(changed_after=after), copy))
    if code == NOT_ASKED:
        return []
    if code == FITS:
        return [Finding("log", "good", Sentence("播出记录：最近的没有被改过", "the newest records are unchanged"))]
    if code != FITS_NOT:
        what = Sentence("播出记录没有核对成", "the records could not be compared")
        mend = Sentence(
            "sudo xiaolaba log --verify；面板抄下的记录坏了会自己重抄，过一刻钟再看",
            "sudo xiaolaba log --verify; a copy of the panel's that is damaged is made anew: look again in a while",
        )
        return [Finding("log", "wrong", what, mend)]
    mend = Sentence(
        "xiaolaba log --verify 会说是哪一条；请保留这张存储卡", "xiaolaba log --verify names the row; keep this card"
    )
    what = Sentence("播出记录对不上：可能被改过", "the records do not fit: they may have been changed")
    return [Finding("log", "wrong", what, mend)]


def compared(ask: Ask, path: Path) -> int:
    """Return whether the newest rows that ``ask`` tells fit the copy at ``path``, as one of the codes above."""
    try:
        fits = ends_well(ask, copy_at(path))
    except SpeakerAway:
        return NOT_ASKED
    except XiaolabaError as error:
        terminal.tell(*error.sentence)
        return NOT_COMPARED
    return FITS if fits else FITS_NOT
