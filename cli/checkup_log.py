"""What ``doctor`` looks at in the as-run log: whether its end is as the panel has copied it."""

from __future__ import annotations

from box.aside import Aside, all_aside
from box.checkup import Finding
from box.folders import Folders
from box.sentences import Sentence
from cli import wire
from cli.log_verify import copy_at, ends_well
from cli.owner import as_owner_of
from speaker.asrun.forms import LATER
from speaker.client import SpeakerAway

_FITS, _FITS_NOT, _NOT_ASKED = 0, 1, 3


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

    def work() -> int:
        try:
            copy = copy_at(folders.panel / "records.sqlite")
            fits = ends_well(lambda after: client.records(changed_after=after), copy)
        except SpeakerAway:
            return _NOT_ASKED
        return _FITS if fits else _FITS_NOT

    code = as_owner_of(folders.panel, work)
    if code == _NOT_ASKED:
        return []
    if code == _FITS:
        return [Finding("log", "good", Sentence("播出记录：最近的没有被改过", "the newest records are unchanged"))]
    mend = Sentence(
        "xiaolaba log --verify 会说是哪一条；请保留这张存储卡", "xiaolaba log --verify names the row; keep this card"
    )
    what = Sentence("播出记录对不上：可能被改过", "the records do not fit: they may have been changed")
    return [Finding("log", "wrong", what, mend)]
