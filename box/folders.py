"""Where things are: the data folder's rooms, the runtime folder, the checkout or the installation."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

INSTALLED_DATA = Path("/var/lib/xiaolaba")
INSTALLED_RUNTIME = Path("/run/xiaolaba")
INSTALLED_CLOCK_SETTER = Path("/run/xiaolaba-clock.sock")
INSTALLED_CHECKUP = Path("/run/xiaolaba-checkup/findings.json")
INSTALLED_SETTINGS = Path("/etc/xiaolaba/settings.toml")


@dataclass(frozen=True)
class Folders:
    """The rooms of one data folder. The panel writes only its own room, the speaker only its own.

    ``data`` holds everything that must last; ``runtime`` holds the socket and is lost at reboot.
    """

    data: Path
    runtime: Path

    @property
    def panel(self) -> Path:
        """The panel's room: programme, history, clips, users."""
        return self.data / "panel"

    @property
    def checkup(self) -> Path:
        """What the last check of the machine found, for the panel to show."""
        return INSTALLED_CHECKUP if self.data == INSTALLED_DATA else self.runtime / "checkup.json"

    @property
    def programme(self) -> Path:
        """The programme file that the secretary edits."""
        return self.panel / "schedule.yaml"

    @property
    def history(self) -> Path:
        """Former revisions of the programme."""
        return self.panel / "history"

    @property
    def clips(self) -> Path:
        """The clip library; published clips are ``<sha256>.wav`` in it."""
        return self.panel / "clips"

    @property
    def voices(self) -> Path:
        """The neural voices that were added, a folder each."""
        return self.panel / "voices"

    @property
    def voice_list(self) -> Path:
        """The voices that the network service had when it was asked."""
        return self.panel / "voice-list.json"

    @property
    def recordings(self) -> Path:
        """The secretary's recordings, each as it came from the phone."""
        return self.panel / "recordings"

    @property
    def words(self) -> Path:
        """The secretary's own word list: how words are said."""
        return self.panel / "words.tsv"

    @property
    def credits(self) -> Path:
        """Who wrote each message and who let it through."""
        return self.panel / "credits.json"

    @property
    def publication(self) -> Path:
        """What the panel last published."""
        return self.panel / "on-air.json"

    @property
    def bulletins(self) -> Path:
        """What the panel has prepared to be said once."""
        return self.panel / "bulletins.json"

    @property
    def https(self) -> Path:
        """The certificate of the panel's encrypted address, and its key."""
        return self.panel / "https"

    @property
    def announced(self) -> Path:
        """What the panel is called on the LAN now."""
        return self.panel / "announced.json"

    @property
    def hub(self) -> Path:
        """The room of the fleet's hub, where this box is one: who belongs to it, its keys, its broker."""
        return self.data / "hub"

    @property
    def community(self) -> Path:
        """What a hub's panel hands its hub: the entries for other yards."""
        return self.panel / "community.json"

    @property
    def speaker(self) -> Path:
        """The speaker's room: its copy of the publication, its clips, the as-run log."""
        return self.data / "speaker"

    @property
    def fleet(self) -> Path:
        """The room of the fleet's agent, where this box has joined a hub: the shared programme and what is urgent."""
        return self.data / "fleet"

    @property
    def air(self) -> Path:
        """Recordings made where there is no sound card."""
        return self.data / "air"

    @property
    def socket(self) -> Path:
        """The speaker's socket."""
        return self.runtime / "speaker.sock"

    @property
    def hub_socket(self) -> Path:
        """The hub's socket, in a folder beside: each is its own process's, made and removed with it."""
        return self.runtime.with_name(f"{self.runtime.name}-hub") / "hub.sock"


def checkout() -> Path | None:
    """Return the root of the checkout this code runs from, or None when it is installed."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").is_file() else None


def share() -> Path:
    """Return the folder of the files that ship with the code: the starter programme and the units."""
    return checkout() or Path(sys.prefix) / "share" / "xiaolaba"


def folders_at(data: Path | None, environment: Mapping[str, str]) -> Folders:
    """Return the folders for ``--data``, else ``XIAOLABA_DATA``, else ./var of a checkout or the installed ones.

    The runtime folder's name is short whatever the data folder's: a Unix socket's path ends at about
    107 bytes.
    """
    named = data or (Path(environment["XIAOLABA_DATA"]) if environment.get("XIAOLABA_DATA") else None)
    root = checkout()
    chosen = named or (root / "var" if root else INSTALLED_DATA)
    chosen = chosen.absolute()
    if chosen == INSTALLED_DATA:
        return Folders(chosen, INSTALLED_RUNTIME)
    digest = hashlib.sha256(os.fsencode(chosen)).hexdigest()[:12]
    base = Path(environment.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108 - a private 0700 folder is made in it
    return Folders(chosen, base / f"xiaolaba-{os.getuid()}-{digest}")
