"""The order of the tests where several workers take them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.long_first import LONG, arranged


@dataclass(frozen=True)
class OneTest:
    """A test by its name."""

    nodeid: str


LONG_ONES = [OneTest(f"{files[0]}test_{number}") for files in LONG for number in range(3)]
SHORT_ONES = [OneTest(f"tests/box/test_{number}.py") for number in range(28)]


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7])
def test_no_test_is_left_out_and_none_is_run_twice(workers: int) -> None:
    """However many workers there are."""
    tests = [*SHORT_ONES[:17], *LONG_ONES, *SHORT_ONES[17:]]
    taken = arranged(tests, workers)
    assert len(taken) == len(tests)
    assert set(taken) == set(tests)


def test_each_workers_share_begins_with_long_ones() -> None:
    """What has something dear in common stays together; the short ones are where others may take them away."""
    taken = arranged([*SHORT_ONES[:18], *LONG_ONES, *SHORT_ONES[18:]], 4)
    share = len(taken) // 4
    for number, files in enumerate(LONG):
        begins = taken[number * share : number * share + 3]
        assert all(test.nodeid.startswith(files) for test in begins)
