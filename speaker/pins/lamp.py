"""The status lamp: what it tells a person in the courtyard, and how it blinks for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


@dataclass(frozen=True)
class Blinking:
    """Seconds lit and seconds dark, over and over."""

    lit_seconds: float
    dark_seconds: float


class LampState(Enum):
    """What the lamp says. A person tells the rhythms apart at a glance: steady, quick, a rare flash, a wink."""

    OFF = "off"
    READY = "ready"
    SOUNDING = "sounding"
    TIMELESS = "timeless"  # nobody knows what time it is: nothing sounds
    ASKING = "asking"  # a proposed time waits for the button
    ALARM = "alarm"  # something needs a person, or the button has nothing to play

    @property
    def is_lit(self) -> bool:
        """Tell whether the lamp burns steadily."""
        return self is LampState.READY

    @property
    def blinking(self) -> Blinking | None:
        """Return the rhythm, or None where the lamp is steady or dark."""
        return _RHYTHMS.get(self)


_RHYTHMS = {
    LampState.SOUNDING: Blinking(0.5, 0.5),
    LampState.ALARM: Blinking(0.1, 0.1),
    LampState.TIMELESS: Blinking(0.1, 1.9),
    LampState.ASKING: Blinking(0.9, 0.1),
}


def state_of(
    *, asks: bool, knows_the_time: bool, button_had_nothing: bool, needs_a_person: bool, sounds: bool
) -> LampState:
    """Return what the lamp is to say: the first of these that is so."""
    if asks:
        return LampState.ASKING
    if not knows_the_time and not button_had_nothing:
        return LampState.TIMELESS
    if button_had_nothing or needs_a_person:
        return LampState.ALARM
    return LampState.SOUNDING if sounds else LampState.READY


class Lamp(Protocol):
    """A lamp that shows one state until it is given the next."""

    def show(self, state: LampState) -> None:
        """Show ``state``; never raises and never waits."""
        ...


class NoLamp:
    """Where no lamp pin is named: nothing is missed."""

    def show(self, state: LampState) -> None:
        """Show nothing."""
