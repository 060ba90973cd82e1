"""What a process costs, by /proc: memory that is its share, and processor time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_UTIME = 11  # fields of proc_pid_stat(5), counted after the name in brackets
_STIME = 12


@dataclass(frozen=True)
class Memory:
    """In megabytes (10^6 bytes). ``pss`` is its own pages and its share of those that others use too."""

    pss: float
    private: float
    resident: float


def memory_of(pid: int) -> Memory:
    """Return the memory of that process, its children apart."""
    values = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
        name, _, amount = line.partition(":")
        values[name] = int(amount.split()[0]) * 1024 / 1e6
    return Memory(
        pss=values["Pss"],
        private=values["Private_Clean"] + values["Private_Dirty"],
        resident=values["Rss"],
    )


def processor_seconds(pid: int) -> float:
    """Return the processor time of that process so far, in user and in kernel mode."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[_UTIME]) + int(fields[_STIME])) / _TICKS_PER_SECOND
