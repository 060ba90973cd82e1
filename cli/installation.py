"""Where an installation's parts are, who owns them, and the few things that are done to a machine."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from box.sentences import XiaolabaError

GROUP = "xiaolaba"
SPEAKER_USER = "xiaolaba-speaker"
PANEL_USER = "xiaolaba-panel"
FLEET_USER = "xiaolaba-fleet"
HUB_USER = "xiaolaba-hub"
SPEAKER_GROUPS = ("audio", "gpio")  # gpio is Raspberry Pi OS's
TARGET = "xiaolaba.target"
HUB_UNIT = "xiaolaba-hub.service"  # it starts only where this box is a hub
WANTED = (
    "xiaolaba-speaker.service",
    "xiaolaba-panel.service",
    "xiaolaba-clock.socket",
    "xiaolaba-copy.timer",
    "xiaolaba-checkup.timer",
    "xiaolaba-fleet.path",
    HUB_UNIT,
)
ON_DEMAND = frozenset(
    {
        "xiaolaba-checkup.service",
        "xiaolaba-clock.service",
        "xiaolaba-copy.service",
        "xiaolaba-fleet.service",
        "xiaolaba-restart.service",
        "xiaolaba-restart.timer",
        "xiaolaba-stick@.service",
    }
)  # started by their socket, their timer, an upgrade, a stick, or because the box has joined a hub
UNITS = (*WANTED, TARGET, *sorted(ON_DEMAND))


class InstallFailed(XiaolabaError):
    """A step of the installation did not work; it may be run again."""


@dataclass(frozen=True)
class Places:
    """Every path of an installation, below ``root`` (``/`` but for tests)."""

    root: Path = Path("/")

    @property
    def settings(self) -> Path:
        """The installer's settings."""
        return self.root / "etc/xiaolaba/settings.toml"

    @property
    def data(self) -> Path:
        """What must last; one room for each user."""
        return self.root / "var/lib/xiaolaba"

    @property
    def units(self) -> Path:
        """Where the package's units are."""
        return self.root / "usr/lib/systemd/system"

    def enabling_links(self) -> dict[Path, str]:
        """Return the link that ``systemctl enable`` would make, and where it points: no systemd need run.

        The target itself names the others, so that a unit that a later version brings needs no link.
        """
        return {self.root / "etc/systemd/system/multi-user.target.wants" / TARGET: f"/usr/lib/systemd/system/{TARGET}"}


class Machine(Protocol):
    """What an installation does to the machine besides writing files."""

    def is_root(self) -> bool:
        """Tell whether this is root."""
        ...

    def systemd_runs(self) -> bool:
        """Tell whether systemd is running: not in an image that is being built."""
        ...

    def has_group(self, name: str) -> bool:
        """Tell whether there is such a group."""
        ...

    def has_user(self, name: str) -> bool:
        """Tell whether there is such a user."""
        ...

    def run(self, words: Sequence[str]) -> None:
        """Run a program; raises InstallFailed where it fails."""
        ...

    def own(self, path: Path, user: str, group: str, mode: int) -> None:
        """Give ``path`` its owner and mode."""
        ...


class ThisMachine:
    """The machine that the command runs on."""

    def is_root(self) -> bool:
        """Tell whether this is root."""
        return os.geteuid() == 0

    def systemd_runs(self) -> bool:
        """Tell as sd_booted(3) does."""
        return Path("/run/systemd/system").is_dir()

    def has_group(self, name: str) -> bool:
        """Look into the group database."""
        try:
            grp.getgrnam(name)
        except KeyError:
            return False
        return True

    def has_user(self, name: str) -> bool:
        """Look into the user database."""
        try:
            pwd.getpwnam(name)
        except KeyError:
            return False
        return True

    def run(self, words: Sequence[str]) -> None:
        """Run it; what it says goes to standard error, as all messages do."""
        try:
            subprocess.run(list(words), check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)  # noqa: S603 - our own words
        except (OSError, subprocess.CalledProcessError) as error:
            raise InstallFailed(
                f"这一步没有成功：{' '.join(words)}。看上面的原因，处理后再运行一次",
                f"this step failed: {' '.join(words)}. See above for why; then run it again",
            ) from error

    def own(self, path: Path, user: str, group: str, mode: int) -> None:
        """Change owner and mode."""
        shutil.chown(path, user, group)
        path.chmod(mode)
