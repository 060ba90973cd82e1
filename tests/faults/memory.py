"""Short memory: a control group of the kernel, of its first or second version, around processes of a test."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")


class ShortMemory:
    """A control group. Made by root; children that are started later are in it too."""

    def __init__(self, folder: Path, limit: str, usage: str) -> None:
        self._folder = folder
        self._limit = folder / limit
        self._usage = folder / usage

    @classmethod
    def make(cls) -> ShortMemory | None:
        """Return a new group, None where this machine has none."""
        name = f"xiaolaba-test-{os.getpid()}"
        first, second = _ROOT / "memory" / name, _ROOT / name
        with suppress(OSError):
            if (_ROOT / "memory/memory.limit_in_bytes").exists():
                first.mkdir()
                return cls(first, "memory.limit_in_bytes", "memory.usage_in_bytes")
            if "memory" in (_ROOT / "cgroup.subtree_control").read_text(encoding="ascii").split():
                second.mkdir()
                return cls(second, "memory.max", "memory.current")
        return None

    def take_in(self, pid: int) -> None:
        """Put a process into the group."""
        (self._folder / "cgroup.procs").write_text(str(pid), encoding="ascii")

    def used(self) -> int:
        """Return the bytes that its processes have taken since they are in it."""
        return int(self._usage.read_text(encoding="ascii"))

    def limit(self, most_bytes: int | None) -> None:
        """Let them have so much, or as much as there is."""
        unlimited = "max" if self._limit.name == "memory.max" else "-1"
        self._limit.write_text(unlimited if most_bytes is None else str(most_bytes), encoding="ascii")

    def kills(self) -> int:
        """Return how many processes the kernel has killed for want of memory."""
        for name in ("memory.events", "memory.oom_control"):
            with suppress(FileNotFoundError):
                rows = (line.split() for line in (self._folder / name).read_text(encoding="ascii").splitlines())
                return next((int(row[1]) for row in rows if row[0] == "oom_kill"), 0)
        return 0

    def remove(self) -> None:
        """Let its processes go and take it away."""
        parent = self._folder.parent / "cgroup.procs"
        for pid in (self._folder / "cgroup.procs").read_text(encoding="ascii").split():
            with suppress(OSError):
                parent.write_text(pid, encoding="ascii")
        with suppress(OSError):
            self._folder.rmdir()
