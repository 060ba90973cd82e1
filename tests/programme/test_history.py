"""Former editions, from which the programme can be restored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from programme import history as module
from programme.file import Edition, revision_of
from programme.history import BY_HAND, History, NotInHistory
from programme.writing import fresh
from tests.programme.samples import SMALL

MORNING = datetime(2026, 2, 17, 7, 30, tzinfo=UTC)


def edition(zone: str = "警苑小区") -> Edition:
    """Return an edition of the small programme."""
    programme = replace(SMALL, zone=zone)
    content = fresh(programme)
    return Edition(programme=programme, revision=revision_of(content), content=content)


@pytest.mark.parametrize("author", [BY_HAND, "王书记", "a_b.c/d\\e", "..", "%41", "\U0001f637", "x y"])
def test_what_is_kept_can_be_read_with_its_author(author: str, tmp_path: Path) -> None:
    """To the byte, whoever wrote it; no author's name leaves the folder."""
    history = History(tmp_path / "history")
    name = history.keep(edition(), author, MORNING)
    (entry,) = history.entries()
    assert (entry.name, entry.author, entry.at, entry.revision) == (name, author, MORNING, edition().revision)
    assert history.read(name) == edition()
    assert [path.parent for path in tmp_path.rglob("*.yaml")] == [tmp_path / "history"]


def test_the_newest_comes_first(tmp_path: Path) -> None:
    """Also those of one second."""
    history = History(tmp_path)
    instants = [MORNING + timedelta(milliseconds=milliseconds) for milliseconds in (5, 1, 3000)]
    for instant in instants:
        history.keep(edition(), "王", instant)
    assert [entry.at for entry in history.entries()] == sorted(instants, reverse=True)


def test_a_long_author_is_cut_at_a_whole_character(tmp_path: Path) -> None:
    """A file name ends at 255 bytes."""
    history = History(tmp_path)
    history.keep(edition(), "王" * 100, MORNING)
    assert history.entries()[0].author == "王" * 16


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    """The card of a Pi is not filled by a thousand and one edits."""
    history = History(tmp_path)
    for number in range(module.MOST_KEPT):
        stamp = f"{MORNING + timedelta(minutes=number):%Y%m%dT%H%M%S.%fZ}"
        (tmp_path / f"{stamp}_{'0' * 16}_x.yaml").touch()
    history.keep(edition(), "王", MORNING + timedelta(days=30))
    entries = history.entries()
    assert len(entries) == module.MOST_KEPT
    assert entries[0].author == "王"
    assert entries[-1].at == MORNING + timedelta(minutes=1)


def test_an_empty_history_is_empty(tmp_path: Path) -> None:
    """Before the first edit there is not even a folder; files of others are not listed."""
    assert History(tmp_path / "none").entries() == ()
    (tmp_path / "notes.txt").touch()
    (tmp_path / f"99999999T999999.000000Z_{'0' * 16}_x.yaml").touch()
    assert History(tmp_path).entries() == ()


@pytest.mark.parametrize("name", ["", "../schedule.yaml", "nothing", f"20260217T073000.000000Z_{'0' * 16}_x.yaml"])
def test_what_is_not_in_the_history_is_one_clear_sentence(name: str, tmp_path: Path) -> None:
    """Also a name that would lead out of the folder."""
    (tmp_path / "schedule.yaml").write_bytes(fresh(SMALL))
    with pytest.raises(NotInHistory):
        History(tmp_path / "history").read(name)


def test_a_damaged_entry_is_not_restored(tmp_path: Path) -> None:
    """Its bytes are not those of its revision."""
    history = History(tmp_path)
    name = history.keep(edition(), "王", MORNING)
    (tmp_path / name).write_bytes(fresh(SMALL)[:-20])
    with pytest.raises(NotInHistory):
        history.read(name)


@pytest.mark.parametrize(
    ("author", "approver"), [("小编", "王书记"), ("a_b", "c_d"), ("王" * 20, "李" * 20), ("", "王")]
)
def test_who_let_it_through_is_kept_beside_who_wrote_it(author: str, approver: str, tmp_path: Path) -> None:
    """Both names can be told apart whatever is in them; long ones are cut, for a file name ends at 255 bytes."""
    history = History(tmp_path)
    name = history.keep(edition(), author, MORNING, approver)
    (entry,) = history.entries()
    assert (author or "?").startswith(entry.author)
    assert approver.startswith(entry.approver)
    assert len(entry.author) >= min(len(author), 8)
    assert len(entry.approver) >= min(len(approver), 8)
    assert history.read(name) == edition()
