"""The relay, the lamp and the button on gpiozero's mock pins, handed in."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from queue import Empty, Queue

import pytest
from gpiozero.pins.mock import MockFactory

from box.settings import Gpio
from speaker.pins.board import open_pins
from speaker.pins.gpio import GpioButton
from speaker.pins.lamp import LampState, NoLamp
from speaker.pins.press import NoButton
from speaker.sound.amplifier import NoAmplifier

ALL = Gpio(amplifier_pin=17, lamp_pin=27, button_pin=22)


class FailingFactory:
    """Pins that can't be opened until ``mended``, and then are a mock's."""

    def __init__(self) -> None:
        self.pins = MockFactory()
        self.mended = False
        self.asked = Queue()

    def __getattr__(self, name: str):
        self.asked.put(name)
        if not self.mended:
            raise OSError(13, "Permission denied", "/dev/gpiochip0")
        return getattr(self.pins, name)


@pytest.fixture
def factory():
    """Yield mock pins, let go of after the test."""
    pins = MockFactory()
    yield pins
    pins.reset()


@pytest.fixture
def opened():
    """Open pins that are closed after the test."""
    everything = []

    def start(*arguments, **options):
        everything.append(open_pins(*arguments, **options))
        return everything[-1]

    yield start
    for pins in everything:
        pins.close()


@pytest.mark.parametrize(("active_high", "levels"), [(True, [0, 1, 0]), (False, [1, 0, 1])])
def test_the_relay_follows_and_is_off_at_first(factory, opened, active_high, levels):
    """Off when it is opened, on, off: in the sense the relay is wired."""
    amplifier = opened(Gpio(amplifier_pin=17, amplifier_active_high=active_high), factory).amplifier
    pin = factory.pin(17)
    seen = [pin.state]
    assert amplifier.is_on is False
    amplifier.on()
    seen.append(pin.state)
    assert amplifier.is_on is True
    amplifier.off()
    seen.append(pin.state)
    assert seen == levels


def test_closing_switches_the_amplifier_off(factory):
    """The pin is driven to off before it is let go of."""
    pins = open_pins(Gpio(amplifier_pin=17), factory)
    pins.amplifier.on()
    factory.pin(17).clear_states()
    pins.close()
    assert [state.state for state in factory.pin(17).states][-1] == 0


def test_unnamed_pins_are_not_missed(factory, opened):
    """Without pins there is no amplifier relay, no lamp, no button and no alarm."""
    pins = opened(Gpio(), factory)
    assert isinstance(pins.amplifier, NoAmplifier)
    assert isinstance(pins.lamp, NoLamp)
    assert isinstance(pins.button, NoButton)
    assert pins.button_state == "none"
    assert pins.alarms == ()
    pins.button.listen(lambda: None, lambda: None)


def test_without_pins_gpiozero_is_not_even_loaded():
    """Its memory is spent only where something is wired."""
    code = (
        "import sys; from box.settings import Gpio; from speaker.pins.board import open_pins; open_pins(Gpio()).close()"
    )
    child = subprocess.run(
        [sys.executable, "-c", code + "; print('gpiozero' in sys.modules)"], capture_output=True, text=True, check=True
    )
    assert child.stdout.strip() == "False"


def test_a_pin_that_can_not_be_opened_is_an_alarm_and_nothing_stands_in(opened):
    """Each named pin has its alarm; sounding goes on without the relay, which is not said to be on."""
    pins = opened(ALL, FailingFactory())
    assert [alarm.code for alarm in pins.alarms] == ["amplifier-pin", "lamp-pin", "button-pin"]
    assert "17" in pins.alarms[0].zh
    pins.amplifier.on()
    pins.lamp.show(LampState.READY)
    assert pins.amplifier.is_on is False


def test_this_machines_own_pins_are_never_mocked_in_silence(opened, tmp_path):
    """Where there are no pins, a named one is an alarm, whatever the environment asks gpiozero for."""
    code = (
        "from box.settings import Gpio; from speaker.pins.board import open_pins;"
        "pins = open_pins(Gpio(amplifier_pin=17)); print(len(pins.alarms)); pins.close()"
    )
    environment = {**os.environ, "GPIOZERO_PIN_FACTORY": "mock"}
    child = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert child.stdout.strip() == ("0" if os.path.exists("/dev/gpiochip0") else "1")  # noqa: PTH110 - a device


def test_a_pin_that_comes_back_does_what_was_last_wanted(opened):
    """After a retry the alarm is gone, the relay is closed and the lamp burns."""
    factory = FailingFactory()
    pins = opened(ALL, factory)
    pins.amplifier.on()
    pins.lamp.show(LampState.READY)
    factory.mended = True
    pins.retry()
    assert pins.alarms == ()
    assert pins.amplifier.is_on is True
    assert [factory.pins.pin(17).state, factory.pins.pin(27).state] == [1, 1]


def test_it_is_tried_again_by_itself(opened):
    """Nobody has to ask: the factory is asked again and again until it answers."""
    factory = FailingFactory()
    pins = opened(Gpio(amplifier_pin=17), factory, retry_seconds=0.001)
    for _ in range(5):
        factory.asked.get(timeout=60)
    factory.mended = True
    pins.amplifier.on()
    for _ in range(1200):  # a minute; once it has answered it may be asked no more before the alarm is gone
        if not pins.alarms:
            break
        with suppress(Empty):
            factory.asked.get(timeout=0.05)
    assert pins.alarms == ()
    assert pins.amplifier.is_on is True


def test_a_pin_that_fails_later_is_an_alarm_too(factory, opened):
    """A relay that can no longer be switched does not stop the sound; it is told and tried again."""
    pins = opened(Gpio(amplifier_pin=17), factory)
    factory.pin(17).function = "input"  # as if somebody else had taken the pin
    pins.amplifier.on()
    assert [alarm.code for alarm in pins.alarms] == ["amplifier-pin"]
    pins.retry()
    assert pins.alarms == ()
    assert factory.pin(17).state == 1


def test_two_things_on_one_pin_are_an_alarm(factory, opened):
    """A mistake in the settings does not keep the first of them from working."""
    pins = opened(Gpio(amplifier_pin=17, lamp_pin=17), factory)
    assert [alarm.code for alarm in pins.alarms] == ["lamp-pin"]


def test_the_lamp_burns_and_goes_dark(factory, opened):
    """Ready is steady light, off is none; a rhythm begins lit."""
    lamp = opened(Gpio(lamp_pin=27), factory).lamp
    pin = factory.pin(27)
    lamp.show(LampState.READY)
    assert pin.state == 1
    lamp.show(LampState.OFF)
    assert pin.state == 0
    pin.clear_states()
    lamp.show(LampState.ALARM)
    while len(pin.states) < 4:
        pass
    lamp.show(LampState.OFF)
    assert [one.state for one in pin.states][:4] == [0, 1, 0, 1]
    assert pin.state == 0


@pytest.fixture
def heard():
    """Return where presses are heard."""
    return Queue()


@pytest.fixture
def button(factory, heard):
    """Return how to make a button with a hold of so many seconds."""
    made = []

    def make(held_seconds: float) -> GpioButton:
        button = GpioButton(22, lambda: factory, lambda: None, held_seconds=held_seconds, debounce_seconds=0.001)
        button.open()
        button.listen(lambda: heard.put("short"), lambda: heard.put("held"))
        made.append(button)
        return button

    yield make
    for one in made:
        one.close()


def test_a_short_press_is_heard_once(factory, button, heard):
    """Down and up before the hold: one short press, and none while nobody listens."""
    button(60)
    factory.pin(22).drive_low()
    assert heard.empty()
    factory.pin(22).drive_high()
    assert heard.get(timeout=60) == "short"
    assert heard.empty()


def test_a_held_press_is_heard_when_the_time_is_reached_and_not_again(factory, button, heard):
    """Held: it calls back while still down; letting go says nothing more."""
    made = button(0.01)
    assert made.is_held is False
    factory.pin(22).drive_low()
    assert heard.get(timeout=60) == "held"
    assert made.is_held is True
    factory.pin(22).drive_high()
    while made.is_held:
        pass
    assert heard.empty()


def test_a_button_that_was_down_at_the_start_is_no_press(factory, button, heard):
    """A stuck button does not make the courtyard sound at every start."""
    factory.pin(22).drive_low()
    button(0.001)
    factory.pin(22).drive_high()
    assert heard.empty()


def test_a_button_that_is_wired_tells_whether_it_is_held(factory, opened):
    """It is up at first, and while its pin can't be had: what nobody can see is no hold."""
    assert opened(Gpio(button_pin=22), factory).button_state == "up"
    assert opened(Gpio(button_pin=22), FailingFactory()).button_state == "up"
