"""Shows systemd again and again that the panel answers, by asking it as a phone does: one that hangs starts anew."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Callable
from threading import Event, Thread

from box.notify import Notifier

ASK_SECONDS = 30.0
PATIENCE_SECONDS = 60.0  # a page that takes longer is no answer, on the slowest board either
_ANYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what to call so as to reach it

_LOG = logging.getLogger(__name__)


class Pulse:
    """Feeds the watchdog as long as ``answers`` is true. ``wait`` sleeps for so many seconds; true ends it."""

    def __init__(self, notifier: Notifier, answers: Callable[[], bool], wait: Callable[[float], bool]) -> None:
        self._notifier = notifier
        self._answers = answers
        self._wait = wait

    def run(self) -> None:
        """Go round until ``wait`` says that it is over. Without a watchdog there is nothing to do."""
        interval = self._notifier.watchdog_interval_seconds
        while interval is not None and not self._wait(min(ASK_SECONDS, interval / 2)):
            if self._answers():
                self._notifier.watchdog()
            else:
                _LOG.error("the panel does not answer itself")


def start_pulse(notifier: Notifier, host: str, port: int) -> None:
    """Begin, on a thread that dies with the process, to ask the panel that listens at ``host`` and ``port``."""
    pulse = Pulse(notifier, lambda: answers_at(host, port), Event().wait)
    Thread(target=pulse.run, name="pulse", daemon=True).start()


def answers_at(host: str, port: int, seconds: float = PATIENCE_SECONDS) -> bool:
    """Tell whether the panel there answers within ``seconds``."""
    connection = http.client.HTTPConnection(_ANYWHERE.get(host, host), port, timeout=seconds)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
