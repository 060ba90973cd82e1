"""A restored programme owes nothing from before it came: missed, never repeated."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from programme.publication import Publication
from tests.fakes import SetClock
from tests.speaker.fakes import Box, a_broadcast, a_message, a_publication

HERE = a_publication(a_broadcast("morning", "07:30"), revision="here")
RESTORED = {
    "the same": a_publication(a_broadcast("morning", "07:30"), revision="restored"),
    "the same, another message": a_publication(
        a_broadcast("morning", "07:30", messages=("fire",)), messages=(a_message("fire"),), revision="restored"
    ),
    "moved to just now": a_publication(a_broadcast("morning", "07:34"), revision="restored"),
    "under another name": a_publication(a_broadcast("early", "07:30"), revision="restored"),
    "another beside it": a_publication(
        a_broadcast("morning", "07:30"), a_broadcast("fire-drill", "07:32"), revision="restored"
    ),
}


def shanghai(text: str) -> SetClock:
    """Return a clock that stands at ``text`` in Shanghai."""
    return SetClock(datetime.fromisoformat(f"{text}+08:00"))


@pytest.mark.parametrize("restored", RESTORED.values(), ids=RESTORED)
def test_what_was_aired_here_is_not_aired_again_by_a_restore(restored: Publication, tmp_path: Path) -> None:
    """07:30 has sounded; at 07:35, within its grace, a backup is restored in which it has not."""
    with Box(shanghai("2026-03-02T06:30:00"), tmp_path, publication=HERE) as box:
        box.at("2026-03-02T07:29:57")
        box.finish()
        box.at("2026-03-02T07:35:00")
        box.take(restored)
        box.look()
        assert [(row.broadcast, row.revision) for row in box.airings()] == [("morning", "here")]
        assert len(box.playout.started) == 1


@pytest.mark.parametrize("restored", RESTORED.values(), ids=RESTORED)
def test_a_new_box_owes_nothing_of_the_old_ones_day(restored: Publication, tmp_path: Path) -> None:
    """The old box has aired 07:30 and broke; the new one, begun at 07:33, takes its backup at 07:35 and is silent."""
    with Box(shanghai("2026-03-02T07:33:00"), tmp_path) as box:
        box.at("2026-03-02T07:35:00")
        box.take(restored)
        box.look()
        assert box.playout.started == []
        assert not [row for row in box.airings() if row.outcome == "aired"]
        box.at("2026-03-03T07:34:00")
        assert {row.day for row in box.airings() if row.outcome is None} == {date(2026, 3, 3)}
