"""What a user would use instead: a player started by the shell at the due second, and pydub under APScheduler."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bench.failed import BenchFailed
from box.clock import SystemClock
from cli.places import child_environment

SPACING_SECONDS = 3
_clock = SystemClock()


def coming_seconds(count: int, spacing_seconds: int, first_in_seconds: int = 2) -> list[datetime]:
    """Return whole seconds to come, ``spacing_seconds`` apart."""
    first = _clock.now().replace(microsecond=0) + timedelta(seconds=first_in_seconds + 1)
    return [first + timedelta(seconds=spacing_seconds * number) for number in range(count)]


def wait_until(instant: datetime) -> None:
    """Sleep until ``instant`` of the wall clock."""
    while (left := (instant - _clock.now()).total_seconds()) > 0:
        time.sleep(left)


def shell_at_the_second(command: str, count: int, environment: Mapping[str, str]) -> list[datetime]:
    """Start ``command`` by ``sh -c`` in each due second, as cron does once it has woken; return the due instants."""
    dues = coming_seconds(count, SPACING_SECONDS)
    for due in dues:
        wait_until(due)
        child = subprocess.Popen(
            ["sh", "-c", command],
            env={**os.environ, **environment},
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        try:
            child.wait(SPACING_SECONDS * 0.9)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    return dues


def pydub_by_apscheduler(wav: Path, count: int, environment: Mapping[str, str]) -> list[datetime]:
    """Have APScheduler call pydub.playback in a process of its own; return the due instants."""
    dues = coming_seconds(count, SPACING_SECONDS, first_in_seconds=5)
    until = [str(due.timestamp()) for due in dues]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "bench.pydub_player", str(wav), *until],
        env={**child_environment(), **environment, "SDL_AUDIODRIVER": "alsa"},
        capture_output=True,
        text=True,
        timeout=count * SPACING_SECONDS + 60,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"pydub 播放失败：{done.stderr[-500:]}", f"pydub could not play: {done.stderr[-500:]}")
    return dues


def mp3_of(wav: Path) -> Path | None:
    """Return ``wav`` as an mp3 for mpg123, None where ffmpeg is not there to make it."""
    if shutil.which("ffmpeg") is None:
        return None
    mp3 = wav.with_suffix(".mp3")
    subprocess.run(
        ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", str(wav), "-b:a", "128k", str(mp3)], check=True
    )
    return mp3
