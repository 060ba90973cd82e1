"""The highest counters: durable, apart by channel, together over the keys that count."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.wire.counters import Counters
from fleet.wire.topics import Inward
from tests.fleet.wire.orders import PROGRAMME, STRANGER, URGENT

P, U, S = PROGRAMME.public.id, URGENT.public.id, STRANGER.public.id


def test_they_survive_a_restart(tmp_path: Path) -> None:
    """What was taken before a power cut is refused after it."""
    Counters(tmp_path / "counters.json").take(Inward.URGENT, U, 17)
    assert Counters(tmp_path / "counters.json").highest(Inward.URGENT, (U,)) == 17


def test_a_channel_has_its_own(tmp_path: Path) -> None:
    """Retained orders come in any order of their topics."""
    counters = Counters(tmp_path / "counters.json")
    counters.take(Inward.PROGRAMME, P, 20)
    assert counters.highest(Inward.ACKNOWLEDGED, (P,)) == 0


def test_a_stop_by_one_key_outlives_a_say_by_another(tmp_path: Path) -> None:
    """A delayed Say does not follow a newer Stop, though another key signed that."""
    counters = Counters(tmp_path / "counters.json")
    counters.take(Inward.URGENT, P, 30)
    assert counters.highest(Inward.URGENT, (P, U)) == 30


def test_a_key_that_was_rotated_away_takes_its_numbers_along(tmp_path: Path) -> None:
    """A thief who spent the highest number of all has blocked nobody but himself."""
    counters = Counters(tmp_path / "counters.json")
    counters.take(Inward.PROGRAMME, P, 2**53 - 1)
    assert counters.highest(Inward.PROGRAMME, (S,)) == 0
    counters.forget_but(frozenset({S, U}))
    assert Counters(tmp_path / "counters.json").highest(Inward.PROGRAMME, (P,)) == 0


@pytest.mark.parametrize("damage", [b"", b"{", b'{"highest": {"urgent": {"x": -1}}}'])
def test_a_damaged_file_counts_as_it_was(tmp_path: Path, damage: bytes) -> None:
    """Storage that fails does not let yesterday's orders in again."""
    path = tmp_path / "counters.json"
    Counters(path).take(Inward.URGENT, U, 17)
    path.write_bytes(damage)
    assert Counters(path).highest(Inward.URGENT, (U,)) == 17


def test_where_nothing_can_be_kept_nothing_is_taken(tmp_path: Path) -> None:
    """A full or missing disk is an error before anything is done."""
    (tmp_path / "room").write_bytes(b"")
    with pytest.raises(OSError, match="room"):
        Counters(tmp_path / "room" / "counters.json").take(Inward.URGENT, U, 1)


@given(st.lists(st.tuples(st.sampled_from(list(Inward)), st.sampled_from([P, U]), st.integers(1, 99)), max_size=8))
def test_it_remembers_the_last_of_each(
    tmp_path_factory: pytest.TempPathFactory, takes: list[tuple[Inward, bytes, int]]
) -> None:
    """Read again from disk it says what was last taken, of every channel and key."""
    path = tmp_path_factory.mktemp("counters") / "counters.json"
    counters = Counters(path)
    last: dict[tuple[Inward, bytes], int] = {}
    for channel, key, number in takes:
        counters.take(channel, key, number)
        last[channel, key] = number
    again = Counters(path)
    for channel in Inward:
        for key in (P, U):
            assert again.highest(channel, (key,)) == last.get((channel, key), 0)
