"""``day``: what will be played."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from cli.__main__ import main
from cli.day import day_in
from cli.wrong import InputWrong
from programme.publication import encode_publication
from programme.shared import encode_shared
from programme.writing import fresh
from tests.programme.samples import SMALL
from tests.programme.test_timetable import published
from tests.programme.test_together import SHARED


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with the small programme."""
    (tmp_path / "panel").mkdir()
    (tmp_path / "panel" / "schedule.yaml").write_bytes(fresh(SMALL))
    return tmp_path


def test_a_day_is_a_line_a_broadcast(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Time, name, length (marked as an estimate), volume, titles."""
    assert main(["--data", str(data), "day", "--date", "2026-02-17"]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "警苑小区  2026-02-17  Tuesday, Spring Festival, a day of rest (Spring Festival holiday)",
        "  07:30  morning         ~0:07   80%  守好阵地、热线  ♪ three falling bells",
        "  18:30  evening         ~0:04   80%  热线  ♪ three falling bells",
    ]
    assert printed.err == ""


def test_json_is_nothing_but_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is on air has its exact length."""
    (data / "panel" / "on-air.json").write_bytes(encode_publication(published(SMALL)))
    assert main(["--data", str(data), "day", "--date", "2026-02-17", "--json"]) == 0
    day = json.loads(capsys.readouterr().out)
    assert (day["date"], day["zone"], day["notes"]) == ("2026-02-17", "警苑小区", [])
    assert day["broadcasts"][1] == {
        "at": "18:30",
        "due": "2026-02-17T18:30:00+08:00",
        "broadcast": "evening",
        "messages": [{"id": "hotline", "title": "热线", "seconds": 1.0, "estimated": False}],
        "chime": "bells",
        "repeat": 1,
        "seconds": 3.3,
        "estimated": False,
        "volume": 80,
        "shared": False,
        "foretold": {
            "begins": "2026-02-17T10:30:00Z",
            "seconds": 3.3,
            "volume": 80,
            "outcome": "aired",
            "reason": "",
        },
        "warnings": [],
    }


def test_what_a_hub_has_this_yard_say_is_in_the_day_and_the_year(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the yard's own, which is moved; a yard that left has its own alone again."""
    (data / "panel" / "shared.json").write_bytes(encode_shared(SHARED))
    assert main(["--data", str(data), "day", "--date", "2026-02-17"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  07:30  c-morning        0:03   80%  全社区通知  ♪ three falling bells  (from the hub)",
        "  07:31  morning         ~0:07   80%  守好阵地、热线  ♪ three falling bells",
        "         ! the community's is due at 07:30: it is aired at 07:31",
        "  18:30  evening         ~0:04   80%  热线  ♪ three falling bells",
        "  -  12:00  c-exam       it is aired in exceptions only",
    ]
    assert main(["--data", str(data), "day", "--year", "2026"]) == 0
    assert capsys.readouterr().out.splitlines()[47].startswith("2026-02-17  07:30 07:31 18:30")


def test_a_hub_shows_what_is_for_its_own_yard(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is for others alone is not played here."""
    morning, evening = SMALL.broadcasts
    messages = tuple(replace(one, zones=("all",)) for one in SMALL.messages)
    elsewhere = replace(SMALL, messages=messages, broadcasts=(morning, replace(evening, zones=("yard-3",))))
    (data / "panel" / "schedule.yaml").write_bytes(fresh(elsewhere))
    assert main(["--data", str(data), "day", "--date", "2026-02-17"]) == 0
    assert [line[2:7] for line in capsys.readouterr().out.splitlines()[1:]] == ["07:30"]


def test_without_a_date_it_is_today(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Today in the zone of the programme."""
    assert main(["--data", str(data), "day"]) == 0
    assert "07:30" in capsys.readouterr().out


def test_quiet_hours_of_the_installer_are_warned_of(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broadcast in them would not be heard, and nobody would know why."""
    (data / "settings.toml").write_text('[limits]\nquiet_hours = "18:00-08:00"\n', encoding="utf-8")
    assert main(["--data", str(data), "day", "--date", "2026-02-17"]) == 0
    assert capsys.readouterr().out.count("in the quiet hours: it will not sound") == 2


def test_a_damaged_publication_is_told_and_lengths_are_estimates(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The day is shown all the same."""
    (data / "panel" / "on-air.json").write_bytes(b"{")
    assert main(["--data", str(data), "day", "--date", "2026-02-17"]) == 0
    printed = capsys.readouterr()
    assert "~" in printed.out
    assert "lengths are estimates" in printed.err


def test_a_broken_programme_is_wrong_input(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its faults are told with their lines; there is no result."""
    (data / "panel" / "schedule.yaml").write_text("version: 1\nzone:\n", encoding="utf-8")
    assert main(["--data", str(data), "day"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "schedule.yaml:2: zone is empty" in printed.err


@pytest.mark.parametrize("text", ["", "today", "2026-2-17", "2026-02-30", "20260217", "0001-01-01", "9999-12-31"])
def test_what_is_no_date_is_wrong_input(text: str) -> None:
    """With the form that is."""
    with pytest.raises(InputWrong, match="2026-02-17"):
        day_in(text)


def test_a_date_is_a_date() -> None:
    """As ISO writes it."""
    assert day_in("2026-02-17") == date(2026, 2, 17)


def test_a_year_is_a_line_a_day(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To be read, or printed; a year that is none is told."""
    assert main(["--data", str(data), "day", "--year", "2026"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 365
    assert lines[47] == ("2026-02-17  07:30 18:30  Tuesday, Spring Festival, a day of rest (Spring Festival holiday)")
    for year in ("20", "x", "99999"):
        assert main(["--data", str(data), "day", "--year", year]) == 2
