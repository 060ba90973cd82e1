"""Noticing that the clock is set, and the alarm clock that has to know."""

from datetime import UTC, datetime, timedelta
from threading import Event

from box.clock import SystemClock
from speaker.alarm_clock import ScheduledAlarmClock
from speaker.wakeup import ClockSteps


def test_the_thread_calls_back_when_the_timer_is_readable():
    """As a set clock makes it; here its second is simply past."""
    noticed = Event()
    steps = ClockSteps(noticed.set, until=1)
    steps.start()
    assert noticed.wait(60)
    steps.close()


def test_it_ends_at_once_though_nothing_happens():
    """Started or not."""
    steps = ClockSteps(lambda: None)
    steps.start()
    steps.close()
    ClockSteps(lambda: None).close()


def test_the_alarm_clock_rings_for_a_past_instant_within_the_grace():
    """At once; and setting it anew forgets the one before."""
    rung = Event()
    clock = ScheduledAlarmClock()
    clock.start(rung.set)
    clock.set(datetime(2199, 1, 1, tzinfo=UTC), timedelta())
    clock.wake()
    clock.set(SystemClock().now() - timedelta(seconds=5), timedelta(minutes=10))
    assert rung.wait(60)
    clock.close()
