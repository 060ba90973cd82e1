"""Reading ahead: what is in memory sounds on while the disk stands still."""

import threading
from collections.abc import Iterator
from pathlib import Path

from speaker.airing import Sound
from speaker.sound.blocks import ClipDamaged
from speaker.sound.stream import MOST_BLOCKS, READY_BLOCKS, Stream

BLOCK = bytes(range(2, 200, 2))


class Bell:
    """Counts how often it was rung, and lets a test wait for the next time."""

    def __init__(self) -> None:
        self._rung = threading.Semaphore(0)

    def __call__(self) -> None:
        """Ring."""
        self._rung.release()

    def wait(self, times: int = 1) -> None:
        """Wait until it has been rung so often more."""
        for _ in range(times):
            assert self._rung.acquire(timeout=60)


def test_it_is_ready_when_two_seconds_are_in_memory_and_reads_no_further_than_three() -> None:
    """The buffer is bounded, and a block taken makes room for one more."""
    bell = Bell()
    read: list[int] = []

    def blocks() -> Iterator[bytes]:
        for number in range(1_000):
            read.append(number)
            yield BLOCK

    stream = Stream(blocks(), nudge=bell)
    bell.wait(READY_BLOCKS)
    assert stream.ready
    bell.wait(MOST_BLOCKS - READY_BLOCKS)
    assert len(read) <= MOST_BLOCKS + 1
    assert stream.take() == BLOCK
    bell.wait()
    assert MOST_BLOCKS < len(read) <= MOST_BLOCKS + 2
    assert not stream.exhausted
    stream.close()


def test_a_disk_that_stands_still_for_two_seconds_is_not_heard() -> None:
    """Once it was ready, twenty blocks come out while nothing comes in; then it goes on where it was."""
    bell = Bell()
    disk_goes_on = threading.Event()

    def blocks() -> Iterator[bytes]:
        for _ in range(READY_BLOCKS):
            yield BLOCK
        disk_goes_on.wait(60)
        yield b"after"

    stream = Stream(blocks(), nudge=bell)
    bell.wait(READY_BLOCKS)
    assert [stream.take() for _ in range(READY_BLOCKS)] == [BLOCK] * READY_BLOCKS
    assert stream.take() == b""
    assert not stream.exhausted
    disk_goes_on.set()
    bell.wait(2)
    assert stream.take() == b"after"
    assert stream.exhausted
    assert stream.damage is None


def test_a_short_rundown_is_ready_at_its_end() -> None:
    """What is shorter than two seconds does not wait for more."""
    bell = Bell()
    stream = Stream(iter([BLOCK]), nudge=bell)
    bell.wait(2)
    assert stream.ready
    assert stream.take() == BLOCK
    assert stream.exhausted


def test_damage_comes_after_what_was_whole() -> None:
    """The blocks before the damage can still be taken, and the cause is kept."""
    bell = Bell()
    damage = ClipDamaged(Sound(Path("clip.wav"), 1), "cut")

    def blocks() -> Iterator[bytes]:
        yield BLOCK
        raise damage

    stream = Stream(blocks(), nudge=bell)
    bell.wait(2)
    assert not stream.exhausted
    assert stream.take() == BLOCK
    assert stream.exhausted
    assert stream.damage is damage


def test_a_stream_that_is_closed_lets_its_reader_end() -> None:
    """A rundown that was stopped leaves no thread waiting for room."""
    ended = threading.Event()
    bell = Bell()

    def blocks() -> Iterator[bytes]:
        try:
            while True:
                yield BLOCK
        finally:
            ended.set()

    source = blocks()
    stream = Stream(source, nudge=bell)
    bell.wait(MOST_BLOCKS)
    stream.close()
    bell.wait()
    source.close()
    assert ended.is_set()
