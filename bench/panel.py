"""How quick the panel is: its first page on a slow phone, eight people at once, play and stop; beside a bare page."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.bare_page import bare_page
from bench.card import build_card, new_card
from bench.clients import Client, at_once
from bench.failed import BenchFailed
from bench.figures import Figure, Measurement, percentile
from bench.first_page import SLOW_KBIT, SLOWER, FirstPage, SlowPage, open_first, open_slowly
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
from bench.tone import timezone_of
from bench.visitor import set_up
from box.folders import Folders
from cli.places import child_environment
from programme.publication import decode_publication
from tests.card.virtual import VirtualCard
from web.people.setup_code import SetupCode

SUMMARY = "first page on a slow phone, today and save under 8 clients, play and stop; beside a bare Flask page"
CLIENTS = 8
AIM_BYTES_KB = 120.0
AIM_REQUESTS = 15.0
AIM_INTERACTIVE_SECONDS = 2.0
AIM_PLAY_MS = 200.0

# One message for each client: two people who save the same one are another test. The voice needs no internet.
_MESSAGE = "  m{number}: {{title: 稿件 {number}, text: 第 {number} 篇稿件，请大家注意。}}\n"
_PROGRAMME = """\
version: 1
zone: 警苑小区
timezone: {timezone}
voice: cmn-latn-pinyin
messages:
{messages}broadcasts:
  morning: {{at: "07:30", messages: [m0, m1]}}
  noon: {{at: "11:30", messages: [m2, m3]}}
  afternoon: {{at: "15:00", messages: [m4, m5]}}
  evening: {{at: "18:30", messages: [m6, m7]}}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how much is measured."""
    parser.add_argument("--pages", type=int, default=25, help="pages of today that each of 8 clients opens (25)")
    parser.add_argument("--saves", type=int, default=3, help="saves of each client (3)")
    parser.add_argument("--plays", type=int, default=20, help="plays, each of which is stopped (20)")
    parser.add_argument("--openings", type=int, default=5, help="first openings in a slowed browser (5)")


def measure(arguments: argparse.Namespace) -> Measurement:
    """Measure everything, one after the other; nothing else runs meanwhile."""
    with tempfile.TemporaryDirectory(prefix="xiaolaba-card-") as name:
        card = new_card(build_card(Path(name)), Path(name) / "card")
        with _ours(card) as port:
            opened = open_first(port, times=arguments.openings, log_in=True)
            slowly = open_slowly(port)
            clients = _logged_in(port)
            figures = [
                *_first_page("xiaolaba", opened, aims=True),
                *_slow_line(*slowly),
                *_two("xiaolaba: today, 8 clients", _pages(clients, arguments.pages)),
                *_saves(clients, arguments.saves),
                *_play_and_stop(clients[0], arguments.plays),
            ]
    with bare_page() as port:
        figures += [
            *_first_page("bare Flask page", open_first(port, times=arguments.openings, log_in=False)),
            *_two("bare Flask page, 8 clients", _pages([Client(port) for _ in range(CLIENTS)], arguments.pages)),
        ]
    return Measurement(
        name="panel",
        conditions=(
            f"{CLIENTS} clients with a connection each, on the same machine as the panel; the first page is today's, "
            f"in Chromium with nothing kept and the processor slowed {SLOWER} times; a save is of one message each, a "
            "voice without network says it; a play is answered when the speaker has begun; virtual ALSA card; kB are "
            "1,000 bytes as they come over the air, headers among them"
        ),
        figures=tuple(figures),
    )


@contextmanager
def _ours(card: VirtualCard) -> Iterator[int]:
    with bench_folders() as folders, ExitStack() as running:
        port = free_port()
        zone = timezone_of(clock.now())
        write_settings(folders, zone, lead_in_ms=50, tail_ms=20)
        _publish(folders, zone)
        speaking = running.enter_context(speaker(folders, card.environment))
        showing = running.enter_context(panel(folders, {}, port))
        await_speaker(speaking, folders, decode_publication(folders.publication.read_bytes()).revision)
        await_panel(showing, port)
        set_up(port, SetupCode(folders.panel / "setup-code.json", clock).issue())
        yield port


def _publish(folders: Folders, zone: str) -> None:
    folders.panel.mkdir(parents=True)
    messages = "".join(_MESSAGE.format(number=number) for number in range(CLIENTS))
    folders.programme.write_text(_PROGRAMME.format(timezone=zone, messages=messages), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "cli", "--data", str(folders.data), "publish"],
        env=child_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise BenchFailed(f"节目没有播出去：{done.stderr}", f"the programme could not be published: {done.stderr}")


def _logged_in(port: int) -> list[Client]:
    clients = [Client(port) for _ in range(CLIENTS)]
    for client in clients:
        client.log_in()
    return clients


def _pages(clients: list[Client], pages: int) -> list[float]:
    def visit(_number: int, client: Client) -> list[float]:
        took = []
        for _ in range(pages):
            client.get("/")
            took.append(client.took_ms)
        return took

    return at_once(clients, visit)


def _saves(clients: list[Client], saves: int) -> list[Figure]:
    whole: list[float] = []

    def visit(number: int, client: Client) -> list[float]:
        took = []
        path = f"/messages/m{number}"
        for round_ in range(saves):
            fields = client.hidden(path) | {
                "title": f"稿件 {number}",
                "text": f"改了第 {round_} 次，请大家注意。",
                "act": "save",
            }
            began = clock.monotonic()
            work, _page = client.post(path, fields)
            took.append(client.took_ms)
            client.await_work(work)
            whole.append((clock.monotonic() - began) * 1000)
        return took

    answered = at_once(clients, visit)
    return [
        *_two("xiaolaba: save answered, 8 clients", answered),
        *_two("xiaolaba: save rendered and on air, 8 clients", whole),
    ]


def _play_and_stop(client: Client, times: int) -> list[Figure]:
    played, stopped = [], []
    token = {"csrf_token": client.hidden("/")["csrf_token"]}
    for _ in range(times):
        client.post("/play", {**token, "broadcast": "morning"})
        played.append(client.took_ms)
        client.post("/stop", token)
        stopped.append(client.took_ms)
    return [
        figure
        for what, took in (("play", played), ("stop", stopped))
        for figure in (
            Figure(f"xiaolaba: {what}, p50", percentile(took, 50), "ms", None, f"{times} times"),
            Figure(f"xiaolaba: {what}, max", max(took), "ms", AIM_PLAY_MS),
        )
    ]


def _first_page(whose: str, opened: list[FirstPage], *, aims: bool = False) -> list[Figure]:
    seconds = [one.interactive_ms / 1000 for one in opened]
    return [
        Figure(f"{whose}: first page", opened[-1].bytes / 1000, "kB", AIM_BYTES_KB if aims else None, "as it travels"),
        Figure(f"{whose}: requests of it", opened[-1].requests, "", AIM_REQUESTS if aims else None),
        Figure(
            f"{whose}: until it can be used", statistics.median(seconds), "s",
            AIM_INTERACTIVE_SECONDS if aims else None,
            f"median of {len(seconds)}, {min(seconds):.2f} to {max(seconds):.2f}",
        ),
    ]  # fmt: skip


def _slow_line(first: SlowPage, then: SlowPage) -> list[Figure]:
    return [
        Figure(f"xiaolaba: first page, {SLOW_KBIT} kbit/s", first.seconds, "s", None, "nothing kept"),
        Figure(f"xiaolaba: next page, {SLOW_KBIT} kbit/s", then.seconds, "s"),
        Figure("xiaolaba: next page", then.bytes / 1000, "kB"),
    ]


def _two(what: str, took_ms: list[float]) -> list[Figure]:
    return [
        Figure(f"{what}: p50", percentile(took_ms, 50), "ms", None, f"{len(took_ms)} times"),
        Figure(f"{what}: p95", percentile(took_ms, 95), "ms"),
    ]
