"""The broker: Debian's Mosquitto as a child of this process, started again when it dies."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread

from box.sentences import XiaolabaError

PROGRAM = "mosquitto"
_PLACES = "/usr/sbin:/usr/local/sbin"  # Debian's place is on no ordinary user's path
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 30.0
_STEADY_SECONDS = 60.0
_LOOK_SECONDS = 0.05
_GRACE_SECONDS = 5.0  # it writes what it keeps when it is ended
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True)


class BrokerMissing(XiaolabaError):
    """Mosquitto is not installed."""


def find_program() -> str:
    """Return the path of Mosquitto. Raises BrokerMissing."""
    found = shutil.which(PROGRAM) or shutil.which(PROGRAM, path=_PLACES)
    if found is None:
        raise BrokerMissing(
            "没有装 mosquitto，请安装：sudo apt-get install --no-install-recommends mosquitto",
            "mosquitto is missing: sudo apt-get install --no-install-recommends mosquitto",
        )
    return found


class Broker:
    """Runs ``program`` with ``configuration``. ``died`` is told each death that nobody asked for, with its status."""

    def __init__(self, program: str, configuration: Path, died: Callable[[int], None]) -> None:
        self._command = (program, "-c", str(configuration))
        self._died = died
        self._ending = Event()
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._attend, name="broker", daemon=True)

    @property
    def pid(self) -> int | None:
        """The process's number while it runs."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Start it, and again whenever it dies."""
        self._thread.start()

    def wait_for(self, address: tuple[str, int], seconds: float) -> bool:
        """Wait until it listens at ``address``, for up to ``seconds``; tell whether it does."""
        looks = int(seconds / _LOOK_SECONDS)
        for _ in range(looks):
            with suppress(OSError), socket.create_connection(address, timeout=_LOOK_SECONDS):
                return True
            if self._ending.wait(_LOOK_SECONDS):
                break
        return False

    def read_again(self) -> None:
        """Have it read its files again: the revoked certificates among them."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.send_signal(signal.SIGHUP)

    def close(self) -> None:
        """End it; it has some seconds to write down what it keeps."""
        self._ending.set()
        with self._lock:
            process = self._process
            if process is not None and process.poll() is None:
                process.terminate()
        self._thread.join(timeout=_GRACE_SECONDS)
        if process is not None and process.poll() is None:
            process.kill()
        self._thread.join()

    def _attend(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while not self._ending.is_set():
            steady = Event()
            with self._lock:
                if self._ending.is_set():
                    return
                self._process = self._started()
            process = self._process
            try:
                process.wait(_STEADY_SECONDS)
            except subprocess.TimeoutExpired:
                steady.set()
                process.wait()
            if self._ending.is_set():
                return
            self._died(process.returncode)
            pause = _FIRST_PAUSE_SECONDS if steady.is_set() else pause
            self._ending.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _started(self) -> subprocess.Popen[bytes]:
        parent = os.getpid()

        def in_child() -> None:
            # The broker must not outlive the hub: the next hub's could not listen.
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)
            signal.pthread_sigmask(signal.SIG_SETMASK, ())  # the hub waits for its signals; the broker acts on them

        return subprocess.Popen(  # noqa: S603 - Debian's program and our own file
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=in_child,  # noqa: PLW1509 - it makes three system calls and takes no lock
        )
