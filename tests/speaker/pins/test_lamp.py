"""What the lamp says."""

from __future__ import annotations

from speaker.pins.lamp import LampState, NoLamp


def test_ready_burns_and_off_is_dark():
    """Only a speaker that is ready burns steadily, and only one that is off is dark."""
    assert [state for state in LampState if state.is_lit] == [LampState.READY]
    assert [state for state in LampState if not state.is_lit and not state.blinking] == [LampState.OFF]


def test_an_alarm_blinks_faster_than_sound():
    """A person can tell the two rhythms apart."""
    alarm, sounding = LampState.ALARM.blinking, LampState.SOUNDING.blinking
    assert alarm.lit_seconds * 4 < sounding.lit_seconds


def test_no_lamp_takes_every_state():
    """Where no lamp is wired every state is shown to nobody."""
    for state in LampState:
        NoLamp().show(state)
