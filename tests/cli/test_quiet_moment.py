"""An upgrade restarts the speaker when nobody hears it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from cli.quiet_moment import Due, Standing, is_quiet, standing_of
from cli.restart_speaker import restart
from speaker.protocol import Status
from tests.cli.a_machine import FakeMachine
from tests.speaker.answers import STATUS

NOON = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)


def minutes(number: float) -> datetime:
    """Return that many minutes after noon."""
    return NOON + timedelta(minutes=number)


@pytest.mark.parametrize(
    ("standing", "quiet"),
    [
        (Standing(now=NOON), True),
        (Standing(now=NOON, next_due=minutes(10)), True),
        (Standing(now=NOON, next_due=minutes(9.9)), False),
        (Standing(now=NOON, sounding={"title": "守好阵地"}), False),
        (Standing(now=NOON, today=(Due(minutes(-5), "aired"),)), True),
        (Standing(now=NOON, today=(Due(minutes(-5), "next"),)), False),  # its card is missing; it is still tried
        (Standing(now=NOON, today=(Due(minutes(-15), "later"),)), True),
        (Standing(now=NOON, today=(Due(minutes(5), "refused"),)), True),
    ],
)
def test_no_broadcast_is_cut_or_missed(standing: Standing, quiet: bool) -> None:
    """Nothing sounds, and none that may still sound is within ten minutes."""
    assert is_quiet(standing) is quiet


@pytest.mark.parametrize(("busy", "asked"), [(True, ["start"]), (False, ["stop", "restart"])])
def test_it_is_restarted_now_or_a_timer_tries_again(busy: bool, asked: list[str]) -> None:
    """The timer ends when it is done."""
    machine = FakeMachine()
    restart(machine, Standing(now=NOON, sounding={} if busy else None))
    assert [words[1] for words in machine.ran] == asked


def test_a_speaker_that_answers_nobody_is_restarted_at_once(tmp_path: str) -> None:
    """It airs nothing that could be cut."""
    machine = FakeMachine()
    restart(machine, standing_of(tmp_path / "none.sock"))  # type: ignore[operator]  # pytest hands in a path
    assert machine.ran[-1] == ("systemctl", "restart", "xiaolaba-speaker.service")


def test_the_status_of_a_later_version_is_understood() -> None:
    """What it says beside is not read: an upgrade and a way back ask a speaker of another version."""
    told = msgspec.json.decode(msgspec.json.encode(STATUS)) | {"clock_trust": {"state": "kept"}}
    standing = msgspec.json.decode(msgspec.json.encode(told), type=Standing)
    assert standing.now == STATUS.now
    assert isinstance(STATUS, Status)
