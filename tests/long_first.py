"""In which order several workers take the tests: what takes long is begun first, and nobody waits for it at the end.

Each worker is given a share of the list in one piece, and who is done takes half of what another has left, from its end
(``--dist worksteal``). So the long ones stand where a share begins. Those of one row have something in common that is
dear to make, a browser or a hub, and stay with one worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

LONG = (
    ("tests/e2e/",),
    ("tests/faults/", "tests/keeping/test_swap.py", "tests/web/lan/", "tests/web/test_process.py"),
    ("tests/fleet/hub/", "tests/fleet/network/", "tests/cli/test_run.py"),
    (
        "tests/tts/test_hostile_files.py",
        "tests/test_style.py",
        "tests/speaker/test_once_only_model.py",
        "tests/tts/test_phone_formats.py",
        "tests/tts/test_mixdown.py",
        "tests/speaker/sound/",
        "tests/speaker/hearing/",
    ),
)


class Named(Protocol):
    """A test."""

    @property
    def nodeid(self) -> str:
        """Where it stands."""
        ...


def arranged(tests: Iterable[Named], workers: int) -> list[Named]:
    """Return the tests in the order in which they are best handed to so many workers."""
    rows: list[list[Named]] = [[] for _ in range(workers)]
    rest: list[Named] = []
    for test in tests:
        row = next((number for number, files in enumerate(LONG) if test.nodeid.startswith(files)), None)
        (rest if row is None else rows[row % workers]).append(test)
    return [test for share in _shares(rows, rest) for test in share]


def _shares(rows: Sequence[list[Named]], rest: list[Named]) -> Iterable[list[Named]]:
    """Fill each row up with others, to what xdist hands to its worker: an equal part of what is left."""
    left = len(rest) + sum(len(row) for row in rows)
    for number, row in enumerate(rows):
        more = max(0, left // (len(rows) - number) - len(row))
        share, rest = [*row, *rest[:more]], rest[more:]
        left -= len(share)
        yield share
