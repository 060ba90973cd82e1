"""Upgrade, airings, and back again, at any moments: each occurrence is heard once, whatever the later version wrote."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from box.settings import Limits
from speaker.airing import Outcome
from speaker.asrun.forms import form_of, save
from speaker.chain import follow
from speaker.protocol import AskRecords
from speaker.trust.states import Trust
from tests.speaker.asrun.later import become_later
from tests.speaker.fakes import a_broadcast, a_publication
from tests.speaker.simulated import Courtyard
from tests.thorough import examples

MORNING = datetime(2026, 3, 1, 22, 40, tzinfo=UTC)  # 6:40 in Shanghai
PUBLICATION = a_publication(*(a_broadcast(f"b{hour:02}", f"{hour:02}:{hour:02}") for hour in range(7, 21, 2)))


@dataclass(frozen=True)
class Way:
    """How it went: seconds until the upgrade, until the way back, and how long the box stood each time."""

    up_after_seconds: int
    back_after_seconds: int
    off_seconds: int
    says: tuple[int, ...]
    is_readable: bool


_WAYS = st.builds(
    Way,
    up_after_seconds=st.integers(0, 30 * 3600),
    back_after_seconds=st.integers(0, 30 * 3600),
    off_seconds=st.integers(1, 900),
    says=st.lists(st.integers(1, 40), max_size=10).map(tuple),
    is_readable=st.booleans(),
)


@settings(max_examples=examples(100, everyday=8), deadline=None)
@given(way=_WAYS)
def test_an_upgrade_and_the_way_back_air_nothing_twice(way: Way) -> None:
    """Each broadcast is heard whole at most once; the chain fits; where rows can be read, none of them is lost."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "as-run.db"
        courtyard = Courtyard(MORNING, Path(name), Limits(), PUBLICATION, Trust.KEPT)
        courtyard.live(way.up_after_seconds)
        courtyard.cut_power(way.off_seconds)
        with closing(sqlite3.connect(path)) as log:
            save(log, path, form_of(log))
            (seen,) = log.execute("SELECT coalesce(max(change), 0) FROM airings").fetchone()
        courtyard.switch_on(Trust.KEPT)
        courtyard.live(way.back_after_seconds)
        before = {row.id: row for row in courtyard.rows()}
        courtyard.cut_power(way.off_seconds)
        become_later(path, seen, dict.fromkeys(way.says, "loud"), None if way.is_readable else "echoed")
        courtyard.switch_on(Trust.KEPT)
        went_back = courtyard.box.log.went_back is not None
        courtyard.live(30 * 3600)
        rows = courtyard.rows()
        log_of = courtyard.box.log.records(AskRecords()).log
        follow(sorted(rows, key=lambda row: row.change), log_of)
        courtyard.end()
    whole = Counter(heard.occurrence for heard in courtyard.heard if heard.occurrence and heard.whole)
    assert max(whole.values(), default=0) <= 1, [one for one, count in whole.items() if count > 1]
    aired = Counter((row.day, row.broadcast) for row in rows if row.outcome is Outcome.AIRED)
    assert max(aired.values(), default=0) <= 1
    assert went_back or not way.is_readable
    if went_back:
        kept = {row.id: (row.day, row.broadcast, row.begun) for row in rows}
        assert all(kept.get(number) == (row.day, row.broadcast, row.begun) for number, row in before.items())
        assert all((day, broadcast) in aired for (day, broadcast) in ((o.day, o.broadcast_id) for o in whole))
    else:
        later = courtyard.clock.now() - timedelta(hours=30)
        assert all(row.begun is None or row.begun >= later for row in rows if row.outcome is Outcome.AIRED)
