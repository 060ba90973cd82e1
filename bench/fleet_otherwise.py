"""What a community would do without a broker, on the same machine: asking every so often, and pushing one by one."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure, percentile
from bench.fleet_hub import BenchHub
from bench.processes import clock
from fleet.enrol import contexts
from fleet.enrol.membership import read_membership

ASKED_EVERY_SECONDS = 10.0
_ASKS = 3  # by each device


def otherwise(hub: BenchHub, rooms: Sequence[Path]) -> tuple[Figure, ...]:
    """Fetch a clip by HTTPS for each device in turn, each time on a new connection as ssh, rsync or a poll makes one.

    The rest is arithmetic. A push by ssh has a login of its own on top, which is not measured here.
    """
    clip = min(hub.room.audio.glob("*.flac"), key=lambda path: path.stat().st_size).stem
    seconds = [_fetch(room, clip) for _ in range(_ASKS) for room in rooms]
    one = percentile(seconds, 50)
    return (
        Figure("instead, one request on a new TLS connection: p50", one * 1000, "ms", None, f"{len(seconds)} requests"),
        Figure("instead, pushed one after another", one * len(rooms), "s", None, "without any login: arithmetic"),
        Figure(
            f"instead, asked every {ASKED_EVERY_SECONDS:.0f} s: an edit or “urgent” comes, p50",
            ASKED_EVERY_SECONDS / 2,
            "s",
            None,
            "arithmetic",
        ),
        Figure(
            f"instead, 5,000 asking every {ASKED_EVERY_SECONDS:.0f} s for nothing new",
            5000 / ASKED_EVERY_SECONDS * one,
            "cores",
            None,
            "arithmetic; both ends of a request",
        ),
    )


def _fetch(room: Path, clip: str) -> float:
    membership = read_membership(room)
    if membership is None:
        return 0.0
    began = clock.monotonic()
    connection = http.client.HTTPSConnection(
        membership.hosts[0], membership.port, context=contexts.member(room), timeout=30
    )
    try:
        connection.request("GET", f"/audio/{clip}")
        connection.getresponse().read()
    finally:
        connection.close()
    return clock.monotonic() - began
