"""A virtual microphone for a test, in the air of the virtual card: ``listening``, or ``yard`` through ``plug``."""

from __future__ import annotations

from array import array
from pathlib import Path

MICROPHONE = "yard"

CONFIGURATION = """\
pcm_type.listening {{ lib "{built}/libasound_module_pcm_listening.so" }}
pcm.listening {{
    type listening
    recording "{folder}/recording.raw"
    card_log "{folder}/card.log"
    air "{folder}/air"
    noise "{folder}/noise.raw"
    unplugged "{folder}/microphone-unplugged"
    busy "{folder}/microphone-busy"
    hung "{folder}/microphone-hung"
    opened "{folder}/microphone-opened"
}}
pcm.yard {{
    type plug
    slave.pcm "listening"
}}
"""


class VirtualMicrophone:
    """The microphone that hears what the card in ``folder`` sounds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.noise(b"")

    def air(self, *ways: tuple[float, float]) -> None:
        """Let what the card sounds arrive by these ways: each a delay in milliseconds (50 at least) and a gain."""
        self._folder.joinpath("air").write_text("".join(f"{delay} {gain}\n" for delay, gain in ways))

    def noise(self, samples: bytes) -> None:
        """Let this be heard besides, over and over: 48 kHz mono S16_LE."""
        self._folder.joinpath("noise.raw").write_bytes(samples)

    @property
    def listens(self) -> bool:
        """Whether anybody has begun to listen."""
        return self._folder.joinpath("microphone-opened").exists()

    def unplug(self) -> None:
        """Pull its plug."""
        self._folder.joinpath("microphone-unplugged").touch()

    def hold(self) -> None:
        """Let another program hold it."""
        self._folder.joinpath("microphone-busy").touch()

    def hang(self) -> None:
        """Let its driver get stuck."""
        self._folder.joinpath("microphone-hung").touch()

    def answer(self) -> None:
        """Let its driver answer again."""
        self._folder.joinpath("microphone-hung").unlink(missing_ok=True)


def at_48k(samples: bytes) -> bytes:
    """Return a sound of 16 kHz at 48 kHz, each sample three times."""
    three = array("h")
    for sample in array("h", samples):
        three.extend((sample, sample, sample))
    return three.tobytes()
