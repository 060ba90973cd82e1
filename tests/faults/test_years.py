"""A box after years: ten thousand clips and five years of records. Pages stay fast, and what nobody uses goes."""

from __future__ import annotations

import statistics
from datetime import timedelta

import pytest

from bench.years import fill_clips, fill_records
from box.clock import SystemClock
from speaker.airing import Outcome
from speaker.protocol import Done
from tests.faults.courtyard import Courtyard, until
from tests.slowness import is_within

YEARS, CLIPS = 5, 10_000
PAGES = ("/", "/messages/", "/messages/hello", "/schedule/", "/records", "/records/ledger")
MOST_SECONDS = 1.0  # half of it where nobody else is at work (bench scale)
ROUNDS = 5


@pytest.mark.slow
def test_after_years_pages_are_fast_and_clips_that_nobody_uses_are_gone(courtyard: Courtyard) -> None:
    """Every row is still on record and can be shown, what is on air sounds, clips of a month ago are removed."""
    clock = SystemClock()
    fill_clips(courtyard.folders.clips, CLIPS, clock.now() - timedelta(days=31))
    courtyard.publish()
    rows = fill_records(courtyard.folders, YEARS, clock.now() - timedelta(days=1))
    assert rows > 10_000
    courtyard.person()
    courtyard.speaker()
    courtyard.panel()
    until(courtyard.taken)
    visitor = courtyard.visitor()
    visitor.get("/records")  # copies what is new of the log: all of it
    for page in PAGES:
        took = []
        for _ in range(ROUNDS):
            begun = clock.monotonic()
            assert visitor.get(page)
            took.append(clock.monotonic() - begun)
        assert is_within(statistics.median(took), MOST_SECONDS), (page, took)
    assert isinstance(courtyard.client.play(message="hello"), Done)
    until(lambda: courtyard.client.records(after=rows).airings[-1].outcome is Outcome.AIRED)
    assert courtyard.client.records(after=rows - 1).airings[0].id == rows
    until(lambda: len(list(courtyard.folders.clips.glob("*.wav"))) == 1, seconds=180)
    assert courtyard.taken()
