"""``check``: faults and where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from box.folders import share
from cli.__main__ import main


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def test_a_right_file_is_one_line_and_exit_code_0(capsys: pytest.CaptureFixture[str]) -> None:
    """The starter programme is right."""
    path = share() / "schedule.yaml"
    assert main(["check", str(path)]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{path}: no mistakes. 警苑小区, 4 broadcasts, 4 messages\n"
    assert printed.err == ""


def test_each_fault_is_a_line_with_its_place_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are the result, so they go to standard output, where an editor can jump to them."""
    path = tmp_path / "x.yaml"
    path.write_text("version: 1\nzone:\nvolum: 3\n", encoding="utf-8")
    assert main(["check", str(path)]) == 2
    assert capsys.readouterr().out.splitlines() == [
        f"{path}:2: zone is empty; write something",
        f'{path}:3: there is no key "volum"; did you mean "volume"?',
    ]


def test_without_a_file_it_is_the_data_folders_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before the first run, the starter programme is checked, and it says so."""
    assert main(["--data", str(tmp_path), "check"]) == 0
    assert "starter programme" in capsys.readouterr().err
    (tmp_path / "panel").mkdir()
    (tmp_path / "panel" / "schedule.yaml").write_text("version: 1\nzone: 别处\n", encoding="utf-8")
    assert main(["--data", str(tmp_path), "check"]) == 0
    assert "别处, 0 broadcasts" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_wrong_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, exit code 2."""
    assert main(["check", str(tmp_path / "none.yaml")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "There is no programme file" in printed.err


def test_a_binary_file_is_a_fault_and_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody may name the wrong one."""
    path = tmp_path / "x.wav"
    path.write_bytes(b"RIFF\xff\xfe\x00\x01" * 20)
    assert main(["check", str(path)]) == 2
    assert capsys.readouterr().out == f"{path}:1: this is not UTF-8; save the file as UTF-8\n"


def test_a_number_that_is_nearly_a_registered_one_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its line, and without failing: it may be right."""
    path = tmp_path / "x.yaml"
    path.write_text(
        'version: 1\nzone: z\nmessages:\n  a: {title: t, text: "请拨打12345"}\n  b:\n    title: 热线\n'
        '    text: 请拨打12354。\nbroadcasts: {}\nhotlines: ["12345"]\n',
        encoding="utf-8",
    )
    assert main(["check", str(path)]) == 0
    warning, fine = capsys.readouterr().out.splitlines()
    assert warning.startswith(f"{path}:7: warning: '热线': the number 12354 differs by a digit or two from 12345")
    assert "no mistakes" in fine


def test_a_contact_whose_message_is_not_there_is_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is right by itself; what the installer has bound to it is not."""
    (tmp_path / "panel").mkdir()
    (tmp_path / "panel" / "schedule.yaml").write_text("version: 1\nzone: 别处\n", encoding="utf-8")
    contact = '[[contacts]]\nname = "消防主机"\npin = 5\nmessage = "fire"\n'
    (tmp_path / "settings.toml").write_text(contact, encoding="utf-8")
    assert main(["--data", str(tmp_path), "check"]) == 0
    printed = capsys.readouterr().out
    assert "warning: the message of the contact “消防主机” (fire)" in printed
    assert "no mistakes" in printed
