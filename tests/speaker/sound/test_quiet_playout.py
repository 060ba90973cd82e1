"""Playout as the quiet hours begin, on the virtual card: what leaves the card is examined, sample by sample."""

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from box.clock import SystemClock
from speaker.airing import Outcome, Reason
from speaker.sound.alsa import AlsaCard
from speaker.sound.playout import CardPlayout
from tests.card.virtual import VirtualCard
from tests.speaker.listening import LATE_MS, Ending, NotedAmplifier, clip, once_within, rundown, sounding

LEAD_IN_MS = 50


class SteppedClock(SystemClock):
    """The machine's clock, set by somebody."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        """Return the instant it shows."""
        return super().now() + self.offset


class Night:
    """Quiet hours that begin when a test says so; nobody but the playout knows of them: the station is too late."""

    def __init__(self) -> None:
        self.begins = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)

    def quiet_from(self, instant: datetime, within: timedelta) -> datetime | None:
        """Return the first quiet instant from ``instant`` on."""
        quiet = max(self.begins, instant)
        return quiet if quiet < instant + within else None


@pytest.fixture
def night() -> Night:
    """Return a night that is far away."""
    return Night()


@pytest.fixture
def clock() -> SteppedClock:
    """Return a clock that can be set."""
    return SteppedClock()


@pytest.fixture
def amplifier() -> NotedAmplifier:
    """Return an amplifier that takes notes."""
    return NotedAmplifier()


@pytest.fixture
def playout(
    virtual_card: VirtualCard, amplifier: NotedAmplifier, clock: SteppedClock, night: Night
) -> Iterator[CardPlayout]:
    """Return a playout on the virtual card, closed at the end."""
    playout = CardPlayout(
        card=AlsaCard("courtyard"),
        amplifier=amplifier,
        clock=clock,
        lead_in_ms=LEAD_IN_MS,
        tail_ms=500,
        loudest_percent=100,
        quiet_from=night.quiet_from,
    )
    assert virtual_card.events("CLOSE"), "the card is let go of after it was looked for"
    yield playout
    playout.close()


def last_heard(card: VirtualCard) -> datetime:
    """Return when the last sample that is not silent left the card."""
    frames = -(-len(card.recorded().rstrip(b"\0")) // 2)
    return datetime.fromtimestamp(card.sounded_at_ns(frames) / 1e9, UTC)


def test_nothing_is_heard_once_the_quiet_hours_have_begun(
    playout: CardPlayout, virtual_card: VirtualCard, amplifier: NotedAmplifier, night: Night, tmp_path: Path
) -> None:
    """Nobody stops it: the samples end before all the same, card and amplifier too, and the record says why."""
    sound, samples = clip(tmp_path, "long", 192_000)

    def too_early_ms() -> float:
        before = len(virtual_card.recorded())
        night.begins = SystemClock().now() + timedelta(seconds=1)
        begins_ns = time.monotonic_ns() + 1_000_000_000
        ending = Ending()
        playout.start(rundown(sound), ending)
        result = ending.result()
        virtual_card.wait_for(lambda: virtual_card.events()[-1].name == "CLOSE")
        assert result.reason is Reason.QUIET_HOURS
        if result.outcome is Outcome.REFUSED:
            return math.inf  # this machine took a second to begin
        assert result.outcome is Outcome.CUT
        assert result.ended < night.begins
        assert last_heard(virtual_card) < night.begins
        heard = virtual_card.recorded()[before + 2 * 48 * LEAD_IN_MS :].rstrip(b"\0")
        assert samples.startswith(heard)
        assert result.frames_played == pytest.approx(len(heard) // 2, abs=1)
        off_late_ms = max(0, amplifier.switched[-1][1] - begins_ns) / 1e6
        return (night.begins - last_heard(virtual_card)) / timedelta(milliseconds=1) + 600 * off_late_ms

    once_within(600, too_early_ms)


def test_a_clock_that_is_set_into_the_night_drops_what_the_card_has(
    playout: CardPlayout, virtual_card: VirtualCard, clock: SteppedClock, night: Night, tmp_path: Path
) -> None:
    """At the next look, ten milliseconds later: the two hundred that were written ahead are not played out."""
    sound, _ = clip(tmp_path, "long", 192_000)

    def heard_on_ms() -> float:
        night.begins = clock.now() + timedelta(hours=1)
        ending = Ending()
        playout.start(rundown(sound), ending)
        virtual_card.wait_for(lambda: sounding(playout, 2_400) is not None)
        set_at = datetime.now(UTC)
        clock.offset += timedelta(hours=2)
        result = ending.result()
        virtual_card.wait_for(lambda: virtual_card.events()[-1].name == "CLOSE")
        assert (result.outcome, result.reason) == (Outcome.CUT, Reason.QUIET_HOURS)
        return (last_heard(virtual_card) - set_at) / timedelta(milliseconds=1)

    once_within(LATE_MS, heard_on_ms)


@pytest.mark.parametrize("is_due", [False, True])
def test_what_comes_too_late_wakes_nothing(
    *,
    is_due: bool,
    playout: CardPlayout,
    virtual_card: VirtualCard,
    amplifier: NotedAmplifier,
    night: Night,
    tmp_path: Path,
) -> None:
    """A page that was let in a moment before, or armed for a moment within, is refused; the amplifier stays off."""
    sound, _ = clip(tmp_path, "page", 4_800)
    now = SystemClock().now()
    night.begins = now + timedelta(milliseconds=1_500 if is_due else 100)
    ending = Ending()
    playout.start(rundown(sound, due=night.begins if is_due else None), ending)
    result = ending.result()
    playout.close()
    assert (result.outcome, result.reason, result.frames_played) == (Outcome.REFUSED, Reason.QUIET_HOURS, 0)
    assert amplifier.orders == []
    assert virtual_card.recorded().strip(b"\0") == b""


def test_a_fade_ends_before_them_too(
    playout: CardPlayout, virtual_card: VirtualCard, clock: SteppedClock, night: Night, tmp_path: Path
) -> None:
    """What is cut as they begin fades no further than they allow, and what cut it is not heard."""
    programme, _ = clip(tmp_path, "programme", 192_000)
    page, page_samples = clip(tmp_path, "page", 48_000)
    far = night.begins

    def missed_the_fade() -> bool:
        night.begins = far
        first, second = Ending(), Ending()
        playout.start(rundown(programme), first)
        virtual_card.wait_for(lambda: sounding(playout, 2_400) is not None)
        night.begins = clock.now() + timedelta(milliseconds=400)
        playout.start(rundown(page), second)
        result = second.result()
        virtual_card.wait_for(lambda: virtual_card.events()[-1].name == "CLOSE")
        assert (result.outcome, result.reason) == (Outcome.REFUSED, Reason.QUIET_HOURS)
        assert last_heard(virtual_card) < night.begins
        assert page_samples[:200] not in virtual_card.recorded()
        return first.result().outcome is not Outcome.PRE_EMPTED

    once_within(1, missed_the_fade)


def test_what_is_above_the_quiet_hours_sounds_whole(
    playout: CardPlayout, virtual_card: VirtualCard, night: Night, tmp_path: Path
) -> None:
    """An emergency where the installer says so."""
    sound, samples = clip(tmp_path, "fire", 4_800)
    night.begins = SystemClock().now()
    ending = Ending()
    playout.start(replace(rundown(sound), above_quiet_hours=True), ending)
    assert ending.result().outcome is Outcome.AIRED
    assert samples in virtual_card.recorded()
