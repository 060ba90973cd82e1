"""A virtual sound card for a test: built once, plugged in by an asound.conf of its own, read when it has sounded.

It needs gcc and libasound2-dev. A test that names the fixture ``virtual_card`` has libasound of this process
play on it, as ``default`` (through ``plug``), ``courtyard`` (the bare card) and ``courtyard_stereo`` (which
refuses mono). A process of its own gets there by ``virtual_card.environment``.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.card import virtual_ear

SOURCES = {
    "libasound_module_pcm_courtyard.so": Path(__file__).with_name("virtual_card.c"),
    "libasound_module_ctl_courtyard.so": Path(__file__).with_name("virtual_mixer.c"),
    "libasound_module_pcm_listening.so": Path(__file__).with_name("virtual_microphone.c"),
}
RATE_HZ = 48_000

_CONFIGURATION = """\
pcm_type.courtyard {{ lib "{built}/libasound_module_pcm_courtyard.so" }}
ctl_type.courtyard {{ lib "{built}/libasound_module_ctl_courtyard.so" }}
ctl.courtyard {{
    type courtyard
    levels "{folder}/levels"
}}
pcm.courtyard {{
    type courtyard
    recording "{folder}/recording.raw"
    log "{folder}/card.log"
    unplugged "{folder}/unplugged"
    busy "{folder}/busy"
    hung "{folder}/hung"
}}
pcm.courtyard_stereo {{
    type courtyard
    recording "{folder}/recording.raw"
    log "{folder}/card.log"
    unplugged "{folder}/unplugged"
    busy "{folder}/busy"
    hung "{folder}/hung"
    channels 2
}}
pcm.!default {{
    type plug
    slave.pcm "courtyard"
}}
"""


@dataclass(frozen=True)
class Event:
    """A line of the card's log: what, when by both clocks, frames in the recording, frames since the start."""

    name: str
    realtime_ns: int
    monotonic_ns: int
    recorded: int
    frames: int


class VirtualCard:
    """One virtual card: where it records, what it tells, and its plug."""

    def __init__(self, built: Path, folder: Path) -> None:
        self._folder = folder
        configuration = folder / "asound.conf"
        text = (_CONFIGURATION + virtual_ear.CONFIGURATION).format(built=built, folder=folder)
        configuration.write_text(text, encoding="utf-8")
        self.microphone = virtual_ear.VirtualMicrophone(folder)
        self.environment = {"ALSA_CONFIG_PATH": str(configuration)}

    def recorded(self) -> bytes:
        """Return every frame that has sounded so far, bit by bit, over all openings."""
        path = self._folder / "recording.raw"
        return path.read_bytes() if path.exists() else b""

    def events(self, name: str | None = None) -> list[Event]:
        """Return what the card has told so far, or only what is of that name."""
        path = self._folder / "card.log"
        rows = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
        events = [Event(row[0], *(int(number) for number in row[1:])) for row in rows]
        return [event for event in events if name in (None, event.name)]

    def sounded_at_ns(self, frame: int) -> int:
        """Return the wall-clock instant (ns) at which that frame of the recording sounded."""
        started = [event for event in self.events("START") if event.recorded <= frame][-1]
        return started.realtime_ns + round((frame - started.recorded) * 1e9 / RATE_HZ)

    def set_mixer(self, *levels: int) -> None:
        """Put the mixer's levels to something: PCM volume and switch, headphone volume, microphone volume."""
        (self._folder / "levels").write_text("".join(f"{level}\n" for level in levels))

    def mixer(self) -> list[int]:
        """Return the mixer's levels, in the same order."""
        return [int(level) for level in (self._folder / "levels").read_text().split()]

    def unplug(self) -> None:
        """Pull the plug: an open card is lost within 10 ms, a closed one can't be opened."""
        (self._folder / "unplugged").touch()

    def plug(self) -> None:
        """Put the plug in again."""
        (self._folder / "unplugged").unlink(missing_ok=True)

    def hold(self) -> None:
        """Let another program hold the card: it can't be opened."""
        (self._folder / "busy").touch()

    def let_go(self) -> None:
        """Let the other program end."""
        (self._folder / "busy").unlink(missing_ok=True)

    def hang(self) -> None:
        """Let the driver get stuck: whoever asks the card anything waits for an answer."""
        (self._folder / "hung").touch()

    def answer(self) -> None:
        """Let the driver answer again."""
        (self._folder / "hung").unlink(missing_ok=True)

    def wait_for(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Return as soon as ``condition`` holds; fails the test after ``seconds``."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"it did not happen in {seconds} s: {self.events()}"
            time.sleep(0.001)


def build(folder: Path) -> Path:
    """Compile the plugins into ``folder`` and return it. Fails, with the compiler's words, where they can't be."""
    for name, source in SOURCES.items():
        command = ["gcc", "-std=c11", "-D_GNU_SOURCE", "-DPIC", "-O2", "-shared", "-fPIC", "-o", str(folder / name)]
        try:
            done = subprocess.run([*command, str(source), "-lasound"], capture_output=True, text=True, check=False)
        except FileNotFoundError:
            pytest.fail("the virtual card needs gcc and libasound2-dev: please install them", pytrace=False)
        if done.returncode:
            pytest.fail(f"the virtual card needs gcc and libasound2-dev: {done.stderr}", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def built_card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the plugins, compiled once for the whole run."""
    return build(tmp_path_factory.mktemp("card"))


@pytest.fixture
def virtual_card(built_card: Path, tmp_path: Path) -> Iterator[VirtualCard]:
    """Plug a virtual card into this process.

    libasound looks at ALSA_CONFIG_PATH whenever a card is opened and reads again what differs, so each test
    can have a card of its own in one process.
    """
    folder = tmp_path / "card"
    folder.mkdir()
    card = VirtualCard(built_card, folder)
    before = os.environ.get("ALSA_CONFIG_PATH")
    os.environ.update(card.environment)
    yield card
    if before is None:
        del os.environ["ALSA_CONFIG_PATH"]
    else:
        os.environ["ALSA_CONFIG_PATH"] = before
