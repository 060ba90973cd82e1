"""Keeps child processes running under ``run``: started, started again when they die, ended together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from box.clock import Clock

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0  # who lived that long is started again without a pause
GRACE_SECONDS = 1.5  # of the 2 s in which everything must have ended
_ATTENDED = frozenset({signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Command:
    """A child: what a person calls it, and its command line.

    Who ``may_end`` says by the exit status 0 that there is nothing to do: it is not started again by itself.
    """

    name: str
    words: Sequence[str]
    may_end: bool = False


@dataclass
class _Child:
    command: Command
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause_seconds: float = FIRST_PAUSE_SECONDS
    due: float = field(default=0.0)


class Supervisor:
    """The parent of ``commands``. Used as a context: at its end every child has ended.

    The signals it attends to are blocked in the process meanwhile and waited for, so that nothing is missed between
    two looks and nothing is polled. ``died`` is told each death of a child that was not asked to end, with its exit
    status and the pause before it is started again, in seconds.
    """

    def __init__(
        self,
        commands: Sequence[Command],
        *,
        clock: Clock,
        environment: Mapping[str, str],
        died: Callable[[Command, int, float], None],
    ) -> None:
        self._children = [_Child(command) for command in commands]
        self._clock = clock
        self._environment = dict(environment)
        self._died = died
        self._mask: set[signal.Signals] | None = None

    def __enter__(self) -> Supervisor:
        self._mask = {signal.Signals(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, _ATTENDED)}
        for child in self._children:
            self._start(child)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._end()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, self._mask or set())

    def add(self, command: Command) -> None:
        """Start one more child, and keep it running like the others."""
        child = _Child(command)
        self._children.append(child)
        self._start(child)

    def has(self, command: Command) -> bool:
        """Tell whether it is kept running: it was named or added, and has not ended because there is nothing to do."""
        return any(child.command == command for child in self._children)

    def attend(self, seconds: float) -> bool:
        """Look after the children for up to ``seconds``; tell whether to go on (False: somebody asked to end)."""
        until = self._clock.monotonic() + seconds
        while True:
            self._start_who_is_due()
            now = self._clock.monotonic()
            waits = [until, *(child.due for child in self._children if child.process is None)]
            heard = signal.sigtimedwait(_ATTENDED, max(0.0, min(waits) - now))
            if heard is not None and heard.si_signo != signal.SIGCHLD:
                return False
            self._bury()
            if self._clock.monotonic() >= until:
                return True

    def _start(self, child: _Child) -> None:
        parent = os.getpid()

        def in_child() -> None:
            # A child must not outlive us, however we die: the amplifier would stay on with nobody to end it.
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)
            signal.pthread_sigmask(signal.SIG_SETMASK, ())

        child.started = self._clock.monotonic()
        # Its own session: the terminal's interrupt comes to us alone, and we end the children in order.
        child.process = subprocess.Popen(  # noqa: S603 - our own modules
            list(child.command.words),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=in_child,  # noqa: PLW1509 - this process has one thread
        )

    def _start_who_is_due(self) -> None:
        for child in self._children:
            if child.process is None and child.due <= self._clock.monotonic():
                self._start(child)

    def _bury(self) -> None:
        for child in tuple(self._children):
            if child.process is None:
                continue
            status = child.process.poll()
            if status is None:
                continue
            child.process = None
            if status == 0 and child.command.may_end:
                self._children.remove(child)
                continue
            now = self._clock.monotonic()
            if now - child.started >= STEADY_SECONDS:
                child.pause_seconds = FIRST_PAUSE_SECONDS
            child.due = now + child.pause_seconds
            self._died(child.command, status, child.pause_seconds)
            child.pause_seconds = min(child.pause_seconds * 2, LONGEST_PAUSE_SECONDS)

    def _end(self) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        until = self._clock.monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, until - self._clock.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
