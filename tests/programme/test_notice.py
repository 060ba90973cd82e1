"""The notice of a year's holidays is read as it is printed, and what is wrong with it is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme import civil
from programme.notice import LONGEST_NOTICE, NoticeUnclear, decoded, read_notice
from tests.programme.arrangements import LINES, days_of
from tests.programme.notices import NOTICES

NEXT = """2027年放假安排
元旦：1月1日（周五）至3日（周日）放假。
春节：2月5日至11日放假调休，共7天。1月30日（周六）、2月13日（周六）上班
清明节：4月3日—5日放假
劳动节: 2027-05-01 至 2027-05-05 放假，5月8日上班
端午节：6月9日
中秋节：9月15日放假
国庆节：１０月１日到７日放假，９月２６日、10月9日上班
"""


def faults(text: str) -> list[str]:
    """Return what is wrong with a notice, in Chinese."""
    with pytest.raises(NoticeUnclear) as caught:
        read_notice(text)
    assert all(fault.zh and fault.en for fault in caught.value.faults)
    return [fault.zh for fault in caught.value.faults]


@pytest.mark.parametrize("year", NOTICES)
def test_the_notices_of_six_years_arrange_the_days_as_they_were(year: int) -> None:
    """Each holiday and make-up day, and with them every day of the year."""
    arranged = read_notice(NOTICES[year])
    lines = [line for line in LINES if int(line[0]) == year]
    assert [(one.name, str(one.first), str(one.last)) for one in arranged.holidays] == [
        (name, first, last) for _year, name, first, last, *_worked in lines
    ]
    assert [str(day) for day in arranged.workdays] == sorted(day for line in lines for day in line[4:])
    for day in days_of(year):
        assert civil.is_workday(day, [arranged]) is civil.is_workday(day)


def test_a_few_lines_by_hand_are_enough() -> None:
    """Dates in three ways, full-width digits, weekdays where somebody wrote them, and no 放假 where it is clear."""
    arranged = read_notice(NEXT)
    assert [(one.name, f"{one.first:%m%d}", f"{one.last:%m%d}") for one in arranged.holidays] == [
        ("元旦", "0101", "0103"),
        ("春节", "0205", "0211"),
        ("清明节", "0403", "0405"),
        ("劳动节", "0501", "0505"),
        ("端午节", "0609", "0609"),
        ("中秋节", "0915", "0915"),
        ("国庆节", "1001", "1007"),
    ]
    worked = ["0130", "0213", "0508", "0926", "1009"]
    assert [f"{day:%m%d}" for day in arranged.workdays] == worked


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("1月30日（周六）", "1月31日（周六）"), "1月31日是星期日，这里写的是星期六，请核对"),
        (("2月5日至11日", "2月5日至12日"), "春节：读出来是 8 天，通知里写共 7 天，请核对"),
        (("清明节：4月3日—5日放假\n", ""), "没有找到清明节的安排"),
        (("2月13日", "2月30日"), "日历上没有“2月30日（周六）”这一天"),
        (("6月9日", "6月10日"), "端午节是 6月9日，却不在 2027-06-10 到 2027-06-10 里，请核对"),
        (("5月8日上班", "5月7日上班"), "2027-05-07 不是周六周日，不用写调休上班"),
        (("9月15日放假", "待定"), "没看懂中秋节哪几天放假"),
        (("6月9日", "6月9日、6月11日"), "端午节放假的日子不连着，请核对"),
        (("10月9日上班", "10月3日上班"), "2027-10-03 又放假又上班，请核对"),
        (("2027年放假安排", "放假安排"), ""),
    ],
)
def test_a_slip_of_the_finger_is_told(wrong: tuple[str, str], said: str) -> None:
    """By the weekday, the count, the festival's own day, or because something is not there."""
    changed = NEXT.replace(*wrong)
    if said:
        assert said in faults(changed)
    else:
        assert read_notice(changed).year == 2027  # a date in it says the year


@pytest.mark.parametrize("text", ["", "2027年", "今天天气很好", "2027年元旦：", "元旦：1月1日放假"])
def test_what_is_no_notice_is_told(text: str) -> None:
    """With what is missing."""
    assert faults(text)
    assert "超过" in faults("2027年" * LONGEST_NOTICE)[0]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    text=st.text(st.sampled_from("2027年1月日至放假上班共天（周六）元旦春节：、。—-\n0９国庆"), max_size=200)
    | st.text(max_size=100)
)
def test_any_words_give_a_year_or_faults(text: str) -> None:
    """Never a traceback."""
    try:
        read_notice(text)
    except NoticeUnclear as error:
        assert error.faults


def test_a_file_may_be_in_either_encoding() -> None:
    """Of a phone or of an office's Notepad; a picture is none."""
    assert decoded("２０２７年".encode("gb18030")) == decoded("２０２７年".encode()) == "２０２７年"
    assert decoded(b"\xef\xbb\xbf2027") == "2027"
    with pytest.raises(NoticeUnclear):
        decoded(b"\x89PNG\r\n\x1a\n\0\0\0")
