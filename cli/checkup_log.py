"""What ``doctor`` looks at in the as-run log: whether its end is as the panel has copied it."""

from __future__ import annotations

from box.folders import Folders
from box.sentences import Sentence
from cli import wire
from cli.checkup import Finding
from cli.log_verify import copy_at, ends_well
from cli.owner import as_owner_of
from speaker.client import SpeakerAway

_FITS, _FITS_NOT, _NOT_ASKED = 0, 1, 3


def check_up_log(folders: Folders) -> list[Finding]:
    """Answer whether the newest rows fit one another and the panel's copy; nothing where the speaker is away."""
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
