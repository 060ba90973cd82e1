"""``holidays``: what is known, and a notice put into the programme file; ``check`` and ``doctor`` tell when it ends."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from box.folders import Folders, share
from cli.__main__ import main
from cli.checkup_calendar import check_up_calendar
from programme.civil import known_until
from programme.file import ProgrammeFile
from tests.programme.test_notice import NEXT

NOTICE = NEXT.replace("2027年放假安排", "2027年放假安排，国务院办公厅")


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """Return a data folder with the starter programme, its noon on workdays."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    found = Folders(tmp_path, tmp_path)
    found.panel.mkdir()
    starter = (share() / "schedule.yaml").read_text(encoding="utf-8")
    before, noon, after = starter.partition("  noon:")
    found.programme.write_text(before + noon + after.replace("days: every day", "days: workdays", 1), encoding="utf-8")
    return found


def test_a_notice_is_put_into_the_programme_file(
    folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its days are printed, every comment stays, and from then on the year is known."""
    file = tmp_path / "notice.txt"
    file.write_bytes(NOTICE.encode("gb18030"))
    before = folders.programme.read_text(encoding="utf-8")
    assert main(["--data", str(tmp_path), "holidays", str(file)]) == 0
    assert "  2027-02-05 – 2027-02-11  春节" in capsys.readouterr().out
    programme = ProgrammeFile(folders.programme).read().programme
    assert [year.year for year in programme.calendar] == [2027]
    after = folders.programme.read_text(encoding="utf-8")
    assert after.startswith(before.rstrip("\n")[:-200])
    assert '  "2027":\n    holidays:\n      - {name: 元旦, from: 2027-01-01, to: 2027-01-03}\n' in after
    assert main(["--data", str(tmp_path), "holidays"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"the holidays are known until the end of {known_until(programme.calendar).year}\n2027\n")
    assert "worked instead: 2027-01-30 2027-02-13 2027-05-08 2027-09-26 2027-10-09" in shown


def test_a_notice_with_a_slip_changes_nothing(
    folders: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each fault is a line, and the exit code 2."""
    file = tmp_path / "notice.txt"
    file.write_text(NOTICE.replace("2月13日（周六）", "2月13日（周日）"), encoding="utf-8")
    before = folders.programme.read_bytes()
    assert main(["--data", str(tmp_path), "holidays", str(file)]) == 2
    assert "2027-02-13 is no day as" in capsys.readouterr().out
    assert main(["--data", str(tmp_path), "holidays", str(tmp_path / "none.txt")]) == 2
    assert folders.programme.read_bytes() == before


def test_two_months_before_the_table_ends_doctor_says_so(folders: Folders) -> None:
    """And how to mend it; not before, and not where no broadcast depends on it."""
    year = known_until().year
    warned = datetime(year, 11, 1, 4, tzinfo=UTC)
    (finding,) = check_up_calendar(folders, warned)
    assert (finding.code, finding.state) == ("calendar", "wrong")
    assert f"the holidays of {year + 1} are not known yet" in finding.what.en
    assert [one.state for one in check_up_calendar(folders, datetime(year, 10, 31, 4, tzinfo=UTC))] == ["good"]
    folders.programme.write_bytes((share() / "schedule.yaml").read_bytes())
    assert [one.state for one in check_up_calendar(folders, warned)] == ["good"]
    folders.programme.unlink()
    assert check_up_calendar(folders, warned) == []
    assert date(year, 12, 31) == known_until()
