"""Real-time priority for the thread that keeps the card in samples."""

from __future__ import annotations

import logging
import os

FIFO_PRIORITY = 20  # above everything ordinary, below the kernel's own threads

_log = logging.getLogger(__name__)


def hurry() -> None:
    """Ask for real-time priority for this thread; its children (the reader) do not inherit it.

    Without it all works, less exactly.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(FIFO_PRIORITY))
    except OSError as error:
        _log.info("no real-time priority for playout: %s", error)
