"""A backup of the panel's room as it is now, with the newest records the speaker can be asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from box.clock import Clock
from box.sentences import Sentence, XiaolabaError
from box.version import version_here
from keeping.writing import backup_of
from programme.file import ProgrammeFile
from speaker.client import SpeakerAway
from speaker.protocol import Records
from web.backup.restoring import finish_begun
from web.records.copy import RecordsCopy


def pieces_of(
    room: Path, *, ask: Callable[[int], Records], clock: Clock, tell: Callable[[Sentence], None]
) -> Iterator[bytes]:
    """Yield the backup. ``ask`` returns the speaker's rows changed after a number; without it those the panel has do.

    ``tell`` is told where they do. Raises OSError where the room can't be read.
    """
    finish_begun(room)
    try:
        RecordsCopy(room / "records.sqlite").fetch(ask)
    except SpeakerAway as error:
        zh, en = error.sentence
        tell(
            Sentence(
                f"最新的播出记录没有取到，备份里是面板上次抄下的（{zh}）",
                f"the newest records could not be asked for; those the panel has are in it ({en})",
            )
        )
    try:
        zone = ProgrammeFile(room / "schedule.yaml").read().programme.zone
    except XiaolabaError:  # a programme with faults is backed up as it is
        zone = ""
    yield from backup_of(room, version=version_here(), zone=zone, now=clock.now())
