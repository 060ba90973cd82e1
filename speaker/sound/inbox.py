"""What playout's thread is asked to do, and how it is woken for it."""

from __future__ import annotations

import contextlib
import os
import select
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from speaker.airing import Reason, Result, Rundown


@dataclass(frozen=True)
class Begin:
    """Sound this, in place of anything else."""

    rundown: Rundown
    ended: Callable[[Result], None]


@dataclass(frozen=True)
class End:
    """End what sounds or is armed."""

    reason: Reason


@dataclass(frozen=True)
class Close:
    """End what sounds, and the thread."""


Command = Begin | End | Close


class Inbox:
    """Commands in the order they came. Anyone may put; one thread takes, and sleeps in between."""

    def __init__(self) -> None:
        self._commands: deque[Command] = deque()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._poll = select.poll()
        self._poll.register(self._bell, select.POLLIN)

    def put(self, command: Command) -> None:
        """Leave a command and wake the thread."""
        self._commands.append(command)
        self.nudge()

    def nudge(self) -> None:
        """Wake the thread without a command."""
        os.eventfd_write(self._bell, 1)

    @property
    def wants_silence(self) -> bool:
        """Whether something waits that is to end what sounds at once."""
        return any(isinstance(command, End | Close) for command in tuple(self._commands))

    def wait(self, seconds: float) -> None:
        """Sleep for ``seconds``, or until somebody rings; what was left stays."""
        self._poll.poll(max(0.0, seconds) * 1000)
        with contextlib.suppress(BlockingIOError):  # the time was up and nobody rang
            os.eventfd_read(self._bell)

    def take(self, seconds: float | None) -> Command | None:
        """Return the next command, or None after ``seconds`` (None: never) or a nudge."""
        if not self._commands:
            self._poll.poll(None if seconds is None else max(0.0, seconds) * 1000)
            with contextlib.suppress(BlockingIOError):  # the time was up and nobody rang
                os.eventfd_read(self._bell)
        return self._commands.popleft() if self._commands else None
