"""Who shows that the panel answers."""

from __future__ import annotations

import socket

from box.notify import Notifier
from tests.running import free_port
from web.pulse import ASK_SECONDS, Pulse, answers_at

SECONDS = 300


class Told(Notifier):
    """Counts what systemd is told."""

    def __init__(self, seconds: int | None) -> None:
        super().__init__({} if seconds is None else {"WATCHDOG_USEC": str(seconds * 1_000_000)})
        self.fed = 0

    def watchdog(self) -> None:
        """Count."""
        self.fed += 1


def gone_round(told: Told, *answers: bool) -> list[float]:
    """Let the panel answer so, once a round; return how long was waited before each."""
    left, waits = list(answers), []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return not left

    Pulse(told, lambda: left.pop(0), wait).run()
    return waits


def test_each_answer_feeds_the_watchdog_and_silence_does_not() -> None:
    """Well within the time that systemd allows."""
    told = Told(SECONDS)
    assert gone_round(told, True, False, False, True) == [ASK_SECONDS] * 5
    assert told.fed == 2
    assert gone_round(Told(4), True) == [1, 1]


def test_without_a_watchdog_nobody_is_asked() -> None:
    """At a terminal."""
    told = Told(None)
    assert gone_round(told, True) == []
    assert told.fed == 0


def test_who_takes_a_call_and_says_nothing_does_not_answer() -> None:
    """That is what a hung panel does: its port is still open."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not answers_at("0.0.0.0", silent.getsockname()[1], seconds=0.2)  # noqa: S104 - as the panel listens
    assert not answers_at("127.0.0.1", free_port())
