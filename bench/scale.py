"""How fast pages and the speaker are after years: ten thousand clips, five years of records, hundreds of editions."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from bench.card import build_card, new_card
from bench.figures import Figure, Measurement
from bench.processes import (
    await_panel,
    await_speaker,
    bench_folders,
    clock,
    free_port,
    panel,
    speaker,
    write_settings,
)
from bench.tone import publish_tone, timezone_of
from bench.visitor import NAME, PASSWORD, Visitor, set_up
from bench.years import fill_clips, fill_history, fill_records
from programme.publication import SAMPLE_RATE_HZ
from speaker.client import SpeakerClient
from web.people.setup_code import SetupCode

SUMMARY = "pages and the speaker after years: ten thousand clips, five years of records"
PAGES = ("/", "/messages/", "/messages/stay-home", "/schedule/", "/records", "/records/ledger")
ROUNDS = 5
AIM_PAGE_MS = 500.0
AIM_STATUS_MS = 50.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how many years there were."""
    parser.add_argument("--years", type=int, default=5, help="years of records, six airings a day (5)")
    parser.add_argument("--clips", type=int, default=10_000, help="clips in the library (10000)")
    parser.add_argument("--editions", type=int, default=300, help="former editions of the programme (300)")


def measure(arguments: argparse.Namespace) -> Measurement:
    """Fill a folder, start both processes on it, and ask for every page."""
    with tempfile.TemporaryDirectory(prefix="xiaolaba-card-") as name, bench_folders() as folders, ExitStack() as stack:
        card = new_card(build_card(Path(name)), Path(name) / "card")
        now = clock.now()
        write_settings(folders, timezone_of(now), lead_in_ms=500, tail_ms=200)
        publication = publish_tone(folders, SAMPLE_RATE_HZ, now)
        fill_clips(folders.clips, arguments.clips, now - timedelta(days=10))
        rows = fill_records(folders, arguments.years, now - timedelta(days=1))
        fill_history(folders, arguments.editions, now)
        port = free_port()
        began = clock.monotonic()
        speaking = stack.enter_context(speaker(folders, card.environment))
        await_speaker(speaking, folders, publication.revision)
        ready = clock.monotonic() - began
        showing = stack.enter_context(panel(folders, {}, port))
        await_panel(showing, port)
        set_up(port, SetupCode(folders.panel / "setup-code.json", clock).issue())
        visitor = Visitor(port)
        visitor.post("/login", name=NAME, password=PASSWORD)
        visitor.get("/records")  # which copies what is new of the log: all of it
        figures = [Figure("speaker: start to ready", ready, "s")]
        figures += [_page(visitor, page) for page in PAGES]
        client = SpeakerClient(folders.socket)
        figures.append(Figure("speaker: status", _median_ms(client.status), "ms", AIM_STATUS_MS))
    return Measurement(
        name="scale",
        conditions=f"{arguments.clips} clips, {rows} airings of {arguments.years} years, {arguments.editions} editions",
        figures=tuple(figures),
    )


def _page(visitor: Visitor, page: str) -> Figure:
    return Figure(f"panel: {page}", _median_ms(lambda: visitor.get(page)), "ms", AIM_PAGE_MS)


def _median_ms(ask: object) -> float:
    took = []
    for _ in range(ROUNDS):
        began = clock.monotonic()
        ask()  # type: ignore[operator]  # any of the questions
        took.append((clock.monotonic() - began) * 1000)
    return statistics.median(took)
