"""A courtyard to be visited by a browser: the program as ``run`` starts it, on a virtual card."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from box.clock import SystemClock
from box.folders import Folders
from programme.publication import Publication, decode_publication
from tests.card.virtual import VirtualCard
from tests.running import Run, free_port, running, write

HOST = "localhost"  # a browser lets nothing but a safe origin use the microphone: TLS, or this name
NAME, PASSWORD = "王书记", "longhai-2020"
AT_ANY_HOUR = """\
[audio]
device = "default"
lead_in_ms = 50
tail_ms = 20
[limits]
quiet_hours = ""
longest_minutes_per_day = 1440
"""


def nine_in_the_morning() -> str:
    """Return a zone in which it is past nine: midnight is far, and nothing of the starter programme is due soon."""
    east = (9 - SystemClock().now().hour + 12) % 24 - 12
    return f"Etc/GMT{-east:+d}"  # POSIX counts to the west


@dataclass
class Courtyard:
    """One box that is on. ``code`` is the set-up code that was printed; ``cookies`` are of who was let in with it."""

    run: Run
    card: VirtualCard
    folders: Folders
    address: str
    code: str
    cookies: Path

    def published(self) -> Publication:
        """Return what the panel last put on air."""
        return decode_publication(self.folders.publication.read_bytes())

    def samples(self, sha256: str) -> bytes:
        """Return the samples of a clip."""
        with wave.open(str(self.folders.clips / f"{sha256}.wav")) as sound:
            return sound.readframes(sound.getnframes())


@contextmanager
def opened(folder: Path, built_card: Path, programme: str) -> Iterator[Courtyard]:
    """Start the program on that programme; it is on duty when this is entered, and has ended afterwards."""
    data, card_folder, port = folder / "data", folder / "card", free_port()
    card_folder.mkdir(parents=True)
    card = VirtualCard(built_card, card_folder)
    write(data, programme)
    (data / "settings.toml").write_text(AT_ANY_HOUR, encoding="utf-8")
    with running(data, port, environment=card.environment, at_most_seconds=3600) as run:
        run.until("on duty")
        code = run.printed("set-up code").rsplit(" ", 1)[-1].strip()
        yield Courtyard(run, card, Folders(data, data), f"http://{HOST}:{port}", code, folder / "cookies.json")
