"""The ear: a process of its own for one airing, ``python -m speaker.hearing --device NAME``.

It reads lines of JSON: the parts of the rundown, then what was played of it; it writes one, the verdict. It can write
no file, leave no core, and ends with whoever started it. Nothing it does can hold up the sound: it is another process,
with a lower claim on the processor.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import select
import sys
import time
from dataclasses import asdict

from speaker.hearing.listening import Ear, NotWanted, Part, Played
from speaker.hearing.microphone import AlsaMicrophone

NICE = 5  # it takes a hundredth of a core, but must have it every second; the speaker itself is at -5
_READ_BYTES = 64 * 1024


class Ending:
    """What is told on standard input after the parts."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting = b""
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)

    def line(self, seconds: float | None) -> bytes | None:
        """Return the next line, None if none has come for ``seconds``. Raises NotWanted at the end of the input."""
        while b"\n" not in self._waiting:
            if not self._poll.poll(None if seconds is None else seconds * 1000):
                return None
            more = os.read(self._descriptor, _READ_BYTES)
            if not more:
                raise NotWanted
            self._waiting += more
        line, self._waiting = self._waiting.split(b"\n", 1)
        return line

    def wait(self, seconds: float) -> Played | None:
        """Return what was played, None if it has not been told for ``seconds``. Raises NotWanted."""
        line = self.line(seconds)
        return None if line is None else Played(**json.loads(line))


def main() -> int:
    """Listen once; 1 where nobody wants to know any more."""
    parser = argparse.ArgumentParser(prog="python -m speaker.hearing", description="小喇叭听音 · the ear")
    parser.add_argument("--device", required=True)
    device: str = parser.parse_args().device
    _give_up_writing()
    ending = Ending(sys.stdin.fileno())
    ear = Ear(lambda: AlsaMicrophone(device), time.monotonic, ending.wait)
    try:
        parts = [Part(*part) for part in json.loads(ending.line(None) or b"[]")]
        judgement = ear.listen(parts)
    except NotWanted:
        return 1
    sys.stdout.write(json.dumps(asdict(judgement)) + "\n")
    sys.stdout.flush()
    return 0


def _give_up_writing() -> None:
    """Make sure that nothing of what is heard can come to a disk: no file may grow, and a crash leaves no core."""
    with contextlib.suppress(OSError):  # it listens as well without
        os.nice(NICE)
    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(limit, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
