"""What was put aside is kept until it is wanted again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from programme.aside import without_broadcast, without_message
from tests.programme.samples import SMALL
from web.archive import MOST_SHOWN, Archive, archived, waiting

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)


def test_an_entry_is_kept_and_found_again(tmp_path: Path) -> None:
    """The newest first, with who and when."""
    archive = Archive(tmp_path / "archive")
    assert archive.entries() == ()
    older = archived(without_message(SMALL, "hotline")[1], "王书记", NOW)
    newer = archived(without_broadcast(SMALL, "evening")[1], "李主任", NOW.replace(minute=1))
    for entry in (newer, older):
        archive.keep(entry)
    assert Archive(tmp_path / "archive").entries() == (newer, older)
    assert archive.find(older.id) == older
    archive.drop(older.id)
    assert archive.entries() == (newer,)


@pytest.mark.parametrize("name", ["", "nobody", "../users", "20260603T040000000000-00000000", "a/b"])
def test_an_id_that_is_none_leads_nowhere(tmp_path: Path, name: str) -> None:
    """Nothing outside the folder is ever looked at."""
    (tmp_path / "users.json").write_text("{}")
    archive = Archive(tmp_path / "archive")
    archive.keep(archived(without_broadcast(SMALL, "evening")[1], "王书记", NOW))
    assert archive.find(name) is None


def test_a_damaged_entry_does_not_hide_the_others(tmp_path: Path) -> None:
    """A page that could not be opened for one bad file would lose them all."""
    archive = Archive(tmp_path)
    entry = archived(without_broadcast(SMALL, "evening")[1], "王书记", NOW)
    archive.keep(entry)
    (tmp_path / "20260603T040000000001-00000000.json").write_bytes(b"{half")
    assert archive.entries() == (entry,)


def test_only_the_newest_are_shown_and_none_is_lost(tmp_path: Path) -> None:
    """A page has an end; the disk keeps what a person may want."""
    archive = Archive(tmp_path)
    aside = without_broadcast(SMALL, "evening")[1]
    for second in range(MOST_SHOWN + 2):
        archive.keep(archived(aside, "王书记", datetime.fromtimestamp(NOW.timestamp() + second, UTC)))
    assert len(archive.entries()) == MOST_SHOWN
    assert len(list(tmp_path.iterdir())) == MOST_SHOWN + 2


def test_what_is_in_the_programme_does_not_wait(tmp_path: Path) -> None:
    """A power cut came between keeping it and saving the programme without it."""
    rest, aside = without_message(SMALL, "hotline")
    entry = archived(aside, "王书记", NOW)
    assert waiting((entry,), rest) == (entry,)
    assert waiting((entry,), SMALL) == ()
