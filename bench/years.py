"""A data folder as it is after years: ten thousand clips, five years of records, a thousand editions."""

from __future__ import annotations

import hashlib
import io
import os
import wave
from array import array
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from box.folders import Folders
from programme.file import Edition, revision_of
from programme.history import History
from programme.publication import SAMPLE_RATE_HZ
from programme.reading import read_programme
from speaker.airing import Outcome, Priority, Reason, Result
from speaker.asrun.log import AsRunLog, Entry
from speaker.record import Said
from tts.library import Sidecar
from tts.recipes import recipe_for

A_DAY = 6  # airings


class YearsClock:
    """A clock that is set to each instant of the years."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        """Return the instant it is set to."""
        return self.at

    def monotonic(self) -> float:
        """Stand still."""
        return 0.0


def fill_clips(folder: Path, count: int, last_used: datetime) -> None:
    """Fill the library with ``count`` short clips, each with its sidecar, last asked for at ``last_used``."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        content = _wav(array("h", [number % 30_000 + 1, number // 30_000 + 1] * 240).tobytes())
        sha256 = hashlib.sha256(content).hexdigest()
        recipe = recipe_for("espeak", "cmn-latn-pinyin", f"第{number}句")
        (folder / f"{sha256}.wav").write_bytes(content)
        os.utime(folder / f"{sha256}.wav", times=(last_used.timestamp(),) * 2)
        sidecar = Sidecar(sha256=sha256, frames=480, recipe=recipe)
        (folder / f"{recipe.key}.json").write_bytes(msgspec.json.encode(sidecar))


def fill_records(folders: Folders, years: int, until: datetime) -> int:
    """Write ``years`` of airings up to ``until`` into the as-run log; return how many."""
    folders.speaker.mkdir(parents=True, exist_ok=True)
    path = folders.speaker / "as-run.db"
    begin = until - timedelta(days=365 * years)
    clock = YearsClock(begin)
    said = (Said(message="hello", title="你好", text="你好。", clip="0" * 64, voice="v", engine="e", stand_in=False),)
    log = AsRunLog(path, clock)
    log._database.execute("PRAGMA synchronous = OFF")
    count = 0
    for day in range(365 * years):
        for number in range(A_DAY):
            clock.at = begin + timedelta(days=day, hours=2 * number)
            entry = Entry(
                priority=Priority.PROGRAMME,
                origin="schedule",
                who="",
                broadcast=f"b{number}",
                day=clock.at.astimezone(UTC).date(),
                attempt=1,
                due=clock.at,
                frames=48_000 * 60,
                volume_percent=80,
                revision="0" * 16,
                said=said,
            )
            row = log.begin(entry)
            log.end(row, Result(Outcome.AIRED, Reason.NONE, 48_000 * 60, clock.at, clock.at, 0.2))
            count += 1
    log.close()
    return count


def fill_history(folders: Folders, count: int, until: datetime) -> None:
    """Keep ``count`` former editions of the programme, an hour apart."""
    content = folders.programme.read_bytes()
    history = History(folders.history)
    for number in range(count):
        former = content + f"# {number}\n".encode()
        edition = Edition(read_programme(former), revision_of(former), former)
        history.keep(edition, "王书记", until - timedelta(hours=count - number))


def _wav(samples: bytes) -> bytes:
    with io.BytesIO() as file:
        with wave.open(file, "wb") as clip:
            clip.setnchannels(1)
            clip.setsampwidth(2)
            clip.setframerate(SAMPLE_RATE_HZ)
            clip.writeframes(samples)
        return file.getvalue()
