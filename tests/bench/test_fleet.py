"""The bench of the fleet: what it counts, and that a small one runs whole."""

from __future__ import annotations

from argparse import Namespace

import pytest

from bench.fleet import Heard, measure


def test_an_order_that_one_device_takes_twice_is_counted() -> None:
    """Two devices may take the same; one that connects again has taken nothing twice."""
    heard = Heard()
    for name in ("a", "b", "a"):
        heard.take("connected", name, 1.0)
    for name in ("a", "b"):
        heard.take("programme:r1", name, 2.0)
        heard.take("programme:r2", name, 3.0)
    assert heard.doubled == 0
    heard.take("programme:r2", "b", 4.0)
    assert heard.doubled == 1
    assert heard.times("programme") == {"a": 3.0, "b": 4.0}
    assert heard.all("programme", 2) == 4.0
    heard.forget("programme")
    assert heard.times("programme") == {}


@pytest.mark.slow
def test_a_small_one_runs_whole() -> None:
    """Nothing is refused, nothing is taken twice, and all are back after the broker's death."""
    measured = measure(Namespace(devices=6, processes=2))
    values = {figure.what: figure.value for figure in measured.figures}
    assert values["orders refused by a device"] == 0
    assert values["orders taken twice by a device"] == 0
    assert all(figure.value is not None for figure in measured.figures)
