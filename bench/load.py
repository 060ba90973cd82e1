"""Both cores busy and the panel under requests: what a bad day looks like to the speaker."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread


@contextmanager
def busy_cores() -> Iterator[None]:
    """Keep every core busy with a loop of its own."""
    burners = [
        subprocess.Popen([sys.executable, "-I", "-c", "while True: pass"], stdin=subprocess.DEVNULL)
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


class Requests:
    """Asks the panel for its login page over and over; ``answered`` counts the answers."""

    def __init__(self, port: int) -> None:
        self.answered = 0
        self._port = port
        self._ended = Event()
        self._thread = Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Requests:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._ended.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
            try:
                while not self._ended.is_set():
                    connection.request("GET", "/login")
                    connection.getresponse().read()
                    self.answered += 1
            except (OSError, http.client.HTTPException):
                self._ended.wait(0.05)  # it hung up; what counts is that it is kept busy
            finally:
                connection.close()
