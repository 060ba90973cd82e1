"""Somebody at the box holds the button, or nobody does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import msgspec
import pytest

from cli.held import LOOK_SECONDS, WAIT_SECONDS, Hold, wait_for_hold
from speaker.client import SpeakerAway
from speaker.protocol import Status
from tests.fakes import SetClock
from tests.speaker.answers import STATUS


def telling(buttons: Iterable[str]) -> Callable[[], Status]:
    """Return a speaker that tells of the button as listed, the last for ever; "away" is no answer."""
    listed = list(buttons)

    def ask() -> Status:
        button = listed.pop(0) if len(listed) > 1 else listed[0]
        if button == "away":
            raise SpeakerAway("没有运行", "not running")
        return msgspec.structs.replace(STATUS, button=button)

    return ask


@pytest.mark.parametrize(
    ("buttons", "hold"),
    [
        (["up", "held"], Hold.HELD),
        (["up", "up", "held", "up"], Hold.HELD),
        (["held", "up", "held"], Hold.HELD),
        (["away", "away", "up", "held"], Hold.HELD),
        (["up"], Hold.NOT_HELD),
        (["held"], Hold.NOT_HELD),  # stuck, or wired wrongly
        (["away", "held"], Hold.NOT_HELD),
        (["none"], Hold.NO_BUTTON),
        (["away", "none"], Hold.NO_BUTTON),
        (["away"], Hold.NO_SPEAKER),
        (["up", "away"], Hold.NOT_HELD),
    ],
)
def test_a_hold_counts_only_after_the_button_was_seen_let_go(buttons: list[str], hold: Hold) -> None:
    """And a speaker that is just starting is waited for."""
    clock = SetClock(datetime(2026, 1, 17, tzinfo=UTC))
    assert wait_for_hold(telling(buttons), clock, clock.advance) is hold


@pytest.mark.parametrize("button", ["up", "held", "away"])
def test_it_waits_two_minutes_and_no_longer_whatever_the_wall_clock_does(button: str) -> None:
    """A clock that is set in between makes it neither longer nor shorter."""
    clock = SetClock(datetime(2026, 1, 17, tzinfo=UTC))
    began = clock.monotonic()

    def pause(seconds: float) -> None:
        clock.advance(seconds)
        clock.step(-3600)

    wait_for_hold(telling([button]), clock, pause)
    assert WAIT_SECONDS <= clock.monotonic() - began <= WAIT_SECONDS + LOOK_SECONDS
