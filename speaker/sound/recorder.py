"""Where there is no sound card: a stand-in that takes as long as one would and keeps what would have sounded."""

from __future__ import annotations

import contextlib
import os
import struct
from collections import deque
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO, Literal

from box.clock import Clock
from speaker.sound.card import BUFFER_FRAMES, PERIOD_FRAMES, RATE_HZ, SAMPLE_BYTES, CardLost, CardMissing

MOST_FILES = 100
MOST_BYTES = 512 * 1024 * 1024  # about an hour and a half
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_UNFINISHED = ".wav.part"


class Recorder:
    """A card that records: one WAV an opening, ``YYYYMMDD-HHMMSS.wav`` in ``folder``, by the local time of ``zone``.

    It keeps pace by the clock's monotonic seconds, and only what would have sounded is in the file: a drop
    leaves out the rest. While it is written the file is called ``….wav.part``; its header is right at every
    moment, so what a killed process leaves can be heard, and gets its name at the next opening. An opening in
    which nothing sounded leaves no file. The newest 100 recordings are kept, up to 512 MiB in all.
    """

    def __init__(self, folder: Path, clock: Clock, *, zone: tzinfo | None = None) -> None:
        self._folder = folder
        self._clock = clock
        self._zone = zone
        self._file: BinaryIO | None = None
        self._path = folder
        self._waiting: deque[bytes] = deque()  # written and not yet sounded
        self._written = 0
        self._sounded = 0
        self._recorded = 0
        self._running_since: float | None = None
        self._underruns = 0

    @property
    def kind(self) -> Literal["recorder"]:
        """The stand-in."""
        return "recorder"

    @property
    def running(self) -> bool:
        """Whether its clock runs."""
        return self._running_since is not None

    @property
    def underruns(self) -> int:
        """How often samples came too late."""
        return self._underruns

    @property
    def period_frames(self) -> int:
        """Ten milliseconds."""
        return PERIOD_FRAMES

    def probe(self) -> None:
        """See whether the folder can be written to. Raises CardMissing."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._missing(error) from error
        if not os.access(self._folder, os.W_OK | os.X_OK):
            raise self._missing("not writable")

    def open(self) -> None:
        """Begin a recording. Raises CardMissing where no file can be made."""
        self.close()
        self.probe()
        try:
            self._finish_what_was_left()
            self._path = self._new_path()
            self._file = self._path.open("w+b", buffering=0)
            self._file.write(_header(0))
        except OSError as error:
            self._file = None
            raise self._missing(error) from error
        self._forget()
        self._recorded = 0

    def write(self, samples: bytes) -> int:
        """Take what there is room for, 200 ms in all. Raises CardLost where the disk does not take it."""
        self._catch_up()
        taken = min(len(samples) // SAMPLE_BYTES, BUFFER_FRAMES - (self._written - self._sounded))
        if taken:
            self._waiting.append(samples[: taken * SAMPLE_BYTES])
            self._written += taken
        return taken

    def start(self) -> None:
        """Let the clock run."""
        self._running_since = self._clock.monotonic()

    def delay(self) -> int:
        """Return the frames whose time has not come. Raises CardLost where the disk does not take the others."""
        self._catch_up()
        return self._written - self._sounded

    def drop(self) -> None:
        """Forget what has not sounded. Raises CardLost where the disk does not take the others."""
        self._catch_up()
        self._forget()

    def close(self) -> None:
        """Give the recording its name; one of nothing is taken away, and old ones beyond the limit too."""
        if self._file is None:
            return
        with contextlib.suppress(CardLost):  # a full disk: what is in the file is kept
            self._catch_up()
        self._file.close()
        self._file = None
        self._forget()
        with contextlib.suppress(OSError):  # it is found under its unfinished name at the next opening
            if self._recorded:
                self._path.replace(_finished(self._path))
                self._keep_the_newest()
            else:
                self._path.unlink(missing_ok=True)

    def _forget(self) -> None:
        self._waiting.clear()
        self._written = self._sounded = 0
        self._running_since = None

    def _catch_up(self) -> None:
        """Record the frames whose time has come."""
        if self._running_since is None:
            return
        due = round((self._clock.monotonic() - self._running_since) * RATE_HZ)
        self._record(min(due, self._written) - self._sounded)
        if due > self._written:
            self._underruns += 1
            self._forget()

    def _record(self, frames: int) -> None:
        if frames <= 0 or self._file is None:
            return
        wanted = frames * SAMPLE_BYTES
        sounding = bytearray()
        while len(sounding) < wanted:
            block = self._waiting.popleft()
            short = wanted - len(sounding)
            sounding += block[:short]
            if len(block) > short:
                self._waiting.appendleft(block[short:])
        try:
            self._file.seek(0, os.SEEK_END)
            self._file.write(sounding)
            self._file.seek(0)
            self._file.write(_header(self._recorded + frames))
        except OSError as error:
            raise CardLost(
                f"录音写不下去，请清理磁盘（{self._folder}：{error}）",
                f"the recording can't be written: please free some disk space ({self._folder}: {error})",
            ) from error
        self._recorded += frames
        self._sounded += frames

    def _new_path(self) -> Path:
        name = self._clock.now().astimezone(self._zone).strftime("%Y%m%d-%H%M%S")
        path = self._folder / f"{name}{_UNFINISHED}"
        another = 2
        while path.exists() or _finished(path).exists():
            path = self._folder / f"{name}-{another}{_UNFINISHED}"
            another += 1
        return path

    def _finish_what_was_left(self) -> None:
        for path in self._folder.glob(f"*{_UNFINISHED}"):
            path.replace(_finished(path))

    def _keep_the_newest(self) -> None:
        total = 0
        for count, path in enumerate(sorted(self._folder.glob("*.wav"), reverse=True), start=1):
            total += path.stat().st_size
            if count > MOST_FILES or (total > MOST_BYTES and count > 1):
                path.unlink(missing_ok=True)

    def _missing(self, error: object) -> CardMissing:
        return CardMissing(
            f"没有声卡，录音文件夹也写不进去，请检查磁盘（{self._folder}：{error}）",
            f"there is no sound card, and the folder for recordings can't be written to: please check the disk "
            f"({self._folder}: {error})",
        )


def _finished(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(_UNFINISHED) + ".wav")


def _header(frames: int) -> bytes:
    size = frames * SAMPLE_BYTES
    return _HEADER.pack(
        b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, RATE_HZ, RATE_HZ * SAMPLE_BYTES, SAMPLE_BYTES, 16, b"data", size
    )
