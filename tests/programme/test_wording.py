"""What changed between two wordings, marked as with a pen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.wording import MOST_CLAUSES, MOST_WORDS, Part, differences

words = st.text(alphabet="今天下雨，。a1 2\n", max_size=40)


def marked(before: str, after: str) -> str:
    """Return the difference with [-gone-] and [+new+]."""
    marks = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
    return "".join(marks[part.kind].format(part.text) for part in differences(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("今天下雨。", "今天下雨。", "今天下雨。"),
        ("今天下雨。", "今天刮风。", "今天[-下雨-][+刮风+]。"),
        ("今天下雨。", "今天下雨，请关窗。", "今天下雨[+，请关窗+]。"),
        ("请拨打 12345。", "请拨打 12346。", "请拨打 [-12345-][+12346+]。"),
        ("早上 7:30 开会。", "早上 8:30 开会。", "早上 [-7:30-][+8:30+] 开会。"),
        ("看 WiFi 信号。", "看 Wire 信号。", "看 [-WiFi-][+Wire+] 信号。"),
        ("第一句。第二句。", "第二句。", "[-第一句。-]第二句。"),
        ("", "新写的。", "[+新写的。+]"),
        ("删掉的。", "", "[-删掉的。-]"),
        ("", "", ""),
    ],
)
def test_what_is_gone_and_what_is_new_is_marked(before: str, after: str, shown: str) -> None:
    """Character by character in Chinese; a number or a Latin word is one piece."""
    assert marked(before, after) == shown


def test_a_single_character_that_stayed_between_two_changes_is_part_of_the_change() -> None:
    """Confetti can't be read."""
    assert marked("甲的乙丙。", "丁的戊己。") == "[-甲的乙丙-][+丁的戊己+]。"


@given(words, words)
def test_both_wordings_can_be_read_from_the_difference(before: str, after: str) -> None:
    """Nothing is lost or made up, and no two parts of a kind stand side by side."""
    parts = differences(before, after)
    assert "".join(part.text for part in parts if part.kind != "new") == before
    assert "".join(part.text for part in parts if part.kind != "gone") == after
    kinds = [part.kind for part in parts]
    assert all(one != other for one, other in pairwise(kinds))


@pytest.mark.parametrize("length", [MOST_CLAUSES * 2, MOST_WORDS * 2])
def test_what_is_too_long_to_compare_is_one_change(length: int) -> None:
    """A text made to take long takes no longer than another."""
    clauses = differences("甲，" * length, "乙，" * length)
    assert clauses == (Part("gone", "甲，" * length), Part("new", "乙，" * length))
    assert differences("甲乙" * length, "乙丙" * length) == (
        Part("gone", "甲乙" * length), Part("new", "乙丙" * length),
    )  # fmt: skip
