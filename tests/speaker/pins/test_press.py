"""The button: short or held, never both."""

from __future__ import annotations

import pytest

from speaker.pins.press import Press


@pytest.mark.parametrize(
    ("reports", "heard"),
    [
        (["went_down", "went_up"], ["short"]),
        (["went_down", "hold_reached"], ["held"]),
        (["went_down", "hold_reached", "went_up"], ["held"]),
        (["went_down", "went_up", "hold_reached"], ["short"]),
        (["went_down", "went_up", "went_down", "hold_reached", "went_up"], ["short", "held"]),
        (["went_up"], []),
        (["hold_reached", "went_up"], []),
        (["went_down", "hold_reached", "hold_reached"], ["held"]),
        ([], []),
    ],
)
def test_each_press_is_heard_once_as_short_or_as_held(reports, heard):
    """The first report that decides a press wins; one that began before the speaker did is none."""
    calls = []
    press = Press()
    press.listen(lambda: calls.append("short"), lambda: calls.append("held"))
    for report in reports:
        getattr(press, report)()
    assert calls == heard


@pytest.mark.parametrize(
    ("reports", "held"),
    [
        ([], False),
        (["went_down"], False),
        (["went_down", "hold_reached"], True),
        (["went_down", "hold_reached", "hold_reached"], True),
        (["went_down", "hold_reached", "went_up"], False),
        (["went_down", "went_up", "hold_reached"], False),
        (["hold_reached"], False),
        (["went_down", "hold_reached", "went_down"], False),
    ],
)
def test_it_is_held_from_the_third_second_until_it_is_let_go(reports, held):
    """One that was down before the speaker began is not held, and one whose end was missed until the next press."""
    press = Press()
    for report in reports:
        getattr(press, report)()
    assert press.is_held is held
