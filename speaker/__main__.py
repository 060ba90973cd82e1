"""The speaker's process.

``python -m speaker --data DIR --runtime DIR --settings FILE [--record-without-card] [--assume-clock]``
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from box.clock import SystemClock
from box.folders import Folders
from box.notify import Notifier
from box.sentences import XiaolabaError
from box.settings_in_force import settings_in_force
from speaker.service import Means, serve


def main() -> int:
    """Run the speaker; 1 with a sentence on standard error where it can't start."""
    parser = argparse.ArgumentParser(prog="python -m speaker", description="小喇叭播音 · the speaker")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runtime", type=Path, required=True)
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--record-without-card", action="store_true")
    parser.add_argument("--assume-clock", action="store_true")
    arguments = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    folders, clock = Folders(arguments.data.absolute(), arguments.runtime.absolute()), SystemClock()
    try:
        in_force = settings_in_force(arguments.settings, folders.speaker, clock)
        serve(
            Means(
                folders=folders,
                settings=in_force.settings,
                settings_trouble=in_force.trouble,
                clock=clock,
                notifier=Notifier(os.environ),
                records_without_card=arguments.record_without_card,
                assumes_clock=arguments.assume_clock,
            )
        )
    except XiaolabaError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(
            f"播音程序启动不了，存储卡读不了或写不进去，请检查它是不是满了或坏了（{error}） · the speaker can't start:"
            f" the storage can't be read or written; check whether it is full or failing ({error})\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
