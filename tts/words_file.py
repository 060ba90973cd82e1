"""The secretary's own word list as a file: a row a line, its columns apart by tabs, as any spreadsheet saves it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from box.durable import replace_file
from box.sentences import XiaolabaError
from tts.word_row import Row, check

MOST_BYTES = 256 * 1024
MOST_ROWS = 2000
_HEADER = "# 词\t拼音\t同音字"


class WordsFileWrong(XiaolabaError):
    """The file is no word list: too large, not text, or a line that is not a row."""


def read_rows(path: Path) -> tuple[Row, ...]:
    """Return the rows of the file, none where there is no file. Lines that begin with # are remarks.

    Raises WordsFileWrong naming the line, OSError when it can't be read. The rows themselves ``WordList`` checks.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return ()
    return rows_in(content)


def rows_in(content: bytes) -> tuple[Row, ...]:
    """Return the rows in a file's bytes. Raises WordsFileWrong, as ``read_rows`` does."""
    if len(content) > MOST_BYTES:
        raise WordsFileWrong("读音表太大，请删去一些词", "the word list is too large, please take some words out")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WordsFileWrong(
            "读音表不是文本，请另存为 UTF-8 编码", "the word list is not text, please save it as UTF-8"
        ) from error
    rows: list[Row] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [column.strip() for column in line.split("\t")]
        if not 2 <= len(columns) <= 3:
            raise WordsFileWrong(
                f"读音表第 {number} 行不对：词、拼音、同音字之间用制表符隔开",
                f"line {number} of the word list is wrong: word, pinyin and homophone are apart by tabs",
            )
        rows.append(Row(*columns))
    if len(rows) > MOST_ROWS:
        raise WordsFileWrong(
            f"读音表最多 {MOST_ROWS} 个词，请删去一些",
            f"a word list has at most {MOST_ROWS} words, please take some out",
        )
    return tuple(rows)


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Put the rows at ``path``, durably and in their order.

    Raises WordsWrong with every row that can't be, WordsFileWrong when they are too many; the old file stays then.
    """
    kept = tuple(rows)
    check(kept)
    lines = (f"{row.word}\t{row.pinyin}\t{row.homophone}".rstrip("\t") for row in kept)
    content = "\n".join((_HEADER, *lines, "")).encode()
    if rows_in(content) != kept:
        raise WordsFileWrong(
            "读音表里不能有制表符、换行或开头的#号",
            "a word list has no tabs, no line ends and no # at a line's beginning",
        )
    replace_file(path, content)
