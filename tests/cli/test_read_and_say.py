"""``read`` and ``say``."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.__main__ import main
from tts.wave_file import whole_frames


def test_read_prints_the_spoken_form_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """One line on standard output, words put together again."""
    assert main(["read", "2号楼2单元501室", "请注意"]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("二号楼二单元五零幺室请注意\n".replace("室请", "室，请"), "")


@pytest.mark.parametrize("verb", ["read", "say"])
def test_nothing_to_say_is_wrong_input(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence and exit code 2."""
    assert main([verb, "😀"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "请写上文字" in captured.err


def test_say_writes_a_whole_file_and_leaves_the_data_folder_alone(tmp_path: Path) -> None:
    """The file is 48 kHz PCM; trying out a voice puts nothing in the library."""
    data = tmp_path / "data"
    words = ["--data", str(data), "say", "请注意", "--voice", "cmn-latn-pinyin", "-o", str(tmp_path / "said.wav")]
    assert main(words) == 0
    assert whole_frames(tmp_path / "said.wav")
    assert not data.exists()


def test_a_voice_that_does_not_exist_is_wrong_input(capsys: pytest.CaptureFixture[str]) -> None:
    """It is named; exit code 2."""
    assert main(["say", "请注意", "--voice", "Nobody"]) == 2
    assert "Nobody" in capsys.readouterr().err


def test_the_word_list_of_the_data_folder_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A homophone is read; a damaged list is told of on standard error, and the text is read all the same."""
    (tmp_path / "panel").mkdir()
    (tmp_path / "panel/words.tsv").write_text("K1路\tkai1 yi1 lu4\t开一路\n", encoding="utf-8")
    assert main(["--data", str(tmp_path), "read", "乘K1路到2号楼"]) == 0
    assert capsys.readouterr().out == "乘开一路到二号楼\n"
    (tmp_path / "panel/words.tsv").write_text("K1路\tkai yi lu\t开一路\n", encoding="utf-8")
    assert main(["--data", str(tmp_path), "read", "乘K1路到2号楼"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "乘K一路到二号楼\n"
    assert "K1路" in captured.err
