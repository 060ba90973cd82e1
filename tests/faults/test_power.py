"""Power that goes milliseconds after an acknowledgement: what was saved is on the disk, what was aired on record.

Speaker and panel are held, the disk's image is copied as it is, and the copy is mounted as at a boot. So what they had
handed to the kernel and not had written is not in it: with an fsync that does nothing, saves that were acknowledged are
lost at the first cut (tried). On a whole machine: ``tests.machine``.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from box.clock import SystemClock
from programme.file import ProgrammeFile
from programme.publication import decode_publication
from speaker.asrun.log import AsRunLog
from speaker.chain import follow
from speaker.protocol import AskRecords, Done
from speaker.record import Airing
from tests.faults.courtyard import Courtyard, Process, pause, until
from tests.faults.disk import Disk
from tests.machine.judged import lost_rows, twice

pytestmark = pytest.mark.slow  # 120 saves

CUTS = 20
SAVES_BETWEEN = 6
SEED = 11


@contextmanager
def cut(yard: Courtyard, disk: Disk, processes: list[Process]) -> Iterator[Path]:
    """Give the data folder as a power cut at this instant would leave it."""
    for process in processes:
        process.hang()
    # Each in a place of its own: a sandbox that another test has started meanwhile holds a copy of every mount.
    place = Path(tempfile.mkdtemp(prefix="cut", dir=yard.folder))
    image, folder = place / "disk.img", place / "disk"
    shutil.copyfile(disk.image, image)
    for process in processes:
        process.go_on()
    folder.mkdir()
    subprocess.run(["mount", "-o", "loop", str(image), str(folder)], check=True, timeout=60)
    try:
        yield folder / "data"
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, timeout=60)
        image.unlink()


def rows_in(data: Path) -> tuple[Airing, ...]:
    """Return the as-run log as the speaker's next life finds it. Raises RowDoesNotFit where its chain does not fit."""
    with closing(AsRunLog(data / "speaker/as-run.db", SystemClock())) as log:
        records = log.records(AskRecords(changed_after=0))
        follow(records.airings, records.log)
        return records.airings


def test_what_was_acknowledged_is_on_the_disk_whenever_the_power_goes(yard_on_disk: Courtyard, disk: Disk) -> None:
    """Save after save while it sounds, and twenty cuts within 100 ms after one: the words, the rows, the chain."""
    yard, chance = yard_on_disk, random.Random(SEED)  # noqa: S311 - when the power goes is no secret
    person = yard.person()
    processes = [yard.speaker(), yard.panel()]
    until(yard.taken)
    on_record: tuple[Airing, ...] = ()
    for number in range(CUTS):
        for save in range(SAVES_BETWEEN):
            words = f"{number}到{save}。"
            assert person.save(words)[0] == "done"
        if number % 2:
            assert isinstance(yard.client.play(message="hello"), Done)
        pause(chance.uniform(0, 0.1))
        with cut(yard, disk, processes) as data:
            edition = ProgrammeFile(data / "panel/schedule.yaml").read()
            assert edition.programme.messages[0].text == words
            decode_publication((data / "panel/on-air.json").read_bytes())
            rows = rows_in(data)
            assert lost_rows(on_record, rows) == []
            assert twice(rows) == []
            assert list(data.rglob("*.damaged-*")) == []
        on_record = tuple(row for row in yard.airings() if row.outcome is not None)
