"""The amplifier's relay, as playout sees it."""

from __future__ import annotations

from typing import Protocol


class Amplifier(Protocol):
    """What has to be on while something sounds. Switching never raises: a pin that fails is an alarm of its own."""

    @property
    def is_on(self) -> bool:
        """Whether it is on."""
        ...

    def on(self) -> None:
        """Switch it on; it is awake only a lead-in later."""
        ...

    def off(self) -> None:
        """Switch it off."""
        ...


class NoAmplifier:
    """Where no pin is named: an amplifier that is always on, or a loudspeaker with its own."""

    def __init__(self) -> None:
        self._on = False

    @property
    def is_on(self) -> bool:
        """Whether it would be on now."""
        return self._on

    def on(self) -> None:
        """Remember it."""
        self._on = True

    def off(self) -> None:
        """Remember it."""
        self._on = False
