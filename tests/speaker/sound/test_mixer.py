"""The card's own mixer, on the virtual card's."""

import pytest

from speaker.sound.mixer import set_levels
from tests.card.virtual import VirtualCard


@pytest.mark.parametrize("before", [(0, 0, 0, 7), (200, 1, 15, 7), (180, 1, 15, 7)])
def test_outputs_are_switched_on_at_zero_decibels_and_the_rest_is_let_be(
    virtual_card: VirtualCard, before: tuple[int, ...]
) -> None:
    """Whatever somebody had set: PCM at 0 dB, the headphone (no decibels told) at its top, the microphone as it was."""
    virtual_card.set_mixer(*before)
    assert sorted(set_levels("courtyard")) == ["Headphone", "PCM"]
    assert virtual_card.mixer() == [180, 1, 15, 7]


@pytest.mark.usefixtures("virtual_card")
def test_a_card_without_a_mixer_is_none_the_worse() -> None:
    """Nothing is set, and nothing is said but in the log."""
    assert set_levels("hw:31") == ()
