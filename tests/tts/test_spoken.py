"""The spoken form: the table of notices, and what holds for any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.hotlines import NATIONAL, say_numbers_twice
from tests.tts.notices import NOTICES
from tts.rules.numbers import cardinal, digits, digits_clearly, quantity
from tts.spoken import SpokenFormEmpty, spoken_form, spoken_with_notes


@pytest.mark.parametrize(("notice", "said"), NOTICES)
def test_a_notice_is_read_as_people_say_it(notice: str, said: str) -> None:
    """Every notice of the table is said exactly so."""
    assert spoken_form(notice) == said


def test_what_is_said_is_its_own_spoken_form() -> None:
    """Reading the spoken form again changes nothing, in any notice."""
    assert [said for _, said in NOTICES if spoken_form(said) != said] == []


def test_the_table_is_large_enough_to_be_a_specification() -> None:
    """The table holds three hundred notices or more, none of them twice."""
    assert len({written for written, _ in NOTICES}) == len(NOTICES) >= 300


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0", "零"),
        ("10", "十"),
        ("22", "二十二"),
        ("105", "一百零五"),
        ("110", "一百一十"),
        ("200", "二百"),
        ("1010", "一千零一十"),
        ("2000", "两千"),
        ("10500", "一万零五百"),
        ("20000", "两万"),
        ("120500", "十二万零五百"),
        ("1000001", "一百万零一"),
        ("200000000", "两亿"),
        ("100010000", "一亿零一万"),
        ("36.5", "三十六点五"),
        ("0.05", "零点零五"),
        ("007", "零零七"),
    ],
)
def test_amounts(number: str, said: str) -> None:
    """An amount has its zeros and its 两 where people say them."""
    assert cardinal(number) == said


def test_two_of_something() -> None:
    """Two of what is counted is 两, the number itself 二."""
    assert (quantity("2"), quantity("12"), cardinal("2")) == ("两", "十二", "二")


def test_one_is_told_apart_from_seven_on_the_telephone() -> None:
    """Years have 一, telephone numbers 幺."""
    assert (digits("2017"), digits_clearly("2017")) == ("二零一七", "二零幺七")


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "！？。", "😀⚠️", "\x00\x07", "——", "（）", "🎵 ♪"])
def test_nothing_to_say_is_an_error(text: str) -> None:
    """Text in which nothing can be said is refused with a sentence, not made into silence."""
    with pytest.raises(SpokenFormEmpty) as refused:
        spoken_form(text)
    assert "请写上文字" in refused.value.sentence.zh


def test_control_characters_and_emoji_are_dropped() -> None:
    """What no engine can say is not in the spoken form."""
    assert spoken_form("今\u200b晚\x07停水💧🇨🇳1️⃣楼") == "今晚停水一楼"


@pytest.mark.parametrize(
    ("text", "said", "notes"),
    [
        ("今晚8点停水。", "今晚八点停水。", ()),
        ("今晚👉停水🎉🎉", "今晚，停水", ("图形“👉🎉”不会读出来，需要的话请写成文字",)),
        ("今\u200b晚停\x07水", "今晚停水", ("文中有看不见的字符，已经去掉",)),
        ("停水※请储水*", "停水，请储水", ("符号“*”不会读出来，需要的话请写成文字",)),
        ("停水（周五）", "停水，周五", ("括号里的字会读出来，括号读成停顿",)),
        ("学习《民法典》“物权编”", "学习民法典、物权编", ("引号和书名号听不出来",)),
        ("（一）电话(0371)64351234", "一、电话零三七幺，六四三五，幺二三四", ()),
        ("①下雨👨‍👩‍👧", "一、下雨", ("图形“👨👩👧”不会读出来，需要的话请写成文字",)),
    ],
)
def test_the_writer_is_told_what_is_not_heard(text: str, said: str, notes: tuple[str, ...]) -> None:
    """Pictures, unseen characters, signs, brackets and quotation marks are left out, each kind with a note."""
    spoken = spoken_with_notes(text)
    assert spoken.text == said == spoken_form(text)
    assert tuple(note.zh for note in spoken.notes) == notes
    assert all(note.en.isprintable() for note in spoken.notes)


@pytest.mark.parametrize("number", sorted(NATIONAL))
def test_every_national_number_is_said_digit_by_digit_and_twice_where_wanted(number: str) -> None:
    """It is never an amount, and so is its repetition."""
    clearly = digits_clearly(number)
    assert spoken_form(f"请拨{number}。") == f"请拨{clearly}。"
    assert spoken_form(say_numbers_twice(f"请拨打{number}，谢谢")) == f"请拨打{clearly}，{clearly}，谢谢"


_WRITTEN = st.sampled_from([written for written, _ in NOTICES])


@given(
    _WRITTEN, _WRITTEN, st.integers(0, 60), st.integers(0, 60), st.sampled_from(["", *"0129.:-—~/()①一至%号，、+#*"])
)
def test_notices_cut_and_joined_anywhere_leave_no_digit_and_are_their_own_spoken_form(
    first: str, second: str, end: int, start: int, between: str
) -> None:
    """However the secretary cuts and pastes, every number is said, and said as it stays."""
    try:
        said = spoken_form(first[:end] + between + second[start:])
    except SpokenFormEmpty:
        return
    assert not re.search(r"[\d\n]", said)
    assert spoken_form(said) == said


_NOTICE_CHARACTERS = st.one_of(
    st.sampled_from("0123456789.:-—~至年月日号点分元%℃楼室个人转电话拨打第（），。 "), st.characters()
)


@given(st.text(_NOTICE_CHARACTERS, max_size=60))
def test_any_text_gives_one_line_without_digits_that_is_its_own_spoken_form(text: str) -> None:
    """Whatever is pasted in, no digit and no line end is left, and saying it again changes nothing."""
    try:
        said = spoken_form(text)
    except SpokenFormEmpty:
        return
    assert not re.search(r"[\d\n\r\x00-\x1f²³]", said)
    assert spoken_form(said) == said
