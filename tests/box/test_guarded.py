"""Damaged files: put aside with the time, and the last good content counts."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from box.aside import MOST_ASIDE, all_aside, put_aside
from box.guarded import Guarded
from box.sentences import XiaolabaError
from box.settings import SettingsInvalid
from box.settings_in_force import settings_in_force
from box.store import StoreDamaged, opened
from tests.fakes import SetClock

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
QUIET = '[limits]\nquiet_hours = "20:00-08:00"\nloudest_percent = 30\n'
Numbers = tuple[int, ...]


def numbers_at(folder: Path) -> Guarded[Numbers]:
    """Return a guarded file of numbers."""
    return Guarded(folder / "numbers.json", msgspec.json.Decoder(Numbers).decode, clock=SetClock(NOW))


@pytest.mark.parametrize("damaged", [b"", bytes(20), b"[1, 2", b'["\xff"]', b'{"a": 1}', b"[" * 100_000])
def test_the_last_good_content_counts_and_the_damaged_lies_aside(tmp_path: Path, damaged: bytes) -> None:
    """Whatever it was damaged to; the file itself is whole again."""
    file = numbers_at(tmp_path)
    file.write(b"[1]")
    file.write(b"[1, 2]")
    (tmp_path / "numbers.json").write_bytes(damaged)
    assert file.read() == (1, 2)
    assert (tmp_path / "numbers.json.damaged-20260302T073000Z").read_bytes() == damaged
    assert (tmp_path / "numbers.json").read_bytes() == b"[1, 2]"


def test_a_file_that_is_gone_comes_back_and_one_that_never_was_does_not(tmp_path: Path) -> None:
    """The copy tells the one from the other."""
    file = numbers_at(tmp_path)
    assert file.read() is None
    file.write(b"[3]")
    (tmp_path / "numbers.json").unlink()
    assert file.read() == (3,)
    assert all_aside(tmp_path) == ()


def test_where_both_are_damaged_both_lie_aside_and_nothing_counts(tmp_path: Path) -> None:
    """Nothing is guessed."""
    file = numbers_at(tmp_path)
    file.write(b"[3]")
    for name in ("numbers.json", "numbers.good.json"):
        (tmp_path / name).write_bytes(b"?")
    assert file.read() is None
    assert {one.name for one in all_aside(tmp_path)} == {"numbers.json", "numbers.good.json"}


def test_what_lies_aside_never_fills_the_storage(tmp_path: Path) -> None:
    """The first stays, nearest to what was good, and the newest."""
    for number in range(MOST_ASIDE + 10):
        (tmp_path / "x").write_text(str(number))
        put_aside(tmp_path / "x", NOW)
    kept = {path.path.read_text() for path in all_aside(tmp_path)}
    assert len(kept) == MOST_ASIDE
    assert {"0", str(MOST_ASIDE + 9)} <= kept


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "\0\0\0",
        "[limits]\nloudest_percent = 500\n",
        "[limits",
        QUIET[:40],
        "\xff",
        '[limits]\nquiet_hours = "20:00-08:00+08:00"\n',  # an offset can't be compared with a local time
        '[limits]\nquiet_hours = "20:00Z-08:00"\n',
        '[limits]\nquiet_hours = "20:00"\n',
        '[limits]\ntimezone = "Asia"\n',  # a folder among the time zones
        f'[limits]\ntimezone = "{"a" * 300}"\n',
        '[limits]\ntimezone = "Nowhere/Here"\n',
        '[limits]\nloudest_percent = "30"\n',
        "[limits]\nloudest_percent = 30\nlongest = 5\n",
        "a = " + "[" * 5000 + "]" * 5000,
    ],
)
def test_settings_that_are_damaged_leave_the_last_good_limits(tmp_path: Path, content: str | None) -> None:
    """Also where a file that has lost its end would still parse, with other limits; the trouble is told."""
    path, own = tmp_path / "settings.toml", tmp_path / "own"
    path.write_text(QUIET)
    assert settings_in_force(path, own, SetClock(NOW)).trouble is None
    path.unlink() if content is None else path.write_text(content, encoding="latin-1")
    for _ in range(2):
        in_force = settings_in_force(path, own, SetClock(NOW))
        assert in_force.settings.limits.loudest_percent == 30
        assert in_force.trouble is not None
        assert str(path) in in_force.trouble.zh
    [aside] = all_aside(own)
    assert aside.path.read_text(encoding="latin-1") == (content or "")
    path.write_text("[limits]\n# meant so\n")
    assert settings_in_force(path, own, SetClock(NOW)).settings.limits.loudest_percent == 100


def test_broken_settings_with_nothing_before_them_are_refused(tmp_path: Path) -> None:
    """And no file at all means the defaults."""
    path = tmp_path / "settings.toml"
    assert settings_in_force(path, tmp_path / "own", SetClock(NOW)).settings.limits.quiet_hours == "21:30-06:30"
    path.write_text("[limits]\nloudest_percent = 500\n")
    with pytest.raises(SettingsInvalid):
        settings_in_force(path, tmp_path / "own", SetClock(NOW))


@pytest.mark.parametrize("copy", ["", "\n", "\0\0\0", "[limits", "\xff"])
@pytest.mark.parametrize("content", [None, "", "[limits"])
def test_where_the_last_good_settings_are_damaged_too_nothing_is_guessed(
    tmp_path: Path, content: str | None, copy: str
) -> None:
    """The defaults could be looser than what the installer wanted."""
    path, own = tmp_path / "settings.toml", tmp_path / "own"
    path.write_text(QUIET)
    settings_in_force(path, own, SetClock(NOW))
    path.unlink() if content is None else path.write_text(content)
    (own / "settings.good.toml").write_text(copy, encoding="latin-1")
    with pytest.raises(XiaolabaError, match=r"settings\.toml"):
        settings_in_force(path, own, SetClock(NOW))


def prepare(store: sqlite3.Connection) -> None:
    """Make the table."""
    store.execute("CREATE TABLE IF NOT EXISTS row (n INTEGER PRIMARY KEY, text TEXT)")


def test_a_store_that_is_damaged_in_its_middle_is_begun_anew(tmp_path: Path) -> None:
    """Who met the damage is told to look again; the damaged file is kept."""
    path = tmp_path / "store.sqlite"
    with opened(path, prepare, SetClock(NOW)) as store, store:
        store.executemany("INSERT INTO row VALUES (?, ?)", [(n, "x" * 500) for n in range(2000)])
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 40_960] = b"\xaa" * 40_960
    path.write_bytes(content)
    with pytest.raises(StoreDamaged), opened(path, prepare, SetClock(NOW)) as store:
        store.execute("SELECT sum(length(text)) FROM row").fetchall()
    with opened(path, prepare, SetClock(NOW)) as store:
        assert store.execute("SELECT count(*) FROM row").fetchone() == (0,)
    [aside] = all_aside(tmp_path)
    assert aside.path.read_bytes() == content
