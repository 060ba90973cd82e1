"""Every version of one message, out of a thousand editions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from programme.file import Edition, revision_of
from programme.history import History
from programme.model import Programme
from programme.writing import fresh
from tests.programme.samples import SMALL
from web.desk import FormerEditions
from web.messages.versions import READ_AT_ONCE, MessageVersions

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)


def saying(text: str) -> Programme:
    """Return the small programme whose hotline says ``text``."""
    slogan, hotline = SMALL.messages
    return replace(SMALL, messages=(slogan, replace(hotline, text=text)))


def keep(history: History, programme: Programme, minute: int, author: str = "王书记", approver: str = "") -> str:
    """Keep an edition, that many minutes after noon."""
    content = fresh(programme)
    return history.keep(
        Edition(programme, revision_of(content), content), author, NOW + timedelta(minutes=minute), approver
    )


class Counting:
    """A history that counts what is read."""

    def __init__(self, history: FormerEditions) -> None:
        self.history = history
        self.reads = 0

    def keep(self, edition: Edition, author: str, at: datetime, approver: str = "") -> str:
        """Keep it."""
        return self.history.keep(edition, author, at, approver)

    def entries(self) -> tuple:  # type: ignore[type-arg] - passed on
        """Return them."""
        return self.history.entries()

    def read(self, name: str) -> Edition:
        """Count and read."""
        self.reads += 1
        return self.history.read(name)


def test_a_version_is_what_differs_from_the_one_before(tmp_path: Path) -> None:
    """Editions in which other things changed are none; each tells who, when, and what was before."""
    history = History(tmp_path / "history")
    keep(history, saying("一"), 0, "file")
    keep(history, replace(saying("一"), zone="别处"), 1)
    keep(history, saying("二"), 2, "李主任", "王书记")
    keep(history, saying("一"), 3)
    versions = MessageVersions(tmp_path / "versions.sqlite", history)
    versions.catch_up()
    found = versions.of("hotline")
    assert [(one.author, one.approver, one.message.text, one.before and one.before.text) for one in found.shown] == [
        ("王书记", "", "一", "二"),
        ("李主任", "王书记", "二", "一"),
        ("file", "", "一", None),
    ]
    assert (found.older, found.whole) == ("", True)
    assert versions.of("nobody").shown == ()


def test_many_versions_come_in_pages(tmp_path: Path) -> None:
    """Where one page ends the next begins, and each version is on one of them."""
    history = History(tmp_path / "history")
    for minute in range(7):
        keep(history, saying(f"第 {minute} 版"), minute)
    versions = MessageVersions(tmp_path / "versions.sqlite", history)
    versions.catch_up()
    texts, older = [], ""
    while True:
        page = versions.of("hotline", older_than=older, most=3)
        texts += [one.message.text for one in page.shown]
        older = page.older
        if not older:
            break
    assert texts == [f"第 {minute} 版" for minute in reversed(range(7))]


def test_no_page_reads_more_than_a_few_editions_and_none_twice(tmp_path: Path) -> None:
    """The newest first; the rest is read by and by, and the answer says that it is not whole yet."""
    history = History(tmp_path / "history")
    for minute in range(READ_AT_ONCE + 5):
        keep(history, saying(f"第 {minute} 版"), minute)
    counting = Counting(history)
    versions = MessageVersions(tmp_path / "versions.sqlite", counting)
    versions.catch_up()
    assert counting.reads == READ_AT_ONCE
    page = versions.of("hotline", most=100)
    assert (len(page.shown), page.whole) == (READ_AT_ONCE, False)
    versions.catch_up()
    assert (counting.reads, versions.whole) == (READ_AT_ONCE + 5, True)
    again = MessageVersions(tmp_path / "versions.sqlite", counting)
    again.catch_up()
    assert len(again.of("hotline", most=100).shown) == READ_AT_ONCE + 5
    assert counting.reads == READ_AT_ONCE + 5


def test_what_the_history_has_dropped_is_gone_here_too(tmp_path: Path) -> None:
    """And a damaged edition has no versions, without being asked for again."""
    history = History(tmp_path / "history")
    first, second = keep(history, saying("一"), 0), keep(history, saying("二"), 1)
    versions = MessageVersions(tmp_path / "versions.sqlite", history)
    versions.catch_up()
    (tmp_path / "history" / first).unlink()
    third = keep(history, saying("三"), 2)
    (tmp_path / "history" / third).write_bytes(b"damaged")
    versions.catch_up()
    assert [one.edition for one in versions.of("hotline").shown] == [second]
    assert versions.find("hotline", first) is None
    found = versions.find("hotline", second)
    assert found is not None
    assert found.text == "二"


def test_a_damaged_index_is_made_again(tmp_path: Path) -> None:
    """It holds nothing that the history has not."""
    history = History(tmp_path / "history")
    keep(history, saying("一"), 0)
    (tmp_path / "versions.sqlite").write_bytes(b"no database" * 1000)
    versions = MessageVersions(tmp_path / "versions.sqlite", history)
    versions.catch_up()
    assert [one.message.text for one in versions.of("hotline").shown] == ["一"]
