"""Whose records are not all here, since when: reckoned from what the hub knows of each yard. No page is opened."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from fleet.hub import protocol as p
from fleet.hub.devices import Standing
from tests.web.house import NOON
from tests.web.zones.fake_hub import zone
from web.zones.lacking import Why, lacking_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY, MAY, JUNE = date(2026, 6, 3), (date(2026, 5, 1), date(2026, 5, 31)), (date(2026, 6, 1), date(2026, 6, 30))
JOINED = NOON - timedelta(days=90)
WELL = zone("a", "a", JOINED, heard=NOON)
AWAY = zone("a", "a", JOINED, online=False, heard=NOON - timedelta(days=1))  # noon of 2 June
WAITING = zone("a", "a", JOINED, heard=NOON, state=msgspec.structs.replace(WELL.state, records_waiting=7))  # type: ignore[type-var]  # it has one


@pytest.mark.parametrize(
    ("yard", "last_day", "span", "why"),
    [
        (WELL, TODAY, JUNE, None),
        (WELL, date(2026, 6, 2), JUNE, None),  # it has aired nothing yet today
        (WELL, date(2026, 6, 1), JUNE, "ends"),
        (WELL, None, JUNE, "none"),
        (WELL, None, (TODAY, TODAY), None),
        (WELL, None, (date(2026, 6, 2), date(2026, 6, 2)), "none"),
        (WAITING, TODAY, JUNE, "waiting"),
        (WAITING, None, (TODAY, TODAY), "waiting"),
        (AWAY, date(2026, 6, 2), JUNE, "away"),
        (AWAY, date(2026, 5, 31), MAY, None),  # it was still in touch when May was over
        (AWAY, date(2026, 5, 30), MAY, "ends"),
        (zone("a", "a", JOINED, online=False, heard=None, state=None), None, MAY, "never"),
        (zone("a", "a", NOON - timedelta(days=2), heard=NOON), None, MAY, None),  # it joined on 1 June
        (zone("a", "a", NOON - timedelta(days=1), standing=Standing.LOST), date(2026, 6, 1), JUNE, "lost"),
        (zone("a", "a", NOON - timedelta(days=20), standing=Standing.LOST), None, JUNE, None),
        (zone("a", "a", JOINED, standing=Standing.INVITED, online=False, heard=None), None, JUNE, None),
    ],
)
def test_a_yard_is_named_where_there_may_be_more(
    yard: p.Zone, last_day: date | None, span: tuple[date, date], why: Why | None
) -> None:
    """With the reason; who has sent all that it has is not named because it is early in the day."""
    days = {"a": last_day} if last_day else {}
    found = lacking_of([yard], days, first=span[0], last=span[1], today=TODAY, zone=SHANGHAI)
    assert [one.why for one in found] == ([why] if why else [])


def test_it_says_since_when_and_in_the_order_that_people_count_in() -> None:
    """The last contact where it is away; the second yard before the tenth."""
    yards = [msgspec.structs.replace(AWAY, name=name, zone=words) for name, words in (("x", "10号院"), ("y", "2号院"))]
    found = lacking_of(yards, {"x": date(2026, 6, 1)}, first=JUNE[0], last=JUNE[1], today=TODAY, zone=SHANGHAI)
    assert [(one.name, one.last) for one in found] == [("2号院", None), ("10号院", date(2026, 6, 1))]
    assert {one.since for one in found} == {NOON - timedelta(days=1)}
