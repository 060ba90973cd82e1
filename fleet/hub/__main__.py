"""The hub's process: ``python -m fleet.hub --data DIR --runtime DIR --settings FILE [--host ADDRESS]``."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from pathlib import Path

from box.clock import SystemClock
from box.folders import Folders
from box.sentences import XiaolabaError, language_of
from fleet.hub.service import serve

EVERYWHERE = "0.0.0.0"  # noqa: S104 - the zones' boxes are on the LAN
_ENDINGS = frozenset({signal.SIGTERM, signal.SIGINT})


def main() -> int:
    """Run the hub until a signal ends it; 1 with a sentence on standard error where it can't start."""
    parser = argparse.ArgumentParser(prog="python -m fleet.hub", description="小喇叭总站 · the hub")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runtime", type=Path, required=True)
    parser.add_argument("--settings", type=Path, help="as the other processes have it; the hub reads none of it")
    parser.add_argument("--host", default=EVERYWHERE)
    arguments = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="hub: %(levelname)s %(name)s: %(message)s")
    folders = Folders(arguments.data.absolute(), arguments.runtime.absolute())
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)  # before any thread, so that only this one takes them
    try:
        serve(folders, arguments.host, SystemClock(), lambda: _wait(_ENDINGS))
    except (XiaolabaError, OSError) as error:
        said = error.sentence.text(language_of(os.environ)) if isinstance(error, XiaolabaError) else str(error)
        sys.stderr.write(f"{said}\n")
        return 1
    return 0


def _wait(signals: frozenset[signal.Signals]) -> None:
    signal.sigwait(signals)


if __name__ == "__main__":
    sys.exit(main())
