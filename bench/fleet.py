"""A hub with many devices: from an edit to all, an urgent order to all, a broker's death, memory."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import replace

from bench.figures import Figure, Measurement
from bench.fleet_light import measure_light
from bench.fleet_real import measure_real
from bench.here import commit_here, machine_here
from bench.processes import clock

SUMMARY = "a hub with many devices: an edit to all, an urgent order to all, the broker's death; about twelve minutes"
REAL, LIGHT = 37, (1000, 5000)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take how many devices there are."""
    parser.add_argument("--real", type=int, default=None, metavar="N", help=f"real agents and speakers ({REAL})")
    parser.add_argument("--light", type=_counts, default=None, metavar="N,N", help="light ones (1000,5000)")
    parser.add_argument("--rounds", type=int, default=20, help="urgent announcements to the real ones (20)")


def measure(arguments: argparse.Namespace) -> Measurement:
    """Measure each part; where parts are named, those only."""
    named = arguments.real is not None or arguments.light is not None
    real = arguments.real if named else REAL
    light = arguments.light if named else LIGHT
    tell = _progress()
    figures: list[Figure] = []
    if real:
        figures += _headed(f"{real} real", measure_real(real, arguments.rounds, tell))
    for devices in light or ():
        figures += _headed(f"{devices} light", measure_light(devices, tell))
    load = "/".join(f"{one:.1f}" for one in os.getloadavg())
    return Measurement(
        name="fleet",
        conditions=f"commit {commit_here()}; hub, broker and all devices on {machine_here()}, load {load} at the end; a"
        " real device is agent and speaker on a virtual card, a light one the agent alone, its files in memory",
        figures=tuple(figures),
    )


def _headed(head: str, figures: tuple[Figure, ...]) -> list[Figure]:
    return [replace(figure, what=f"{head}: {figure.what}") for figure in figures]


def _counts(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split(",") if word)


def _progress() -> Callable[[str], None]:
    began = clock.monotonic()

    def tell(what: str) -> None:
        sys.stderr.write(f"{clock.monotonic() - began:5.0f} s  {what}\n")
        sys.stderr.flush()

    return tell
