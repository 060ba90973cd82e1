"""The bench of the fleet: what it counts, and that a small one runs whole."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime, timedelta

import pytest

from bench.fleet import measure
from bench.fleet_told import Told, doubled
from fleet.wire.accounts import Report, What
from fleet.wire.topics import Inward

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def told(device: str, what: What, of: int, second: int) -> Told:
    """Return a report that was made at that second and came ten later."""
    made = NOW + timedelta(seconds=second)
    report = Report(of=of, channel=Inward.URGENT, what=what, at=made)
    return Told(device, report, made.timestamp(), made.timestamp() + 10)


def test_what_a_device_did_twice_is_counted() -> None:
    """Two devices may do the same; a report that came twice is no second deed, nor is a stop of what is silent."""
    once = [told(name, What.ARMED, 1, 0) for name in ("a", "b")]
    assert doubled(once) == 0
    assert doubled([*once, once[0]]) == 0
    assert doubled([*once, told("a", What.STOPPED, 2, 1), told("a", What.STOPPED, 2, 2)]) == 0
    assert doubled([*once, told("b", What.ARMED, 2, 3)]) == 0
    assert doubled([*once, told("b", What.ARMED, 1, 3)]) == 1


@pytest.mark.slow
def test_a_small_one_runs_whole() -> None:
    """Real ones and light ones: nothing is lost, refused, done twice, or heard at another instant."""
    measured = measure(Namespace(real=2, light=(6,), rounds=2))
    values = {figure.what: figure.value for figure in measured.figures}
    none_of = ("refused", "done twice", "lost")
    assert {what: value for what, value in values.items() if what.endswith(none_of) and value} == {}
    assert values["2 real: urgent: not heard"] == 0
    assert values["2 real: urgent: heard twice, or at no instant"] == 0
    assert values["2 real: records: missing at the hub"] == 0
    assert values["2 real: urgent: first to last box, worst"] is not None  # how far: tests/fleet/agent, and the bench
