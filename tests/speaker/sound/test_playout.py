"""Playout on the virtual card: to the instant, bit by bit, and out of it in time."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from box.clock import SystemClock
from speaker.airing import FADE_FRAMES, Outcome, Position, Reason, Silence
from speaker.sound.alsa import AlsaCard
from speaker.sound.fade import faded
from speaker.sound.gain import gain_of, scaled
from speaker.sound.playout import SWITCH_SECONDS, CardPlayout
from speaker.sound.recorder import Recorder
from tests.card.virtual import VirtualCard
from tests.speaker.listening import (
    LATE_MS,
    Ending,
    NotedAmplifier,
    clip,
    never_quiet,
    once_within,
    rundown,
    sounding,
)

CLOCK = SystemClock()
LEAD_IN_MS = 50
LEAD_IN_BYTES = 2 * 48 * LEAD_IN_MS
TAIL_MS = 30


@pytest.fixture
def amplifier() -> NotedAmplifier:
    """Return an amplifier that takes notes."""
    return NotedAmplifier()


@pytest.fixture
def playout(virtual_card: VirtualCard, amplifier: NotedAmplifier) -> Iterator[CardPlayout]:
    """Return a playout on the virtual card, closed at the end."""
    playout = CardPlayout(
        card=AlsaCard("courtyard"),
        amplifier=amplifier,
        clock=CLOCK,
        lead_in_ms=LEAD_IN_MS,
        tail_ms=TAIL_MS,
        loudest_percent=100,
        quiet_from=never_quiet,
    )
    assert virtual_card.events("CLOSE"), "the card is let go of after it was looked for"
    yield playout
    playout.close()


def test_a_rundown_sounds_bit_by_bit_between_silences(
    playout: CardPlayout, virtual_card: VirtualCard, tmp_path: Path
) -> None:
    """Lead-in, then the clips and gaps in order to the last bit, then the tail: nothing lost, nothing added."""
    first, first_samples = clip(tmp_path, "first", 12_345)
    second, second_samples = clip(tmp_path, "second", 7_001)
    expected = bytes(LEAD_IN_BYTES) + first_samples + bytes(2_000) + second_samples

    def underruns() -> int:
        had, before, closed = playout.underruns, len(virtual_card.recorded()), len(virtual_card.events("CLOSE"))
        ending = Ending()
        playout.start(rundown(first, Silence(1_000), second), ending)
        result = ending.result()
        virtual_card.wait_for(lambda: len(virtual_card.events("CLOSE")) > closed)
        recorded = virtual_card.recorded()[before:]
        assert recorded[: len(expected)] == expected
        assert set(recorded[len(expected) :]) == {0}
        assert (result.outcome, result.reason, result.frames_played) == (Outcome.AIRED, Reason.NONE, 20_346)
        assert result.lateness_ms is None
        return playout.underruns - had

    once_within(1, underruns)


def test_the_first_sample_sounds_at_the_instant_it_is_due(
    playout: CardPlayout, virtual_card: VirtualCard, amplifier: NotedAmplifier, tmp_path: Path
) -> None:
    """The card's own log puts the first frame at the due instant, and the result tells the same lateness."""
    sound, samples = clip(tmp_path, "cue", 4_800)

    def late_ms() -> float:
        started, switched = len(virtual_card.events("START")), len(amplifier.switched)
        due = CLOCK.now() + timedelta(seconds=1)
        ending = Ending()
        playout.start(rundown(sound, due=due), ending)
        result = ending.result()
        virtual_card.wait_for(lambda: not amplifier.is_on)
        start = virtual_card.events("START")[started]
        at = virtual_card.recorded().rindex(samples) // 2
        late_ms = virtual_card.sounded_at_ns(at) / 1e6 - due.timestamp() * 1e3
        assert late_ms > -1
        assert result.lateness_ms == pytest.approx(late_ms, abs=1)
        assert result.started is not None
        before_ms = (start.monotonic_ns - amplifier.switched[switched][1]) / 1e6 + (at - start.recorded) / 48
        assert before_ms > LEAD_IN_MS, "the amplifier had its lead-in"
        return late_ms

    once_within(LATE_MS, late_ms)


def test_a_rundown_that_is_late_begins_after_the_lead_in(playout: CardPlayout, tmp_path: Path) -> None:
    """What was due a second ago sounds now, and its lateness is told."""
    sound, _ = clip(tmp_path, "late", 480)

    def lateness_ms() -> float:
        ending = Ending()
        playout.start(rundown(sound, due=CLOCK.now() - timedelta(seconds=1)), ending)
        result = ending.result()
        assert result.outcome is Outcome.AIRED
        assert result.lateness_ms is not None
        assert result.lateness_ms >= 1000
        return result.lateness_ms

    assert lateness_ms() >= 1000 + LEAD_IN_MS
    once_within(1000 + LEAD_IN_MS + LATE_MS, lateness_ms)


def test_stop_is_silent_at_once_and_counts_what_sounded(
    playout: CardPlayout, virtual_card: VirtualCard, amplifier: NotedAmplifier, tmp_path: Path
) -> None:
    """The card is dropped, not played out, and the amplifier off; the frames are those recorded."""
    sound, samples = clip(tmp_path, "long", 96_000)

    def late_ms() -> float:
        before, closed = len(virtual_card.recorded()), len(virtual_card.events("CLOSE"))
        ending = Ending()
        playout.start(rundown(sound), ending)
        virtual_card.wait_for(lambda: sounding(playout, 2_400) is not None)
        asked = time.monotonic_ns()
        playout.stop(Reason.STOPPED)
        result = ending.result()
        virtual_card.wait_for(lambda: len(virtual_card.events("CLOSE")) > closed)
        assert (result.outcome, result.reason) == (Outcome.CUT, Reason.STOPPED)
        assert not amplifier.is_on
        recorded = virtual_card.recorded()[before:]
        assert recorded == (bytes(LEAD_IN_BYTES) + samples)[: len(recorded)]
        miscounted_ms = abs(result.frames_played - (len(recorded) - LEAD_IN_BYTES) / 2) / 48
        stopped = virtual_card.events("STOP")[-1].monotonic_ns
        return max(stopped - asked, amplifier.switched[-1][1] - asked) / 1e6 + 20 * miscounted_ms

    once_within(LATE_MS, late_ms)


def test_what_is_armed_can_be_stopped_before_it_sounds(
    playout: CardPlayout, virtual_card: VirtualCard, amplifier: NotedAmplifier, tmp_path: Path
) -> None:
    """A stop while it waits for its instant ends it as cut with no frame, and the amplifier was never on."""
    sound, _ = clip(tmp_path, "armed", 480)
    ending = Ending()
    playout.start(rundown(sound, due=CLOCK.now() + timedelta(seconds=1.9)), ending)
    virtual_card.wait_for(lambda: len(virtual_card.events("OPEN")) == 2)
    playout.stop(Reason.STOPPED)
    result = ending.result()
    playout.close()
    assert (result.outcome, result.reason, result.frames_played) == (Outcome.CUT, Reason.STOPPED, 0)
    assert result.started is None
    assert amplifier.orders == []
    assert virtual_card.recorded() == b""


def test_a_rundown_due_much_later_holds_no_card(
    playout: CardPlayout, virtual_card: VirtualCard, tmp_path: Path
) -> None:
    """Until two seconds before it is due, other programs may have the card."""
    sound, _ = clip(tmp_path, "tomorrow", 480)
    ending = Ending()
    playout.start(rundown(sound, due=CLOCK.now() + timedelta(hours=20)), ending)
    playout.close()
    assert ending.result().reason is Reason.SHUT_DOWN
    assert len(virtual_card.events("OPEN")) == 1, "only the look at the start"


def test_a_new_rundown_takes_the_place_of_the_old_with_the_amplifier_on(
    playout: CardPlayout, virtual_card: VirtualCard, amplifier: NotedAmplifier, tmp_path: Path
) -> None:
    """The programme fades, to the sample, and the page follows without a lead-in; what was heard is counted exactly."""
    programme, programme_samples = clip(tmp_path, "programme", 192_000)
    page, page_samples = clip(tmp_path, "page", 4_800)

    def underruns() -> int:
        had, before, switched = playout.underruns, len(virtual_card.recorded()), len(amplifier.orders)
        starts, closed = len(virtual_card.events("START")), len(virtual_card.events("CLOSE"))
        first, second = Ending(), Ending()
        playout.start(rundown(programme), first)
        virtual_card.wait_for(lambda: sounding(playout, 2_400) is not None)
        playout.start(rundown(page), second)
        assert second.result().outcome is Outcome.AIRED
        virtual_card.wait_for(lambda: len(virtual_card.events("CLOSE")) > closed)
        if playout.underruns > had:
            return playout.underruns - had
        pre_empted = first.result()
        assert (pre_empted.outcome, pre_empted.reason) == (Outcome.PRE_EMPTED, Reason.HIGHER_PRIORITY)
        assert amplifier.orders[switched:] == ["on", "off"]
        recorded = virtual_card.recorded()
        heard = 2 * pre_empted.frames_played
        loud = heard - 2 * FADE_FRAMES
        assert loud >= 2 * 2_400
        expected = bytes(LEAD_IN_BYTES) + programme_samples[:loud] + faded(programme_samples[loud:heard], 0)
        assert recorded[before : before + len(expected)] == expected
        at = virtual_card.events("START")[starts + 1].recorded * 2
        assert set(recorded[before + len(expected) : at]) <= {0}
        assert recorded[at : at + len(page_samples)] == page_samples
        assert len(virtual_card.events("CLOSE")) == closed + 1, "the card stayed open in between"
        return 0

    once_within(1, underruns)


def test_a_page_for_an_instant_takes_the_card_just_before_it(
    playout: CardPlayout, virtual_card: VirtualCard, amplifier: NotedAmplifier, tmp_path: Path
) -> None:
    """What sounds is begun to fade ``SWITCH_SECONDS`` and a lead-in before; the page is on time, in less silence."""
    first, _ = clip(tmp_path, "broadcast", 240_000)
    second, said = clip(tmp_path, "page", 4_800)

    def late_ms() -> float:
        before, page, switched = Ending(), Ending(), len(amplifier.orders)
        playout.start(rundown(first), before)
        virtual_card.wait_for(lambda: sounding(playout, 4_800) is not None)
        due = CLOCK.now() + timedelta(seconds=SWITCH_SECONDS, milliseconds=LEAD_IN_MS)
        playout.start(rundown(second, due=due), page)
        cut, result = before.result(), page.result()
        virtual_card.wait_for(lambda: not amplifier.is_on)
        assert (cut.outcome, cut.reason) == (Outcome.PRE_EMPTED, Reason.HIGHER_PRIORITY)
        late_ms = virtual_card.sounded_at_ns(virtual_card.recorded().rindex(said) // 2) / 1e6 - due.timestamp() * 1e3
        assert late_ms > -1
        assert result.started is not None
        silence_ms = (result.started - cut.ended).total_seconds() * 1000
        assert silence_ms > 0
        assert amplifier.orders[switched:] == ["on", "off"]
        return late_ms + max(0, silence_ms - (1000 * SWITCH_SECONDS + LEAD_IN_MS - 300))

    once_within(LATE_MS, late_ms)


def test_what_has_less_left_than_a_fade_fades_to_its_end(
    playout: CardPlayout, virtual_card: VirtualCard, tmp_path: Path
) -> None:
    """Nothing after its last sample, and every frame of it counted."""
    programme, programme_samples = clip(tmp_path, "programme", 12_000)
    page, page_samples = clip(tmp_path, "page", 4_800)
    first, second = Ending(), Ending()
    playout.start(rundown(programme), first)
    virtual_card.wait_for(lambda: sounding(playout, 480) is not None)
    playout.start(rundown(page), second)
    second.result()
    playout.close()
    recorded = virtual_card.recorded()
    loud = 2 * 7_200  # what the card had before it began: its buffer, less the lead-in
    assert first.result().frames_played == 12_000
    assert recorded[LEAD_IN_BYTES : LEAD_IN_BYTES + loud] == programme_samples[:loud]
    assert page_samples in recorded[LEAD_IN_BYTES + 2 * 12_000 :]


def test_a_stop_in_a_fade_is_silent_at_once(
    playout: CardPlayout, virtual_card: VirtualCard, amplifier: NotedAmplifier, tmp_path: Path
) -> None:
    """And nothing of what was to follow is heard."""
    programme, _ = clip(tmp_path, "programme", 192_000)
    page, page_samples = clip(tmp_path, "page", 96_000)

    def late_ms() -> float:
        first, second, before = Ending(), Ending(), len(virtual_card.recorded())
        playout.start(rundown(programme), first)
        virtual_card.wait_for(lambda: sounding(playout, 2_400) is not None)
        playout.start(rundown(page), second)
        asked = time.monotonic_ns()
        playout.stop(Reason.STOPPED)
        result = second.result()
        virtual_card.wait_for(lambda: not amplifier.is_on)
        assert (result.outcome, result.reason) == (Outcome.CUT, Reason.STOPPED)
        assert page_samples[-9_600:] not in virtual_card.recorded()[before:]
        longer_ms = (first.result().frames_played - 2_400 - LATE_MS * 48 - FADE_FRAMES) / 48
        return (amplifier.switched[-1][1] - asked) / 1e6 + max(0, longer_ms)

    once_within(LATE_MS, late_ms)


def test_what_has_not_been_heard_yet_does_not_fade(
    playout: CardPlayout, virtual_card: VirtualCard, tmp_path: Path
) -> None:
    """It makes room at once, and none of it is heard."""
    cue, cue_samples = clip(tmp_path, "cue", 48_000)
    page, page_samples = clip(tmp_path, "page", 4_800)
    first, second = Ending(), Ending()
    playout.start(rundown(cue, due=CLOCK.now() + timedelta(seconds=30)), first)
    playout.start(rundown(page), second)
    assert second.result().outcome is Outcome.AIRED
    playout.close()
    assert first.result().frames_played == 0
    assert virtual_card.recorded()[LEAD_IN_BYTES:].startswith(page_samples)
    assert cue_samples[:960] not in virtual_card.recorded()


def test_what_is_started_when_one_has_ended_finds_the_amplifier_awake(
    playout: CardPlayout, virtual_card: VirtualCard, amplifier: NotedAmplifier, tmp_path: Path
) -> None:
    """A listener may start the next rundown from within: it sounds in the tail of the first."""
    first, first_samples = clip(tmp_path, "one", 2_400)
    second, second_samples = clip(tmp_path, "two", 2_400)
    ending = Ending()
    playout.start(rundown(first), lambda _: playout.start(rundown(second), ending))
    assert ending.result().outcome is Outcome.AIRED
    playout.close()
    assert amplifier.orders == ["on", "off"]
    recorded = virtual_card.recorded()
    assert first_samples in recorded
    assert second_samples in recorded


def test_the_amplifier_is_on_from_before_the_lead_in_until_after_the_tail(
    playout: CardPlayout, virtual_card: VirtualCard, amplifier: NotedAmplifier, tmp_path: Path
) -> None:
    """On before the card starts, off when the tail has sounded and before the card is let go of."""
    sound, samples = clip(tmp_path, "one", 2_400)
    ending = Ending()
    playout.start(rundown(sound), ending)
    ending.result()
    virtual_card.wait_for(lambda: len(virtual_card.events("CLOSE")) == 2)
    (_, on), (_, off) = amplifier.switched
    assert on < virtual_card.events("START")[0].monotonic_ns
    end = virtual_card.events("START")[0].monotonic_ns + (LEAD_IN_BYTES + len(samples)) // 2 / 48_000 * 1e9
    assert (off - end) / 1e6 >= TAIL_MS
    assert off < virtual_card.events("CLOSE")[-1].monotonic_ns


def test_unplugged_in_the_middle_it_is_cut_and_the_next_sounds_when_the_card_is_back(
    playout: CardPlayout, virtual_card: VirtualCard, amplifier: NotedAmplifier, tmp_path: Path
) -> None:
    """The loss is told with the frames that sounded; without a card it is missed; plugged in, all is well."""
    long, _ = clip(tmp_path, "long", 192_000)
    sound, samples = clip(tmp_path, "short", 4_800)
    missed, aired = Ending(), Ending()

    def late_ms() -> float:
        virtual_card.plug()
        cut, before, switched = Ending(), len(virtual_card.recorded()), len(amplifier.orders)
        playout.start(rundown(long), cut)
        virtual_card.wait_for(lambda: sounding(playout, 2_400) is not None)
        asked = time.monotonic_ns()
        virtual_card.unplug()
        lost = cut.result()
        assert (lost.outcome, lost.reason) == (Outcome.CUT, Reason.CARD_LOST)
        assert amplifier.orders[switched:] == ["on", "off"]
        heard = (len(virtual_card.recorded()) - before - LEAD_IN_BYTES) // 2
        assert lost.frames_played <= heard
        uncounted_ms = (heard - lost.frames_played) / 48
        return max(uncounted_ms, (virtual_card.events("LOST")[-1].monotonic_ns - asked) / 1e6)

    once_within(50, late_ms)
    switched = len(amplifier.orders)
    playout.start(rundown(sound), missed)
    assert (missed.result().outcome, missed.result().reason) == (Outcome.MISSED, Reason.CARD_MISSING)
    assert missed.result().frames_played == 0
    assert playout.card_state() == "missing"
    assert playout.card_sentence() is not None
    virtual_card.plug()
    playout.start(rundown(sound), aired)
    assert aired.result().outcome is Outcome.AIRED
    assert playout.card_state() == "card"
    assert playout.card_sentence() is None
    assert samples in virtual_card.recorded()
    playout.close()
    assert amplifier.orders[switched:] == ["on", "off"]


def test_a_card_that_comes_back_before_the_instant_sounds_on_time(
    playout: CardPlayout, virtual_card: VirtualCard, tmp_path: Path
) -> None:
    """A rundown that is armed without a card tries on until it is due."""
    sound, _ = clip(tmp_path, "cue", 2_400)

    def late_ms() -> float:
        ending = Ending()
        virtual_card.unplug()
        playout.start(rundown(sound, due=CLOCK.now() + timedelta(seconds=1.4)), ending)
        virtual_card.wait_for(lambda: playout.card_state() == "missing")
        virtual_card.plug()
        result = ending.result()
        virtual_card.wait_for(lambda: virtual_card.events()[-1].name == "CLOSE")
        assert result.outcome is Outcome.AIRED
        assert result.lateness_ms is not None
        assert result.lateness_ms > -1
        return result.lateness_ms

    once_within(LATE_MS, late_ms)  # a second is the next attempt


@pytest.mark.parametrize("volume", [50, 7, 0])
def test_volume_is_gain_on_the_samples(
    playout: CardPlayout, virtual_card: VirtualCard, tmp_path: Path, volume: int
) -> None:
    """The percent becomes decibels by the one table; at 0 there is silence of the same length."""
    sound, samples = clip(tmp_path, "soft", 4_800)
    ending = Ending()
    playout.start(rundown(sound, volume=volume), ending)
    assert ending.result().frames_played == 4_800
    playout.close()
    assert virtual_card.recorded()[LEAD_IN_BYTES:][: len(samples)] == scaled(samples, gain_of(volume))


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1_000])


def _overwritten(path: Path) -> None:
    path.write_bytes(b"\0" * 4_000)


@pytest.mark.parametrize("harm", [_cut_off, _overwritten, Path.unlink])
def test_a_damaged_clip_ends_the_rundown_where_it_would_begin(
    playout: CardPlayout, virtual_card: VirtualCard, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """What is whole before it sounds; nothing of the damaged clip does; the amplifier goes off."""
    whole, samples = clip(tmp_path, "whole", 9_600)
    damaged, _ = clip(tmp_path, "damaged", 9_600)
    harm(damaged.path)
    ending = Ending()
    playout.start(rundown(whole, damaged), ending)
    result = ending.result()
    playout.close()
    assert (result.outcome, result.reason, result.frames_played) == (Outcome.CUT, Reason.CLIP_DAMAGED, 9_600)
    assert virtual_card.recorded().rstrip(b"\0") == bytes(LEAD_IN_BYTES) + samples[:-1]


def test_nothing_but_a_damaged_clip_is_missed(playout: CardPlayout, amplifier: NotedAmplifier, tmp_path: Path) -> None:
    """Where no frame sounds there is no airing that was cut, and the amplifier is not woken for it."""
    damaged, _ = clip(tmp_path, "damaged", 480)
    damaged.path.unlink()
    ending = Ending()
    playout.start(rundown(damaged), ending)
    result = ending.result()
    assert (result.outcome, result.reason, result.started) == (Outcome.MISSED, Reason.CLIP_DAMAGED, None)
    playout.close()
    assert amplifier.orders == []


def test_position_names_the_message_that_sounds(
    playout: CardPlayout, virtual_card: VirtualCard, tmp_path: Path
) -> None:
    """The position follows the card, not what was written to it."""
    first, _ = clip(tmp_path, "first", 96_000)
    second, _ = clip(tmp_path, "second", 48_000)
    assert playout.position() is None
    seen: list[tuple[Position, int]] = []

    def is_at_the_second() -> bool:
        position = sounding(playout)
        if position is not None:
            seen.append((position, time.monotonic_ns()))
        return position is not None and position.frames_played >= 96_000

    playout.start(rundown(first, second), Ending())
    virtual_card.wait_for(is_at_the_second)
    assert seen[0][0].message_id == "first"
    began = virtual_card.events("START")[0].monotonic_ns
    for position, at in seen:
        of_card = (at - began) * 48 / 1e6 - LEAD_IN_BYTES // 2
        assert position.frames_played <= of_card + 480
        assert position.frames == 144_000
        assert position.message_id == ("first" if position.frames_played < 96_000 else "second")


def test_close_ends_what_sounds_as_shut_down(
    playout: CardPlayout, virtual_card: VirtualCard, amplifier: NotedAmplifier, tmp_path: Path
) -> None:
    """When close returns, the listener has been told, the amplifier is off and the card is free."""
    sound, _ = clip(tmp_path, "long", 192_000)
    ending, waiting = Ending(), Ending()
    playout.start(rundown(sound), ending)
    virtual_card.wait_for(lambda: sounding(playout) is not None)
    playout.close()
    assert [result.reason for result in ending.results] == [Reason.SHUT_DOWN]
    assert not amplifier.is_on
    assert virtual_card.events()[-1].name == "CLOSE"
    with pytest.raises(RuntimeError):
        playout.start(rundown(sound), waiting)


class MistakenCard(Recorder):
    """A card whose adapter has a mistake that shows once, when samples are written."""

    mistakes = 1

    def write(self, samples: bytes) -> int:
        """Fail once as no card does."""
        if self.mistakes:
            self.mistakes -= 1
            raise ZeroDivisionError
        return super().write(samples)


def test_a_mistake_of_ours_ends_one_rundown_and_not_those_after_it(
    amplifier: NotedAmplifier, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged with its traceback, told as interrupted, the amplifier goes off, and the next rundown sounds."""
    playout = CardPlayout(
        card=MistakenCard(tmp_path / "air", CLOCK),
        amplifier=amplifier,
        clock=CLOCK,
        lead_in_ms=LEAD_IN_MS,
        tail_ms=TAIL_MS,
        loudest_percent=100,
        quiet_from=never_quiet,
    )
    sound, _ = clip(tmp_path, "words", 480)
    first, second = Ending(), Ending()
    playout.start(rundown(sound), first)
    assert (first.result().outcome, first.result().reason) == (Outcome.CUT, Reason.INTERRUPTED)
    playout.start(rundown(sound), second)
    assert second.result().outcome is Outcome.AIRED
    playout.close()
    assert amplifier.orders == ["on", "off", "on", "off"]
    assert "ZeroDivisionError" in caplog.text
