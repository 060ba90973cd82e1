"""Fixtures and settings that more than one folder of tests uses."""

import os
import shutil
import sys
from pathlib import Path

import hypothesis
import pytest

from tests import long_first, thorough
from tests.card.virtual import built_card, virtual_card
from tests.same_examples import by_the_seed_alone

__all__ = ["built_card", "virtual_card"]

# Tests start the program some hundreds of times, and several workers read all of them: what was compiled once is kept
# for the others, also where this machine's settings say otherwise.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A busy machine makes an example slow; that is no fault of the rule it shows.
SLOW_IS_NO_FAULT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("xiaolaba", **SLOW_IS_NO_FAULT)
# Each day the same examples are tried, so that who changed one thing is not stopped by what was found in another;
# ``--slow`` draws new ones.
hypothesis.settings.register_profile("everyday", derandomize=True, **SLOW_IS_NO_FAULT)
hypothesis.settings.load_profile("xiaolaba")


def pytest_configure(config: pytest.Config) -> None:
    """Tell the tests, before they are read, whether the slow ones were left out."""
    thorough.run.is_quick = config.option.markexpr == thorough.QUICK
    if thorough.run.is_quick:
        hypothesis.settings.load_profile("everyday")
    if thorough.run.is_quick or config.getoption("--hypothesis-seed") is not None:
        by_the_seed_alone()


@pytest.hookimpl(trylast=True)  # the shares are of what is run: the slow ones may have been left out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Have the long tests begun first where several workers take them; each worker must come to the same order."""
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        items[:] = long_first.arranged(items, worker["workercount"])


_WORKER_BYTES = 512 << 20  # one has read all tests and their libraries: 290 MB measured, and starts others


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many tests run at a time: twice as many as there are cores, as many wait for real time."""
    memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(1, min(2 * (os.cpu_count() or 1), memory_bytes // _WORKER_BYTES))


# What a test writes lies in memory where there is room: a thousand saves are each made to outlast a power cut, which
# no test cuts, and a disk takes 6 to 14 ms for each (measured). What must be a disk is one of its own (tests/faults).
MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder in it that is its own
_ENOUGH_BYTES = 1 << 30


def _is_fit(folder: Path) -> bool:
    """Tell whether tests can write there, run what they wrote, and have room."""
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(folder).free > _ENOUGH_BYTES


if _is_fit(MEMORY):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))  # pytest's own name for where it makes its folders
