"""Telling systemd how the process is: sd_notify in a few lines, without a package."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping

logger = logging.getLogger(__name__)


class Notifier:
    """Sends the messages of sd_notify(3) to the socket that systemd names in the environment.

    Without ``NOTIFY_SOCKET`` (a terminal, a test) every call does nothing.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        name = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + name[1:] if name.startswith("@") else name
        self._watchdog_seconds = _watchdog_seconds(environment)

    @property
    def watchdog_interval_seconds(self) -> float | None:
        """How often to call ``watchdog``: half of what systemd allows, as sd_watchdog_enabled(3) advises.

        None where no watchdog watches this process.
        """
        return None if self._watchdog_seconds is None else self._watchdog_seconds / 2

    def ready(self) -> None:
        """Say that start-up is finished."""
        self._send("READY=1")

    def watchdog(self) -> None:
        """Say that the process is alive, where a watchdog watches it."""
        if self._watchdog_seconds is not None:
            self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the process is ending in an orderly way."""
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """Show ``text`` in ``systemctl status``, on one line."""
        self._send("STATUS=" + " ".join(text.split()))

    def _send(self, message: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.setblocking(False)
                sock.connect(self._address)
                sock.send(message.encode())
        except OSError as error:
            # A notice that is lost must not stop the sound; systemd's watchdog decides what it means.
            logger.warning("systemd did not take %s: %s", message, error)


def _watchdog_seconds(environment: Mapping[str, str]) -> float | None:
    try:
        microseconds = int(environment.get("WATCHDOG_USEC", ""))
        process = int(environment.get("WATCHDOG_PID", "") or os.getpid())
    except ValueError:
        return None
    return microseconds / 1_000_000 if microseconds > 0 and process == os.getpid() else None
