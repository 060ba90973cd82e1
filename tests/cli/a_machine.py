"""A machine that records what is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cli.installation import InstallFailed


class FakeMachine:
    """Records programs and owners; a program that makes an environment makes its folder."""

    def __init__(self, *, root: bool = True, systemd: bool = False, groups: Sequence[str] = ()) -> None:
        self.root = root
        self.systemd = systemd
        self.groups = set(groups)
        self.users: set[str] = set()
        self.ran: list[tuple[str, ...]] = []
        self.owners: dict[Path, tuple[str, str, int]] = {}
        self.fails_at: str | None = None
        self.is_interrupted = False

    def is_root(self) -> bool:
        """Answer as it was made."""
        return self.root

    def systemd_runs(self) -> bool:
        """Answer as it was made."""
        return self.systemd

    def has_group(self, name: str) -> bool:
        """Tell of those there from the start or made since."""
        return name in self.groups

    def has_user(self, name: str) -> bool:
        """Tell of those made."""
        return name in self.users

    def run(self, words: Sequence[str]) -> None:
        """Record it, and do what shows."""
        self.ran.append(tuple(words))
        if self.fails_at and self.fails_at in words:
            raise InstallFailed("没有成功", "failed")
        if words[0] == "groupadd":
            self.groups.add(words[-1])
        if words[0] == "useradd":
            self.users.add(words[-1])
        if "venv" in words:
            (Path(words[-1]) / "bin").mkdir(parents=True, exist_ok=True)
        if words[0] == "dpkg-deb":
            Path(words[-1]).write_text("half of it")
            if self.is_interrupted:
                raise KeyboardInterrupt
            Path(words[-1]).write_text("a package")

    def own(self, path: Path, user: str, group: str, mode: int) -> None:
        """Record it; the path must be there."""
        assert path.exists()
        self.owners[path] = (user, group, mode)

    def words(self, program: str) -> list[tuple[str, ...]]:
        """Return what was run of that program."""
        return [words for words in self.ran if words[0].endswith(program)]
