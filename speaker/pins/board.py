"""What is wired to the box, by the installer's settings: opened, tried again, and told as alarms."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Literal

from box.durable import replace_file
from box.settings import Contact, Gpio
from speaker.condition import Alarm
from speaker.pins.lamp import Lamp, NoLamp
from speaker.pins.press import Button, NoButton
from speaker.sound.amplifier import Amplifier, NoAmplifier

if TYPE_CHECKING:
    from speaker.pins.gpio import GpioContact
    from speaker.pins.gpio_part import Part

RETRY_SECONDS = 30.0
NOTE = "amplifier"  # which pin is to go off when the speaker has ended: speaker.pins.relay_off


class Pins:
    """The amplifier's relay, the lamp, the button and the contacts. A pin that is not named is not missed.

    A pin that is named and can't be opened is an alarm, and is tried again every ``retry_seconds`` on a thread
    that lives only as long as something fails. Nothing stands in for it in silence.
    """

    def __init__(
        self,
        gpio: Gpio,
        contacts: tuple[Contact, ...],
        factory: object | None,
        own_factory: Callable[[], object],
        retry_seconds: float,
    ) -> None:
        self.amplifier: Amplifier = NoAmplifier()
        self.lamp: Lamp = NoLamp()
        self.button: Button = NoButton()
        self.contacts: tuple[GpioContact, ...] = ()
        self._factory = factory
        self._own_factory = own_factory
        self._retry_seconds = retry_seconds
        self._parts: list[Part[Any]] = []
        self._closing = Event()
        self._retrying: Thread | None = None
        self._lock = Lock()
        if contacts or (gpio.amplifier_pin, gpio.lamp_pin, gpio.button_pin) != (None, None, None):
            self._wire(gpio, contacts)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What is named and not in hand now."""
        return tuple(part.alarm for part in self._parts if not part.is_open)

    @property
    def button_state(self) -> Literal["none", "up", "held"]:
        """How the button is now; "up" also where its pin is not in hand."""
        if isinstance(self.button, NoButton):
            return "none"
        return "held" if self.button.is_held else "up"

    def retry(self) -> None:
        """Try what is not in hand once more."""
        for part in self._parts:
            part.open()

    def close(self) -> None:
        """Amplifier off, lamp dark, and let go of the pins."""
        self._closing.set()
        with self._lock:
            retrying = self._retrying
        if retrying:
            retrying.join()
        for part in self._parts:
            part.close()

    def _wire(self, gpio: Gpio, contacts: tuple[Contact, ...]) -> None:
        from speaker.pins.gpio import (  # noqa: PLC0415 - memory, where no pin is named
            GpioAmplifier,
            GpioButton,
            GpioContact,
            GpioLamp,
        )

        if gpio.amplifier_pin is not None:
            self.amplifier = relay = GpioAmplifier(
                gpio.amplifier_pin, self._open_factory, self._failed, active_high=gpio.amplifier_active_high
            )
            self._parts.append(relay)
        if gpio.lamp_pin is not None:
            self.lamp = lamp = GpioLamp(gpio.lamp_pin, self._open_factory, self._failed)
            self._parts.append(lamp)
        if gpio.button_pin is not None:
            self.button = button = GpioButton(gpio.button_pin, self._open_factory, self._failed)
            self._parts.append(button)
        self.contacts = tuple(GpioContact(contact, self._open_factory, self._failed) for contact in contacts)
        self._parts += [wire for contact in self.contacts for wire in contact.wires]
        self.retry()

    def _open_factory(self) -> object:
        if self._factory is None:
            self._factory = self._own_factory()
        return self._factory

    def _failed(self) -> None:
        with self._lock:
            if self._retrying is None and not self._closing.is_set():
                self._retrying = Thread(target=self._retry_until_open, name="pins", daemon=True)
                self._retrying.start()

    def _retry_until_open(self) -> None:
        while not self._closing.wait(self._retry_seconds):
            self.retry()
            with self._lock:
                if not self.alarms:
                    self._retrying = None
                    return


def open_pins(
    gpio: Gpio,
    factory: object | None = None,
    *,
    contacts: tuple[Contact, ...] = (),
    retry_seconds: float = RETRY_SECONDS,
    work_folder: Path | None = None,
    own_factory: Callable[[], object] | None = None,
) -> Pins:
    """Open what ``gpio`` and ``contacts`` name, by ``factory`` or else by lgpio; never raises for a pin that fails.

    lgpio makes a small pipe in the folder it works in, which must be writable: ``work_folder``, else the one the
    process was started in. There the amplifier's pin is noted before it is taken, for who drives it off when this
    process is dead: what could not be noted is not taken. ``own_factory`` stands in for lgpio's.
    """
    if work_folder is not None:
        os.environ.setdefault("LG_WD", str(work_folder))
        if gpio.amplifier_pin is None:
            with suppress(OSError):  # a pin that was the amplifier's may be a button's now: nobody drives it
                (work_folder / NOTE).unlink(missing_ok=True)

    def own() -> object:
        made = (own_factory or lgpio_factory)()
        if work_folder is not None and gpio.amplifier_pin is not None:
            note = f"{getattr(made, 'chip', 0)} {gpio.amplifier_pin} {int(not gpio.amplifier_active_high)}\n"
            replace_file(work_folder / NOTE, note.encode())
        return made

    return Pins(gpio, contacts, factory, own, retry_seconds)


def lgpio_factory() -> object:
    """Return gpiozero's factory for this machine's own pins. Raises whatever gpiozero and lgpio raise.

    It is named outright: gpiozero's search for one would take a mock if the environment asked for it.
    """
    from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415 - only on a Pi is it there

    factory: object = LGPIOFactory()
    return factory
