"""The speaker with a timetable of its own, as dense as a bench needs: the programme's rules allow whole minutes only.

Everything else is the speaker's process as it is: ``python -m bench.dense_speaker --data DIR --runtime DIR
--settings FILE --first SECONDS_SINCE_1970 --count N --every SECONDS``.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from box.clock import SystemClock
from box.folders import Folders
from box.notify import Notifier
from box.settings import read_settings
from programme.cues import Cue, Occurrence
from programme.publication import Publication
from speaker.on_air import Timetable
from speaker.service import Means, serve


def main() -> None:
    """Run the speaker until it is ended."""
    parser = argparse.ArgumentParser()
    for folder in ("--data", "--runtime", "--settings"):
        parser.add_argument(folder, type=Path, required=True)
    for number in ("--first", "--count", "--every"):
        parser.add_argument(number, type=int, required=True)
    arguments = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    serve(
        Means(
            folders=Folders(arguments.data, arguments.runtime),
            settings=read_settings(arguments.settings),
            clock=SystemClock(),
            notifier=Notifier(os.environ),
            records_without_card=False,
            assumes_clock=True,
            timetable=_timetable(arguments.first, arguments.count, arguments.every),
        )
    )


def _timetable(first: int, count: int, every_seconds: int) -> Timetable:
    def cues_on(publication: Publication, day: date) -> tuple[Cue, ...]:
        zone = ZoneInfo(publication.timezone)
        dues = (datetime.fromtimestamp(first + every_seconds * number, UTC).astimezone(zone) for number in range(count))
        return tuple(
            Cue(
                occurrence=Occurrence(day=day, broadcast_id=f"cue-{number}"),
                due=due,
                grace=timedelta(seconds=every_seconds / 2),
                messages=tuple(message.id for message in publication.messages),
                expired=(),
                repeat=1,
                gap_seconds=0,
                pause_seconds=0,
                chime=None,
                volume_percent=100,
            )
            for number, due in enumerate(dues)
            if due.date() == day
        )

    return cues_on


if __name__ == "__main__":
    main()
