"""The ALSA adapter on the virtual card."""

import random

import pytest

from speaker.sound.alsa import AlsaCard, cards_present
from speaker.sound.card import CardLost, CardMissing
from tests.card.virtual import VirtualCard
from tests.speaker.listening import once_within

NOISE = random.Random(1).randbytes(2 * 4800)  # noqa: S311 - 100 ms of noise, not a secret


@pytest.mark.parametrize("device", ["courtyard", "default"])
def test_what_is_written_sounds_bit_by_bit_and_only_when_it_is_started(virtual_card: VirtualCard, device: str) -> None:
    """A card takes samples before it starts, and sounds just these, on the bare card and through plug."""
    card = AlsaCard(device)
    card.open()
    assert card.write(NOISE) == 4800
    assert card.delay() == 4800
    assert not virtual_card.events("START")
    card.start()
    assert card.running
    virtual_card.wait_for(lambda: card.delay() == 0 and not card.running)
    card.close()
    assert virtual_card.recorded() == NOISE
    assert [event.name for event in virtual_card.events()] == ["OPEN", "FIRSTWRITE", "START", "XRUN", "CLOSE"]


def test_a_card_without_mono_is_given_both_sides_the_same(virtual_card: VirtualCard) -> None:
    """The card that refuses mono records each sample twice."""
    card = AlsaCard("courtyard_stereo")
    card.open()
    card.write(NOISE)
    card.start()
    virtual_card.wait_for(lambda: card.delay() == 0)
    card.close()
    recorded = virtual_card.recorded()
    assert len(recorded) == 2 * len(NOISE)
    assert recorded[0::4] == recorded[2::4] == NOISE[0::2]


def test_an_underrun_is_counted_and_the_card_sounds_again(virtual_card: VirtualCard) -> None:
    """When samples come too late, the card stops, says so, and is started again with the next ones."""
    card = AlsaCard("courtyard")
    card.open()
    card.write(NOISE)
    card.start()
    virtual_card.wait_for(lambda: card.delay() == 0 and not card.running)
    assert card.underruns == 1
    assert card.write(NOISE) == 4800
    card.start()
    virtual_card.wait_for(lambda: card.delay() == 0 and not card.running)
    card.close()
    assert virtual_card.recorded() == NOISE * 2


def test_a_full_card_takes_no_more_and_does_not_block(virtual_card: VirtualCard) -> None:
    """Two hundred milliseconds can be written ahead."""
    card = AlsaCard("courtyard")
    card.open()
    assert [card.write(NOISE) for _ in range(3)] == [4800, 4800, 0]
    card.close()


def test_a_drop_is_silent_at_once_and_leaves_out_what_had_not_sounded(virtual_card: VirtualCard) -> None:
    """After a drop the recording ends at the instant of the drop, and the card takes other samples."""
    card = AlsaCard("courtyard")
    card.open()

    def sounded() -> int:
        before = len(virtual_card.recorded())
        card.write(NOISE)
        card.write(NOISE)
        card.start()
        virtual_card.wait_for(lambda: card.delay() < 9600 - 480)
        card.drop()
        recorded = virtual_card.recorded()[before:]
        assert len(recorded) > 2 * 480
        assert recorded == (NOISE * 2)[: len(recorded)]
        assert card.delay() == 0
        return len(recorded)

    once_within(2 * 9600, sounded)
    had = len(virtual_card.recorded())
    assert card.write(NOISE) == 4800
    card.close()
    assert len(virtual_card.recorded()) == had


def test_a_card_that_is_unplugged_is_lost_and_can_be_opened_when_it_is_back(virtual_card: VirtualCard) -> None:
    """The loss is a sentence for people; the same object opens the card again."""
    card = AlsaCard("courtyard")
    card.open()
    card.write(NOISE)
    card.start()
    virtual_card.unplug()
    with pytest.raises(CardLost, match="声卡断开了"):
        card.delay()
    with pytest.raises(CardMissing, match="声卡没有连接，请检查音箱插头"):
        card.open()
    with pytest.raises(CardMissing):
        card.probe()
    virtual_card.plug()
    card.probe()
    card.open()
    assert card.write(NOISE) == 4800
    card.close()


@pytest.mark.usefixtures("virtual_card")
def test_a_card_of_an_unknown_name_is_missing() -> None:
    """A name that ALSA does not know is told with the name in it."""
    with pytest.raises(CardMissing, match="no_such_card"):
        AlsaCard("no_such_card").open()


def test_a_machine_has_a_card_when_default_can_be_opened(virtual_card: VirtualCard) -> None:
    """Presence is asked of ALSA, and nothing sounds for it."""
    assert cards_present()
    assert [event.name for event in virtual_card.events()] == ["OPEN", "CLOSE"]
    assert virtual_card.recorded() == b""
