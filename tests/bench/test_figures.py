"""What a measurement says."""

from __future__ import annotations

import json

import pytest

from bench.figures import Figure, Measurement, percentile

MEASUREMENT = Measurement(
    name="start",
    conditions="idle",
    figures=(
        Figure("小喇叭 p99", 0.25, "ms", 1.0),
        Figure("late", 1.5, "ms", 1.0, "30 heard"),
        Figure("mpg123", None, "ms", note="not available here"),
    ),
)


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (99, 99), (100, 100), (1, 1)])
def test_a_percentile_is_a_value_that_was_measured(percent, value):
    """Of a hundred values the 99th percentile is the 99th: nothing is interpolated."""
    assert percentile(list(range(100, 0, -1)), percent) == value


def test_of_few_values_the_high_percentile_is_the_highest():
    """With thirty cues nothing hides behind p99."""
    assert percentile([1.0] * 29 + [9.0], 99) == 9.0


def test_an_aim_that_is_missed_is_said_so():
    """The verdict compares with the aim, and there is none without either."""
    assert [figure.verdict for figure in MEASUREMENT.figures] == ["met", "MISSED", ""]


def test_the_json_holds_every_figure_with_its_verdict():
    """A program reads the same as a person."""
    figures = json.loads(MEASUREMENT.as_json())["figures"]
    assert [(figure["value"], figure["verdict"]) for figure in figures] == [(0.25, "met"), (1.5, "MISSED"), (None, "")]


def test_the_table_names_what_could_not_be_measured():
    """A player that is not installed has a row, not a gap."""
    assert "not available here" in MEASUREMENT.as_table().splitlines()[-1]


def test_what_must_not_happen_at_all_is_told_as_nought():
    """Nothing is below nought."""
    assert (Figure("lost", 0.0, "", 0.0).bound, Figure("p99", 1.0, "ms", 5.0).bound) == ("0 ", "< 5 ms")
