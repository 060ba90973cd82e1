"""The loop that does not wait for what hangs."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tts.loop import run_without_waiting


def test_a_thread_that_hangs_does_not_hold_up_the_deadline() -> None:
    """The timeout comes through although the blocking call has not returned yet."""
    answered = threading.Event()

    async def lookup() -> None:
        async with asyncio.timeout(0.05):
            await asyncio.get_running_loop().run_in_executor(None, answered.wait, 30)

    try:
        with pytest.raises(TimeoutError):
            run_without_waiting(lookup())
        assert not answered.is_set()
    finally:
        answered.set()


def test_the_result_comes_through_and_tasks_left_behind_are_cancelled() -> None:
    """Nothing of the loop lives on."""
    left: list[asyncio.Task[None]] = []

    async def work() -> str:
        left.append(asyncio.create_task(asyncio.sleep(60)))
        await asyncio.sleep(0)
        return "done"

    assert run_without_waiting(work()) == "done"
    assert left[0].cancelled()
