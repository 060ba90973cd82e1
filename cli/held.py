"""Whether somebody holds the button on the box: what shows that a person stands there."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from box.clock import Clock
from speaker.client import SpeakerAway
from speaker.protocol import Status

WAIT_SECONDS = 120.0  # from the stick's socket to the button, and once more where the first hold was too short
LOOK_SECONDS = 0.5


class Hold(Enum):
    """What came of the waiting."""

    HELD = "held"
    NOT_HELD = "not-held"
    NO_BUTTON = "no-button"
    NO_SPEAKER = "no-speaker"


def wait_for_hold(ask: Callable[[], Status], clock: Clock, pause: Callable[[float], None]) -> Hold:
    """Ask the speaker twice a second, for two minutes at most, until the button is held.

    It has to be seen let go first: one that is stuck, or wired wrongly, is nobody's hand. ``pause`` waits for so many
    seconds.
    """
    ends = clock.monotonic() + WAIT_SECONDS
    has_answered = was_up = False
    while True:
        try:
            button = ask().button
        except SpeakerAway:  # it may be starting
            pass
        else:
            has_answered = True
            if button == "none":
                return Hold.NO_BUTTON
            if button == "held" and was_up:
                return Hold.HELD
            was_up = was_up or button == "up"
        if clock.monotonic() >= ends:
            return Hold.NOT_HELD if has_answered else Hold.NO_SPEAKER
        pause(LOOK_SECONDS)
