"""Relay, lamp, button and contacts, by gpiozero. Imported only where a pin is named: it costs memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

import gpiozero

from box.settings import Contact
from speaker.contacts.line import Line, line_of
from speaker.pins.gpio_part import Device, OpenFactory, Part
from speaker.pins.lamp import LampState
from speaker.pins.press import DEBOUNCE_SECONDS, HELD_SECONDS, Press


class _Switch(Device, Protocol):
    def on(self) -> None: ...
    def off(self) -> None: ...


class _Light(_Switch, Protocol):
    def blink(self, on_time: float, off_time: float) -> None: ...


class _Level(Device, Protocol):
    @property
    def is_active(self) -> bool: ...


class GpioAmplifier(Part[_Switch]):
    """The relay that gives the amplifier its power."""

    code = "amplifier-pin"
    zh = "功放继电器"
    en = "amplifier relay"

    def __init__(self, pin: int, open_factory: OpenFactory, failed: Callable[[], None], *, active_high: bool) -> None:
        super().__init__(pin, open_factory, failed)
        self._active_high = active_high
        self._wanted = False

    @property
    def is_on(self) -> bool:
        """Tell whether the relay is closed, as far as the pin can tell."""
        return self._wanted and self.is_open

    def on(self) -> None:
        """Close the relay; where its pin fails, as soon as it can be."""
        with self._lock:
            self._wanted = True
            self._do(lambda relay: relay.on())

    def off(self) -> None:
        """Open the relay."""
        with self._lock:
            self._wanted = False
            self._do(lambda relay: relay.off())

    def close(self) -> None:
        """Open the relay and let go of its pin."""
        self.off()
        super().close()

    def _made(self, factory: object) -> _Switch:
        relay: _Switch = gpiozero.OutputDevice(
            self.pin, active_high=self._active_high, initial_value=self._wanted, pin_factory=factory
        )
        return relay


class GpioLamp(Part[_Light]):
    """The status lamp."""

    code = "lamp-pin"
    zh = "状态灯"
    en = "status lamp"

    _wanted = LampState.OFF

    def show(self, state: LampState) -> None:
        """Show ``state``; a rhythm that already runs is not begun anew."""
        with self._lock:
            if state is not self._wanted:
                self._wanted = state
                self._do(self._light)

    def _made(self, factory: object) -> _Light:
        lamp: _Light = gpiozero.LED(self.pin, pin_factory=factory)
        self._light(lamp)
        return lamp

    def _light(self, lamp: _Light) -> None:
        rhythm = self._wanted.blinking
        if rhythm:
            lamp.blink(rhythm.lit_seconds, rhythm.dark_seconds)
        elif self._wanted.is_lit:
            lamp.on()
        else:
            lamp.off()


class GpioInput(Part[_Level]):
    """A pin that a contact's wire is on."""

    def __init__(
        self,
        pin: int,
        open_factory: OpenFactory,
        failed: Callable[[], None],
        *,
        name: str,
        pull: Literal["up", "down", "none"],
    ) -> None:
        super().__init__(pin, open_factory, failed)
        self.code = f"contact-pin-{pin}"
        self.zh = f"外接开关“{name}”"
        self.en = f"contact “{name}”"
        self._pull = pull

    def closed(self) -> bool | None:
        """Tell whether what is wired to it is closed, None where the pin is not in hand."""
        read: list[bool] = []
        self._do(lambda level: read.append(level.is_active))
        return read[0] if read else None

    def _made(self, factory: object) -> _Level:
        if self._pull == "none":
            level: _Level = gpiozero.InputDevice(self.pin, pull_up=None, active_state=False, pin_factory=factory)
        else:
            level = gpiozero.InputDevice(self.pin, pull_up=self._pull == "up", pin_factory=factory)
        return level


class GpioContact:
    """The one or two wires of a contact."""

    def __init__(self, contact: Contact, open_factory: OpenFactory, failed: Callable[[], None]) -> None:
        self.name = contact.name
        self.debounce_seconds = contact.debounce_ms / 1000
        self._normally_open = contact.normally == "open"
        pins = (contact.pin,) if contact.rest_pin is None else (contact.pin, contact.rest_pin)
        self.wires = tuple(GpioInput(pin, open_factory, failed, name=contact.name, pull=contact.pull) for pin in pins)

    def line(self) -> Line | None:
        """Return what the wires say now, None where one of them can't be read."""
        closed = [wire.closed() for wire in self.wires]
        if closed[0] is None or closed[-1] is None:
            return None
        rest_closed = closed[1] if len(closed) > 1 else None
        return line_of(closed[0], rest_closed, normally_open=self._normally_open)


class GpioButton(Part[Device]):
    """The push-button between its pin and ground; the chip's own resistor pulls the pin up."""

    code = "button-pin"
    zh = "按钮"
    en = "button"

    def __init__(
        self,
        pin: int,
        open_factory: OpenFactory,
        failed: Callable[[], None],
        *,
        held_seconds: float = HELD_SECONDS,
        debounce_seconds: float = DEBOUNCE_SECONDS,
    ) -> None:
        super().__init__(pin, open_factory, failed)
        self._held_seconds = held_seconds
        self._debounce_seconds = debounce_seconds
        self._press = Press()

    def listen(self, short: Callable[[], None], held: Callable[[], None]) -> None:
        """Call back for each press from now on, on a thread of gpiozero's."""
        self._press.listen(short, held)

    @property
    def is_held(self) -> bool:
        """Tell whether it is being held now."""
        return self.is_open and self._press.is_held

    def _made(self, factory: object) -> Device:
        button = gpiozero.Button(
            self.pin,
            pull_up=True,
            bounce_time=self._debounce_seconds,
            hold_time=self._held_seconds,
            pin_factory=factory,
        )
        button.when_pressed = self._press.went_down
        button.when_held = self._press.hold_reached
        button.when_released = self._press.went_up
        device: Device = button
        return device
