"""APScheduler calling pydub.playback, as many a tutorial has it: ``python -m bench.pydub_player WAV DUE...``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from threading import Semaphore

from apscheduler.schedulers.background import BackgroundScheduler
from pydub import AudioSegment
from pydub.playback import play


def main() -> None:
    """Play the file at each due instant (seconds since 1970), and end."""
    sound = AudioSegment.from_wav(sys.argv[1])
    played = Semaphore(0)

    def job() -> None:
        try:
            play(sound)
        finally:
            played.release()

    scheduler = BackgroundScheduler(timezone=UTC)
    for due in sys.argv[2:]:
        scheduler.add_job(job, "date", run_date=datetime.fromtimestamp(float(due), UTC), misfire_grace_time=10)
    scheduler.start()
    for _ in sys.argv[2:]:
        played.acquire()
    scheduler.shutdown()


if __name__ == "__main__":
    main()
