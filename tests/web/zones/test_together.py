"""What many yards did alike is one line: of a day's records, and of an urgent announcement."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from box.sentences import Sentence
from fleet.hub import protocol as p
from speaker.airing import Outcome, Reason
from speaker.record import Said
from tests.web.house import NOON, House
from tests.web.zones.fake_hub import FakeHub, zone
from tests.web.zones.test_records import row
from web.words import Look
from web.zones.urgent_look import LEAST_IN_A_GROUP, Line, grouped


@pytest.fixture
def hub(house: House) -> FakeHub:
    """Make the house a hub of twelve yards; each says its own name, one missed it, and one was paged besides."""
    hub = house.make_hub()
    hub.add(*(zone(f"yard-{number}", f"{number}号院", NOON) for number in range(1, 13)))
    rows = [row(f"yard-{number}", 1, said=(said(f"{number}号院的居民请注意。"),)) for number in range(1, 12)]
    rows.append(row("yard-12", 1, said=(said("x"),), outcome=Outcome.MISSED, reason=Reason.TOO_LATE))
    later = NOON + timedelta(minutes=5)
    rows.append(row("yard-3", 2, title="找人", priority="page", broadcast=None, due=None, started=later, ended=later))
    hub.kept = p.Records(airings=tuple(rows), more=False)
    return hub


def said(text: str) -> Said:
    """Return what was said of a message that is everywhere the same but for the yard's name."""
    return Said(message="c-water", title="停水", text=text, clip="0" * 64, voice="v", engine="e", stand_in=False)


def test_what_was_aired_alike_is_one_line_with_the_yards(house: House, hub: FakeHub) -> None:
    """Who missed it and what was said besides stand by themselves, by time."""
    page = house.logged_in().get("/zones/records/").text
    lines = page.split('<ul class="day">')[1].split("<li ")[1:]
    assert len(lines) == 3
    assert "<small>11 个小区</small>" in lines[0]
    assert "1号院、2号院、3号院" in lines[0]
    assert "下面是1号院的" in lines[0]
    assert "<small>12号院</small>" in lines[1]
    assert "漏播" in lines[1]
    assert "<small>3号院</small>" in lines[2]
    assert "找人" in lines[2]


LINES = st.lists(
    st.builds(
        lambda yard, word, why: Line(yard, yard, Look(Sentence(word, word), "tick", "good"), why, 0.0),
        st.text("院0123456789", min_size=1, max_size=4),
        st.sampled_from(["播完了", "没有播", "停了"]),
        st.sampled_from(["", "现在是安静时段"]),
    ),
    max_size=30,
)


@given(LINES)
def test_every_yard_is_in_one_group_and_only_those_that_are_many_share_one(lines: list[Line]) -> None:
    """With the look and the reason of its own."""
    groups = grouped(lines)
    shown = [(yard, group.look.sentence.zh, group.why) for group in groups for yard in group.yards]
    assert sorted(shown) == sorted((line.zone, line.look.sentence.zh, line.why) for line in lines)
    assert all(len(group.yards) == 1 or len(group.yards) >= LEAST_IN_A_GROUP for group in groups)
