"""How the command finds its verb and ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.__main__ import main
from cli.places import child_environment
from cli.test import pytest_arguments
from cli.verbs import VERBS, load


def xiaolaba(*words: str, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, in English."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "cli", *words],
        env={**child_environment(), "LC_ALL": "en_GB.UTF-8", **more},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("name", sorted(VERBS))
def test_every_verb_of_the_table_is_there(name: str) -> None:
    """Each verb has a module with a summary in both languages and the two functions."""
    verb = load(name)
    assert verb.SUMMARY.zh
    assert verb.SUMMARY.en
    assert callable(verb.add_arguments)
    assert callable(verb.run)


def test_a_verb_that_does_not_exist_is_wrong_input(capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, and the verbs there are follow; exit code 2."""
    assert main(["sing"]) == 2
    assert "sing" in capsys.readouterr().err


def test_without_a_verb_the_verbs_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing asked is wrong input; asked for help it is a result."""
    assert main([]) == 2
    assert capsys.readouterr().out == ""
    assert main(["help"]) == 0
    assert "doctor" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("--data", "{}", "status"), ("status", "--data", "{}"), ("--data={}", "status")])
def test_the_data_folder_is_named_before_or_after_the_verb(words: tuple[str, ...], tmp_path: Path) -> None:
    """In both places it is understood; a speaker that is away is one sentence and exit code 1."""
    done = xiaolaba(*(word.format(tmp_path) for word in words))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "the speaker is not running" in done.stderr


def test_an_option_that_does_not_exist_is_wrong_input(tmp_path: Path) -> None:
    """The refusal has the exit code of the design."""
    assert xiaolaba("status", "--sing").returncode == 2


def test_broken_settings_are_wrong_input(tmp_path: Path) -> None:
    """Limits are never guessed: ``run`` refuses a settings file with a mistake before anything starts."""
    (tmp_path / "settings.toml").write_text('[limits]\nloudest_percent = "loud"\n', encoding="utf-8")
    done = xiaolaba("--data", str(tmp_path), "run")
    assert done.returncode == 2
    assert "loudest_percent" in done.stderr
    assert not (tmp_path / "panel").exists()


def test_a_folder_that_can_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    """What the disk refuses is told with the file's name; exit code 1."""
    (tmp_path / "panel").write_text("", encoding="utf-8")
    done = xiaolaba("setup-code", "--data", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert str(tmp_path / "panel") in done.stderr


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    """``xiaolaba help | head -1`` ends quietly."""
    pipe, other = os.pipe()
    os.close(pipe)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "cli", "help"],
        env=child_environment(),
        stdout=other,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(other)
    assert done.stderr == b""
    assert done.returncode == 1


def test_a_folder_of_ours_where_the_user_stands_is_not_taken(tmp_path: Path) -> None:
    """Whoever stands in a folder that has a ``box`` of its own still gets ours."""
    (tmp_path / "box").mkdir()
    (tmp_path / "box/__init__.py").write_text("raise SystemExit('taken')", encoding="utf-8")
    assert xiaolaba("version", cwd=tmp_path).returncode == 0


def test_a_terminal_that_can_not_show_chinese_gets_no_traceback(tmp_path: Path) -> None:
    """Characters that it lacks become question marks."""
    done = xiaolaba("status", "--data", str(tmp_path), LC_ALL="zh_CN.GBK", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


SEVERAL = ("-n", "auto", "--dist", "worksteal")


@pytest.mark.parametrize(
    ("rest", "becomes"),
    [
        ([], ["-m", "not slow", *SEVERAL]),
        (["--slow"], [*SEVERAL, "--cov", "--cov-report=term:skip-covered"]),
        (["--slow", "--cov"], [*SEVERAL, "--cov"]),
        (["tests/cli", "-k", "x"], ["-m", "not slow", "tests/cli", "-k", "x"]),
    ],
)
def test_all_tests_run_several_at_a_time(rest: list[str], becomes: list[str]) -> None:
    """A part of them does not; all with the slow ones, which are asked for by name, show their coverage."""
    assert pytest_arguments(rest) == becomes
