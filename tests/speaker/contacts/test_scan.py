"""The contacts' pins, looked at over and over: gpiozero's mock pins, in a time that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from gpiozero.pins.mock import MockFactory

from box.clock import Clock, SystemClock
from box.settings import Contact, Gpio
from speaker.contacts.line import Line
from speaker.contacts.scan import SCAN_SECONDS, TICKS_EVERY, Scan
from speaker.pins.board import Pins, open_pins
from tests.fakes import SetClock

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PAIR = Contact(name="消防主机", pin=5, rest_pin=6, message="fire", priority="emergency", occasion="火警")
BUTTON = Contact(name="门卫按钮", pin=16, message="home")
LOOP = Contact(name="周界", pin=20, message="home", normally="closed")
OPTO = Contact(name="光耦板", pin=21, message="home", pull="none")
DOWN = Contact(name="三伏三", pin=26, message="home", pull="down")


class Yard:
    """Mock pins with contacts on them, looked at while time passes."""

    def __init__(self, factory: MockFactory, *contacts: Contact) -> None:
        self.pins: Pins = open_pins(Gpio(), factory, contacts=contacts)
        self.clock = SetClock(NOON)
        self.changes: list[tuple[str, str]] = []
        self.ticks = 0
        self.scan = Scan(self.pins.contacts, self.clock, changed=self._changed, tick=self._tick)

    def live(self, seconds: float) -> list[tuple[str, str]]:
        """Let time pass and return what has changed."""
        self.changes = []
        for _ in range(round(seconds / SCAN_SECONDS)):
            self.scan.look()
            self.clock.advance(SCAN_SECONDS)
        return self.changes

    def _changed(self, name: str, line: Line) -> None:
        self.changes.append((name, line.value))

    def _tick(self) -> None:
        self.ticks += 1


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    """Yield mock pins, let go of after the test."""
    pins = MockFactory()
    yield pins
    pins.reset()


def test_each_kind_of_wiring_is_read_in_its_sense(factory: MockFactory) -> None:
    """To ground with the chip's resistor, closed at rest, to 3.3 V, and an input board that drives the pin."""
    yard = Yard(factory, BUTTON, LOOP, OPTO, DOWN)
    factory.pin(20).drive_low()
    factory.pin(21).drive_high()
    assert dict(yard.live(0.2)) == dict.fromkeys((BUTTON.name, LOOP.name, OPTO.name, DOWN.name), "rest")
    factory.pin(16).drive_low()
    factory.pin(20).drive_high()
    factory.pin(21).drive_low()
    factory.pin(26).drive_high()
    assert dict(yard.live(0.2)) == dict.fromkeys((BUTTON.name, LOOP.name, OPTO.name, DOWN.name), "active")
    yard.pins.close()


def test_a_change_over_contact_tells_of_its_wires(factory: MockFactory) -> None:
    """At rest, changing over, active, a wire cut, shorted: the moment in between is nothing."""
    yard = Yard(factory, PAIR)
    factory.pin(6).drive_low()
    assert yard.live(0.2) == [(PAIR.name, "rest")]
    factory.pin(6).drive_high()
    assert yard.live(0.1) == []
    factory.pin(5).drive_low()
    assert yard.live(0.2) == [(PAIR.name, "active")]
    factory.pin(5).drive_high()
    assert yard.live(0.9) == []
    assert yard.live(0.4) == [(PAIR.name, "cut")]
    factory.pin(5).drive_low()
    factory.pin(6).drive_low()
    assert yard.live(1.2) == [(PAIR.name, "short")]
    yard.pins.close()


def test_a_bounce_train_is_one_change_and_a_spark_none(factory: MockFactory) -> None:
    """A contact that bounces for a while closes once; one look long is nothing."""
    yard = Yard(factory, BUTTON)
    assert yard.live(0.2) == [(BUTTON.name, "rest")]
    pin = factory.pin(16)
    changes = []
    for bounce in range(20):
        pin.drive_low() if bounce % 2 else pin.drive_high()
        changes += yard.live(SCAN_SECONDS)
    pin.drive_low()
    assert [*changes, *yard.live(0.2)] == [(BUTTON.name, "active")]
    pin.drive_high()
    assert yard.live(SCAN_SECONDS) == []
    pin.drive_low()
    assert yard.live(0.2) == []
    yard.pins.close()


class Unreadable(MockFactory):
    """Pins of which one can't be had."""

    broken: int | None = None

    def pin(self, name):
        """Return the pin, or be a chip that refuses."""
        if name == self.broken:
            raise OSError(16, "Device or resource busy")
        return super().pin(name)


def test_a_pin_that_can_not_be_had_is_an_alarm_and_the_others_are_looked_at() -> None:
    """It is tried again, and then read; nothing stands in for it meanwhile."""
    factory = Unreadable()
    factory.broken = 16
    yard = Yard(factory, BUTTON, LOOP)
    factory.pin(20).drive_low()
    assert yard.live(0.2) == [(LOOP.name, "rest")]
    assert [alarm.code for alarm in yard.pins.alarms] == ["contact-pin-16"]
    assert BUTTON.name in yard.pins.alarms[0].zh
    factory.broken = None
    yard.pins.retry()
    assert yard.live(0.2) == [(BUTTON.name, "rest")]
    assert yard.pins.alarms == ()
    yard.pins.close()
    factory.reset()


def test_two_contacts_on_one_pin_are_an_alarm(factory: MockFactory) -> None:
    """A mistake in the settings does not keep the first of them from being heard."""
    other = Contact(name="另一个", pin=16, message="home")
    yard = Yard(factory, BUTTON, other)
    assert yard.live(0.2) == [(BUTTON.name, "rest")]
    assert [alarm.code for alarm in yard.pins.alarms] == ["contact-pin-16"]
    yard.pins.close()


def test_it_ticks_twice_a_second_and_tells_when_it_does_not_look(factory: MockFactory) -> None:
    """The watchdog goes by the latter; where there are no contacts nobody need look."""
    yard = Yard(factory, BUTTON)
    assert yard.ticks == 0
    yard.live(10)
    assert yard.ticks == round(10 / SCAN_SECONDS) // TICKS_EVERY
    assert yard.scan.is_stuck(8) is False
    yard.clock.advance(9)
    assert yard.scan.is_stuck(8) is True
    yard.pins.close()
    nobody = Yard(factory)
    nobody.clock.advance(1000)
    nobody.scan.start()
    assert nobody.scan.is_stuck(8) is False
    nobody.scan.close()


def test_it_looks_by_itself(factory: MockFactory) -> None:
    """On its own thread, until it is closed."""
    seen: list[tuple[str, Line]] = []
    pins, clock = open_pins(Gpio(), factory, contacts=(BUTTON,)), _a_clock()
    scan = Scan(pins.contacts, clock, changed=lambda name, line: seen.append((name, line)), tick=lambda: None)
    scan.start()
    patient_until = clock.monotonic() + 60
    while not seen and clock.monotonic() < patient_until:
        pass
    scan.close()
    pins.close()
    assert seen == [(BUTTON.name, Line.REST)]


def _a_clock() -> Clock:
    return SystemClock()
