"""A sound card that is not there, is held by another, goes away in the middle, and comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bench.tone import publish_tone
from box.clock import SystemClock
from speaker.airing import Outcome, Reason
from speaker.protocol import Done, Refused
from tests.card.virtual import VirtualCard
from tests.faults.courtyard import Courtyard, until


@pytest.mark.parametrize("fault", ["missing", pytest.param("busy", marks=pytest.mark.slow)])
def test_a_card_that_can_not_be_opened_at_boot_is_told_and_used_when_it_is_back(
    courtyard: Courtyard, virtual_card: VirtualCard, fault: str
) -> None:
    """A page says so at once and is on record as missed; nobody has to restart anything."""
    courtyard.publish()
    take_away, give_back = (
        (virtual_card.unplug, virtual_card.plug) if fault == "missing" else (virtual_card.hold, virtual_card.let_go)
    )
    take_away()
    courtyard.speaker()
    courtyard.panel()
    until(courtyard.taken)
    assert courtyard.alarms() == {"card-missing"}
    assert {"missing": "没有连接", "busy": "被别的程序占用"}[fault] in courtyard.person().troubles()
    reply = courtyard.client.play(message="hello")
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.CARD_MISSING
    give_back()
    until(lambda: courtyard.alarms() == set())
    assert isinstance(courtyard.client.play(message="hello"), Done)
    until(lambda: [row.outcome for row in courtyard.airings()] == [Outcome.MISSED, Outcome.AIRED])


def test_a_card_that_goes_away_in_the_middle_is_a_cut_and_the_next_cue_sounds(
    courtyard: Courtyard, virtual_card: VirtualCard
) -> None:
    """What was heard of it is on record; a cue that falls into the time without a card is aired within its grace."""
    now = SystemClock().now()
    publish_tone(courtyard.folders, 48_000 * 2, now)
    first = now.replace(microsecond=0) + timedelta(seconds=8)
    courtyard.speaker("bench.dense_speaker", "--first", str(int(first.timestamp())), "--count", "2", "--every", "14")
    virtual_card.wait_for(lambda: bool(virtual_card.events("START")))
    until(lambda: any(sample for sample in virtual_card.recorded()[-960:]))
    virtual_card.unplug()
    until(lambda: [row.reason for row in courtyard.airings()] == [Reason.CARD_LOST])
    [cut] = courtyard.airings()
    assert cut.outcome is Outcome.CUT
    assert 0 < cut.frames_played < cut.frames
    assert "card-missing" in courtyard.alarms()
    until(lambda: SystemClock().now() > first + timedelta(seconds=14.5))
    virtual_card.plug()
    until(lambda: [row.outcome for row in courtyard.airings()] == [Outcome.CUT, Outcome.AIRED])
    assert courtyard.airings()[1].lateness_ms is not None
    assert courtyard.alarms() == set()


def test_pins_that_are_not_there_are_told_and_all_sounds_without_them(courtyard: Courtyard) -> None:
    """A relay, a lamp and a button are named in the settings, and this machine has none: an alarm each, and sound."""
    courtyard.publish()
    pins = "[gpio]\namplifier_pin = 17\nlamp_pin = 27\nbutton_pin = 22\n"
    courtyard.settings.write_text(courtyard.settings.read_text(encoding="utf-8") + pins, encoding="utf-8")
    courtyard.speaker()
    until(courtyard.taken)
    assert courtyard.alarms() == {"amplifier-pin", "lamp-pin", "button-pin"}
    assert isinstance(courtyard.client.play(message="hello"), Done)
    until(lambda: [row.outcome for row in courtyard.airings()] == [Outcome.AIRED])
