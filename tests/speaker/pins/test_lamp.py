"""What the lamp says."""

from __future__ import annotations

import pytest

from speaker.pins.lamp import LampState, NoLamp, state_of


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


@pytest.mark.parametrize(
    ("what_is_so", "says"),
    [
        ({}, LampState.READY),
        ({"sounds"}, LampState.SOUNDING),
        ({"sounds", "needs_a_person"}, LampState.ALARM),
        ({"sounds", "button_had_nothing"}, LampState.ALARM),
        ({"needs_a_person", "timeless"}, LampState.TIMELESS),
        ({"button_had_nothing", "timeless"}, LampState.ALARM),
        ({"asks", "timeless", "needs_a_person", "sounds", "button_had_nothing"}, LampState.ASKING),
    ],
)
def test_what_matters_most_is_said(what_is_so, says):
    """Of several things that are so, the one that a person at the box has to know."""
    told = {name: name in what_is_so for name in ("asks", "button_had_nothing", "needs_a_person", "sounds")}
    assert state_of(**told, knows_the_time="timeless" not in what_is_so) is says
