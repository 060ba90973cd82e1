"""Rows on their way to the hub: whole, in payloads that fit, and readable across versions."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.wire import accounts
from fleet.wire.accounts import AccountUnreadable
from fleet.wire.bounded import LARGEST_BODY_BYTES
from fleet.wire.rows import MOST_ROWS, Rows, batches, read_row, rows_of
from fleet.wire.topics import Outward
from tests.fleet.wire.test_accounts import airing


@given(st.lists(st.integers(min_value=0, max_value=110_000), max_size=12), st.integers(min_value=0, max_value=130))
def test_batches_hold_every_row_once_in_its_order_and_fit(sizes: list[int], small: int) -> None:
    """However long the words of the rows are."""
    rows = tuple(airing(number, "水" * (size // 3)) for number, size in enumerate([*sizes, *[3] * small], start=1))
    found = batches("log-1", 0, rows)
    assert tuple(row for batch in found for row in batch.airings()) == rows
    for batch in found:
        assert 1 <= len(batch.rows) <= MOST_ROWS
        assert len(msgspec.json.encode(batch)) <= LARGEST_BODY_BYTES
    assert [batch.after for batch in found] == [0, *(batch.row_keys()[-1].change for batch in found[:-1])][: len(found)]


@pytest.mark.parametrize(
    ("known", "later"),
    [
        (b'"outcome":"aired"', b'"outcome":"echoed"'),
        (b'"reason":""', b'"reason":"too-windy"'),
        (b'"origin":"schedule"', b'"origin":"satellite"'),
        (b'"broadcast":"c-morning"', b'"broadcast":"c-morning","humidity":[40]'),
    ],
)
def test_a_row_of_a_later_version_arrives_as_it_was_written(known: bytes, later: bytes) -> None:
    """Boxes are upgraded one after the other: what is not known yet is not lost, and hides no other row."""
    payload = accounts.encode(rows_of("log-1", 0, (airing(1), airing(2), airing(3))))
    first, second, third = payload.split(b'},{"id"')
    told = accounts.decode(Outward.RECORDS, b'},{"id"'.join((first, second.replace(known, later), third)))
    assert isinstance(told, Rows)
    assert [key.change for key in told.row_keys()] == [1, 2, 3]
    assert later in bytes(told.rows[1])
    assert {one.id for one in told.airings()} >= {1, 3}


@pytest.mark.parametrize(
    "row",
    [
        b"{}",
        b"7",
        b'{"id":1,"change":1,"day":"2026-11-25","who":"\xe5"}',
        b'{"id":1,"change":-1,"day":"2026-11-25"}',
        b'{"id":1,"change":1,"day":"today"}',
    ],
)
def test_a_row_that_says_not_which_it_is_is_refused(row: bytes) -> None:
    """It could not be kept, nor acknowledged: it stays with the device."""
    with pytest.raises(AccountUnreadable, match="update the hub"):
        accounts.decode(Outward.RECORDS, msgspec.json.encode(Rows(log="l", after=0, rows=(msgspec.Raw(row),))))


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        (b'"frames":1,', b'"frames":1' + b"9" * 400 + b","),
        (b'"due":"2026-11-25T08:00:00Z"', b'"due":"2026-11-25T06:30:00"'),
        (b'"due":"2026-11-25T08:00:00Z"', b'"due":"0001-01-01T00:00:00+14:00"'),
        (b'"who":""', b'"who":"\xff"'),
        (b'"who":""', b'"who":"","more":' + b"[" * 50_000 + b"]" * 50_000),
    ],
)
def test_a_row_beyond_all_bounds_is_read_as_none(said: bytes, instead: bytes) -> None:
    """What counts with it, or tells its time, would fail for every yard on the page."""
    row = msgspec.json.encode(airing(1))
    assert read_row(row) == airing(1)
    assert said in row
    assert read_row(row.replace(said, instead)) is None
