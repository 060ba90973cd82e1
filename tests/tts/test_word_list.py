"""The word list: what a row may be, which word is taken, and the file that keeps the secretary's own rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tts.pinyin import pinyin_text
from tts.spoken import spoken_form
from tts.syllables import SYLLABLES, syllable_of
from tts.word_list import STARTER_ROWS, WordList, readings_from, starter
from tts.word_row import Row, WordsWrong
from tts.words_file import MOST_BYTES, MOST_ROWS, WordsFileWrong, read_rows, write_rows

OWN = (
    Row("盖州", "gài zhōu", "盖周"),
    Row("12·4", "shi2 er4 si4", "十二四"),
    Row("K1路", "kai1 yi1 lu4", "开一路"),
    Row("单于路", "chan2 yu2 lu4"),
)


def said(words: WordList, text: str) -> str:
    """Return ``text`` with the homophones in it, where no rule has done anything in between."""
    shielded, shields = words.shielded(text)
    return shielded.translate(shields)


@pytest.mark.parametrize(
    ("written", "syllable"),
    [
        ("dai4", "dai4"),
        ("dài", "dai4"),
        ("lü4", "lv4"),
        ("lǜ", "lv4"),
        ("lv4", "lv4"),
        ("nüè", "nve4"),
        ("zhuāng", "zhuang1"),
        ("er2", "er2"),
        ("dai", None),
        ("dai6", None),
        ("dai0", None),
        ("dài4", None),
        ("dia4i", None),
        ("bong1", None),
        ("fi1", None),
        ("jang1", None),
        ("DAI4", None),
        ("4", None),
        ("", None),
    ],
)
def test_a_syllable_is_one_of_the_language_with_one_tone(written: str, syllable: str | None) -> None:
    """Tones as numbers or as marks, ü or v; what no Chinese says is none."""
    assert syllable_of(written) == syllable


def test_the_table_has_every_syllable_that_dictionaries_list() -> None:
    """About four hundred, without tones."""
    assert 400 <= len(SYLLABLES) <= 420


@pytest.mark.parametrize(
    "row",
    [
        Row("大夫", ""),
        Row("大夫", "dai4"),
        Row("大夫", "dai fu"),
        Row("大夫", "dai4 fu5 x1"),
        Row("大夫", "dai6 fu5"),
        Row("大夫", "4dai fu5"),
        Row("大夫", "DAI4 fu5"),
        Row("大夫", "dai4 fuu5"),
        Row("大夫", "dai4 fu5", "代1"),
        Row("大夫", "dai4 fu5", "代"),
        Row("大夫", "dai4 fu5", "代，夫"),
        Row("12·4", "shi2 er4 si4"),
        Row("12·4", "shi2 er4", "十二四"),
        Row("。。", "dai4 fu5"),
        Row("大" * 21, " ".join(["da4"] * 21)),
    ],
)
def test_a_row_that_can_not_be_is_named(row: Row) -> None:
    """The sentence has the word in it, and the row's place in the list."""
    with pytest.raises(WordsWrong) as wrong:
        WordList([Row("重庆", "chong2 qing4"), row])
    [(index, said)] = wrong.value.rows
    assert index == 1
    assert row.word in said.zh
    assert row.word in said.en


def test_every_wrong_row_is_named_at_once() -> None:
    """She need not find them one by one."""
    with pytest.raises(WordsWrong) as wrong:
        WordList([Row("大夫", "dai fu"), Row("重庆", "chong2 qing4"), Row("着急", "zhao9 ji2")])
    assert [index for index, _ in wrong.value.rows] == [0, 2]
    assert "大夫" in str(wrong.value)
    assert "着急" in str(wrong.value)


def test_homophones_stand_for_their_words() -> None:
    """Words without one stay, and so does everything else."""
    assert said(WordList(OWN), "盖州单于路K1路停运，12·4活动") == "盖周单于路开一路停运，十二四活动"


def test_a_longer_word_guards_its_parts() -> None:
    """The longest match is taken, whether it has a homophone or not."""
    words = WordList([Row("行", "hang2", "航"), Row("行人", "xing2 ren2"), Row("银行", "yin2 hang2", "银航")])
    assert said(words, "行人在银行外排行") == "行人在银航外排航"


def test_a_word_of_digits_or_letters_is_not_taken_out_of_a_longer_one() -> None:
    """12·4 is not in 112·45, nor K1 in OK1."""
    words = WordList([*OWN, Row("K1", "kai1 yi1", "开一")])
    assert said(words, "112·4、12·45、OK1、K12、K1") == "112·4、12·45、OK1、K12、开一"


def test_a_word_comes_before_the_rules_of_numbers_and_is_safe_from_them() -> None:
    """A homophone is said as it is, and the numbers around it as ever."""
    words = WordList(OWN)
    assert spoken_form("12·4活动12:30开始，乘K1路到2号楼。") == "十二四活动十二点三十分开始，乘K一路到二号楼。"
    assert spoken_form("12·4活动12:30开始，乘K1路到2号楼。", words) == "十二四活动十二点三十分开始，乘开一路到二号楼。"
    assert spoken_form("１２·４ 活动", words) == "十二四活动"


def test_a_homophone_has_the_pinyin_of_its_word() -> None:
    """The voice that reads pinyin says the same as those that read characters."""
    words = WordList(OWN)
    assert words.readings.of("盖州") == words.readings.of("盖周") == ("gai4", "zhou1")
    assert words.readings.of("停水") is None
    assert pinyin_text(spoken_form("K1路到盖州", words), words.readings) == "kai1 yi1 lu4 dao4 gai4 zhou1"


@pytest.mark.parametrize("spoken", ["银行行长在盖州K一路不着急", "盖周行人", "请大夫，大夫", "停水", ""])
def test_the_words_that_touch_a_text_alone_read_it_as_the_whole_list_does(spoken: str) -> None:
    """So a job carries these and no others, and the key of a clip names what makes its sound."""
    words = WordList((*STARTER_ROWS, *OWN))
    given = words.readings.touching(spoken)
    assert set(given) <= {spoken[i:j] for i in range(len(spoken)) for j in range(i + 1, len(spoken) + 1)}
    assert pinyin_text(spoken, readings_from(given)) == pinyin_text(spoken, words.readings)


def test_of_two_rows_for_a_word_the_later_counts() -> None:
    """So the secretary's row goes before the starter's."""
    words = WordList([Row("大夫", "dai4 fu5"), Row("大夫", "da4 fu1")])
    assert words.readings.of("大夫") == ("da4", "fu1")


def test_the_starter_list_has_the_common_traps_and_the_places_of_gongyi() -> None:
    """It ships with the project and is right in itself."""
    words = starter()
    for word in (
        "重庆",
        "银行行长",
        "大夫",
        "着急",
        "巩义",
        "站街",
        "米河",
        "涉村",
        "小关",
        "鲁庄",
        "河洛",
        "芝田",
        "回郭",
        "康店",
    ):
        assert words.readings.of(word)
    assert len(STARTER_ROWS) >= 100


def test_the_file_keeps_the_rows(tmp_path: Path) -> None:
    """What is written is read again, and the starter list is below it."""
    path = tmp_path / "words.tsv"
    write_rows(path, OWN)
    assert read_rows(path) == OWN
    words = WordList.read(path)
    assert words.readings.of("盖州") == ("gai4", "zhou1")
    assert words.readings.of("大夫") == ("dai4", "fu5")


def test_without_a_file_the_starter_list_is_used(tmp_path: Path) -> None:
    """A new house has no rows of its own."""
    assert read_rows(tmp_path / "words.tsv") == ()
    assert WordList.read(tmp_path / "words.tsv").rows == STARTER_ROWS


def test_a_spreadsheet_may_have_saved_it(tmp_path: Path) -> None:
    """A mark of the encoding, other line ends, remarks and empty lines do no harm."""
    path = tmp_path / "words.tsv"
    path.write_bytes("\ufeff# 词\t拼音\r\n大夫\tdai4 fu5\t\r\n\r\n盖州 \t gai4 zhou1\t盖周\r\n".encode())
    assert read_rows(path) == (Row("大夫", "dai4 fu5"), Row("盖州", "gai4 zhou1", "盖周"))


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("大夫 dai4 fu5\n".encode(), "第 1 行"),
        ("# 词\n大夫\tdai4 fu5\t代夫\t多\n".encode(), "第 2 行"),
        ("大夫".encode("gbk"), "UTF-8"),
        (b"\x00\xff\xfe", "UTF-8"),
        (b"#" * (MOST_BYTES + 1), "太大"),
        ("大夫\tdai4 fu5\n".encode() * (MOST_ROWS + 1), "最多"),
    ],
)
def test_a_file_that_is_no_word_list_is_refused(tmp_path: Path, content: bytes, named: str) -> None:
    """It says what to do, and which line."""
    path = tmp_path / "words.tsv"
    path.write_bytes(content)
    with pytest.raises(WordsFileWrong, match=named):
        read_rows(path)


@pytest.mark.parametrize("rows", [(Row("大夫", "dai fu"),), (Row("大夫", "dai4\tfu5"),), (Row("#大", "da4", "大"),)])
def test_wrong_rows_leave_the_old_file(tmp_path: Path, rows: tuple[Row, ...]) -> None:
    """Nothing is half written."""
    path = tmp_path / "words.tsv"
    write_rows(path, OWN)
    with pytest.raises((WordsWrong, WordsFileWrong)):
        write_rows(path, rows)
    assert read_rows(path) == OWN


@given(
    st.text(st.one_of(st.sampled_from("12·4K路单于盖州行人0"), st.characters(exclude_categories=["Co"])), max_size=40)
)
def test_any_text_is_taken(text: str) -> None:
    """Each shield stands in the place of a word that has a homophone, and everything else is as it was written."""
    shielded, shields = WordList(OWN).shielded(text)
    words = {row.homophone: row.word for row in OWN}
    assert shielded.translate({shield: words[homophone] for shield, homophone in shields.items()}) == text
