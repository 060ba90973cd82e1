"""A rundown on its way through the card, with a clock that a test moves: every wake-up is as late as it wants."""

import tempfile
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speaker.airing import Silence, Sound
from speaker.sound.blocks import ClipDamaged
from speaker.sound.curfew import Curfew
from speaker.sound.line import Line
from speaker.sound.recorder import Recorder
from speaker.sound.sounding import Sounding
from tests.fakes import SetClock
from tests.speaker.listening import never_quiet, rundown

NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)
BLOCK = b"\x01\x00" * 4_800
SECOND = BLOCK * 10


class Disk:
    """Gives so many blocks; before the one at ``stands_before``, nothing for ``stands_for`` looks."""

    damage = None

    def __init__(self, blocks: int = 10, *, stands_before: int = 0, stands_for: int = 0) -> None:
        self._left = blocks
        self._stands_at = blocks - stands_before
        self._stands_for = stands_for

    @property
    def exhausted(self) -> bool:
        """Whether all is read."""
        return not self._left

    def take(self) -> bytes:
        """Return a block, if the disk gives one."""
        if self._left == self._stands_at and self._stands_for:
            self._stands_for -= 1
            return b""
        if not self._left:
            return b""
        self._left -= 1
        return BLOCK


class SlowCard(Recorder):
    """A card each call of which takes longer than two of its frames, as on a small Pi under load."""

    MOST_CALLS = 500  # between two looks for a stop; 200 ms of buffer is a fraction of it

    def __init__(self, folder: Path, clock: SetClock) -> None:
        super().__init__(folder, clock)
        self._set_clock = clock
        self.calls_since_pause = 0

    def write(self, samples: bytes) -> int:
        """Take samples, slowly."""
        self._take_long()
        return super().write(samples)

    def delay(self) -> int:
        """Tell the delay, slowly."""
        self._take_long()
        return super().delay()

    def _take_long(self) -> None:
        self.calls_since_pause += 1
        assert self.calls_since_pause < self.MOST_CALLS, "nobody looked for a stop"
        self._set_clock.advance(0.000_05)


class Desk:
    """A recorder in the place of a card, a rundown of a second, and sleep that a test may lengthen."""

    def __init__(
        self,
        folder: Path,
        disk: Disk,
        slept: Callable[[SetClock], None] = lambda _: None,
        card: Callable[[Path, SetClock], Recorder] = Recorder,
    ) -> None:
        self.folder = folder
        self.clock = SetClock(NOON)
        self.card = card(folder, self.clock)
        self.card.open()
        self._slept = slept
        self.sounding = Sounding(
            rundown=rundown(Sound(Path("a.wav"), 24_000, "a"), Silence(4_800), Sound(Path("b.wav"), 19_200, "b")),
            stream=disk,
            line=Line(self.card, self.clock),
            curfew=Curfew(never_quiet),
            pause=self._pause,
        )

    def lead_up_to(self, due: datetime) -> int | None:
        """Run the lead-in."""
        return self.sounding.lead_up_to(due, longest_seconds=3)

    def recorded(self) -> bytes:
        """Return what has sounded."""
        self.card.close()
        with wave.open(str(next(self.folder.glob("*.wav"))), "rb") as file:
            return file.readframes(file.getnframes())

    def _pause(self, seconds: float) -> None:
        self.clock.advance(max(seconds, 0.000_021))
        self._slept(self.clock)
        if isinstance(self.card, SlowCard):
            self.card.calls_since_pause = 0


@contextmanager
def desk_in(
    folder: Path,
    disk: Disk | None = None,
    slept: Callable[[SetClock], None] = lambda _: None,
    card: Callable[[Path, SetClock], Recorder] = Recorder,
) -> Iterator[Desk]:
    """Give a desk, and close its card."""
    desk = Desk(folder, disk or Disk(), slept, card)
    try:
        yield desk
    finally:
        desk.card.close()


def test_silence_is_reckoned_so_that_the_first_frame_falls_on_the_instant(tmp_path: Path) -> None:
    """The frames of silence and the instant of the start give the due instant to the frame."""
    with desk_in(tmp_path) as desk:
        due = NOON + timedelta(seconds=0.5)
        silence = desk.lead_up_to(due)
        assert silence is not None
        desk.sounding.sound(silence)
        assert desk.sounding.started == due
        assert desk.sounding.played == 48_000
        recorded = desk.recorded()
        assert recorded[: 2 * 24_000] == bytes(2 * 24_000)
        assert recorded[2 * 24_000 :].rstrip(b"\0") == SECOND[:-1]


@settings(max_examples=40)
@given(delays_ms=st.lists(st.floats(0, 45), min_size=1, max_size=50), due_ms=st.integers(60, 1_500))
def test_late_wake_ups_are_not_heard(delays_ms: list[float], due_ms: int) -> None:
    """However late the thread wakes, up to 45 ms each time, the first frame falls on the instant, and none is lost."""
    delays = cycle(delays_ms)
    with (
        tempfile.TemporaryDirectory() as folder,
        desk_in(Path(folder), slept=lambda clock: clock.advance(next(delays) / 1000)) as desk,
    ):
        due = NOON + timedelta(milliseconds=due_ms)
        silence = desk.lead_up_to(due)
        assert silence is not None
        desk.sounding.sound(silence)
        assert desk.sounding.started is not None
        assert abs((desk.sounding.started - due).total_seconds()) < 0.000_05
        assert desk.card.underruns == 0
        assert desk.recorded().strip(b"\0") == SECOND[:-1]


def test_a_machine_slower_than_a_frame_sounds_it_all_and_looks_for_a_stop_meanwhile(tmp_path: Path) -> None:
    """Where a frame sounds in each call of the card, it never is quite full: it is not filled for ever."""
    with desk_in(tmp_path, card=SlowCard) as desk:
        desk.sounding.sound(desk.lead_up_to(NOON + timedelta(seconds=0.5)) or 0)
        assert desk.sounding.played == 48_000
        assert desk.recorded().strip(b"\0") == SECOND[:-1]


@pytest.mark.parametrize(("step_seconds", "silence"), [(-3600, None), (3600, 0)])
def test_a_clock_that_is_set_during_the_lead_in(tmp_path: Path, step_seconds: int, silence: int | None) -> None:
    """Set back, it gives up the lead-in and waits anew; set forward, it is late and begins at once."""
    steps = iter([0, 0, step_seconds])
    with desk_in(tmp_path, slept=lambda clock: clock.step(next(steps, 0))) as desk:
        assert desk.lead_up_to(NOON + timedelta(seconds=0.5)) == silence


def test_a_disk_that_stands_longer_than_the_buffer_is_an_underrun_and_it_goes_on(tmp_path: Path) -> None:
    """Nothing is lost or doubled: the card waits and sounds the next block when it comes."""
    with desk_in(tmp_path, Disk(stands_before=5, stands_for=40)) as desk:
        desk.sounding.sound(0)
        assert desk.card.underruns == 1
        assert desk.sounding.played == 48_000
        assert desk.recorded().rstrip(b"\0") == SECOND[:-1]


def test_a_disk_that_never_comes_back_is_a_damaged_clip(tmp_path: Path) -> None:
    """After ten seconds without a sample it ends, with what had sounded, and the amplifier can go off."""
    with desk_in(tmp_path, Disk(stands_before=5, stands_for=100_000)) as desk:
        with pytest.raises(ClipDamaged):
            desk.sounding.sound(480)
        assert 10 <= (desk.clock.now() - NOON).total_seconds() < 12
        assert desk.sounding.played == 24_000


@pytest.mark.parametrize(
    ("frames", "message_id"), [(0, "a"), (23_999, "a"), (24_000, None), (28_799, None), (28_800, "b"), (48_000, "b")]
)
def test_the_position_names_what_sounds(tmp_path: Path, frames: int, message_id: str | None) -> None:
    """The message of the frame that sounds; in a gap there is none; at the end the last."""
    with desk_in(tmp_path) as desk:
        desk.sounding.played = frames
        assert desk.sounding.position().message_id == message_id
