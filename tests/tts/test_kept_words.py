"""The secretary's word list in its folder: what counts, what a damaged file does, one step back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tts.kept_words import KeptWords
from tts.word_list import STARTER_ROWS
from tts.word_row import Row, WordsWrong
from tts.words_file import read_rows

GAIZHOU = Row("盖州", "gai4 zhou1", "盖周")
CHANYU = Row("单于路", "chan2 yu2 lu4")


def test_her_rows_are_on_top_of_the_starter(tmp_path: Path) -> None:
    """What she saves counts at once, also for another process."""
    kept = KeptWords(tmp_path / "words.tsv")
    assert kept.words().rows == STARTER_ROWS
    kept.save([GAIZHOU])
    assert kept.words().rows == (*STARTER_ROWS, GAIZHOU)
    assert KeptWords(tmp_path / "words.tsv").kept().own == (GAIZHOU,)


def test_a_file_changed_by_hand_counts_without_a_restart(tmp_path: Path) -> None:
    """It is read anew when it is another file."""
    path = tmp_path / "words.tsv"
    kept = KeptWords(path)
    before = kept.revision()
    path.write_text("盖州\tgai4 zhou1\t盖周\n", encoding="utf-8")
    assert kept.kept().own == (GAIZHOU,)
    assert kept.revision() != before


@pytest.mark.parametrize(
    "content", [b"\x00\xff", "盖州\tgai zhou\n".encode(), "盖州 gai4\n".encode()], ids=["bytes", "pinyin", "tabs"]
)
@pytest.mark.parametrize("restarted", [False, True])
def test_a_damaged_file_leaves_the_last_good_list(tmp_path: Path, content: bytes, restarted: bool) -> None:
    """Also over a restart; and it is said what is wrong."""
    path = tmp_path / "words.tsv"
    kept = KeptWords(path)
    kept.save([GAIZHOU])
    path.write_bytes(content)
    now = (KeptWords(path) if restarted else kept).kept()
    assert now.own == (GAIZHOU,)
    assert now.fault is not None
    assert "读音表" in now.fault.zh


def test_with_no_good_list_the_starter_counts(tmp_path: Path) -> None:
    """A first file that is damaged is no reason to be silent."""
    (tmp_path / "words.tsv").write_bytes(b"\xff")
    now = KeptWords(tmp_path / "words.tsv").kept()
    assert (now.words.rows, now.own) == (STARTER_ROWS, ())
    assert now.fault is not None


def test_what_cannot_be_read_is_no_end_either(tmp_path: Path) -> None:
    """A folder in the file's place."""
    (tmp_path / "words.tsv").mkdir()
    assert KeptWords(tmp_path / "words.tsv").kept().fault is not None


def test_who_guards_keeps_what_was_written_by_hand(tmp_path: Path) -> None:
    """The panel copies a good file that somebody else wrote; the command writes nothing."""
    path = tmp_path / "words.tsv"
    path.write_text("盖州\tgai4 zhou1\t盖周\n", encoding="utf-8")
    KeptWords(path).kept()
    assert [file.name for file in tmp_path.iterdir()] == ["words.tsv"]
    KeptWords(path, guards=True).kept()
    path.write_bytes(b"\xff")
    assert KeptWords(path).kept().own == (GAIZHOU,)


def test_a_change_is_undone_and_done_again(tmp_path: Path) -> None:
    """One step; without a change there is nothing to undo."""
    kept = KeptWords(tmp_path / "words.tsv")
    assert kept.before() is None
    assert not kept.undo()
    kept.save([GAIZHOU])
    kept.save([GAIZHOU, CHANYU])
    assert kept.undo()
    assert kept.kept().own == (GAIZHOU,)
    assert kept.undo()
    assert kept.kept().own == (GAIZHOU, CHANYU)


def test_wrong_rows_leave_everything_as_it_was(tmp_path: Path) -> None:
    """The file, the good copy and the step back."""
    kept = KeptWords(tmp_path / "words.tsv")
    kept.save([GAIZHOU])
    kept.save([CHANYU])
    with pytest.raises(WordsWrong, match="盖州"):
        kept.save([Row("盖州", "gai zhou")])
    assert kept.kept().own == read_rows(tmp_path / "words.good.tsv") == (CHANYU,)
    assert kept.before() == (GAIZHOU,)
