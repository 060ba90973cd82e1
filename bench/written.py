"""What a process gives to the storage to write, by /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from bench.failed import BenchFailed

_PROBE_BYTES = 1 << 20
_DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Written:
    """What was given to the storage, in bytes, counted in whole pages (proc_pid_io(5)).

    ``cancelled`` is what never got there, because its file was cut or removed before. Children are in it as soon as
    they have ended and were waited for.
    """

    given: int
    cancelled: int

    def __sub__(self, before: Written) -> Written:
        """Return what has come since."""
        return Written(self.given - before.given, self.cancelled - before.cancelled)

    def megabytes_a_day(self, seconds: float) -> float:
        """Return what was given, in megabytes (10^6 bytes) a day, if it came in so many ``seconds``."""
        return self.given / 1e6 / seconds * _DAY_SECONDS


def written_by(pid: int) -> Written:
    """Return what that process has written so far. Raises BenchFailed where the kernel doesn't count it."""
    try:
        text = Path(f"/proc/{pid}/io").read_text(encoding="ascii")
    except OSError as error:
        raise BenchFailed(f"内核没有统计进程写了多少：{error}", f"the kernel doesn't tell: {error}") from error
    return parse(text)


def parse(text: str) -> Written:
    """Return what a file ``/proc/PID/io`` tells."""
    counts = {name: int(count) for name, _, count in (line.partition(":") for line in text.splitlines())}
    return Written(counts["write_bytes"], counts["cancelled_write_bytes"])


def require_storage(folder: Path) -> None:
    """Raise BenchFailed where ``folder`` lies in memory: what is written there counts as nothing."""
    before = written_by(os.getpid())
    probe = folder / "probe"
    probe.write_bytes(bytes(_PROBE_BYTES))
    given = (written_by(os.getpid()) - before).given
    probe.unlink()
    if given < _PROBE_BYTES:
        raise BenchFailed(
            f"{folder} 不在存储上，写多少都算不出来；用 --folder 换一个文件夹",
            f"{folder} lies in memory, where no writing is counted; name another with --folder",
        )
