"""Telephone numbers in messages: found, held against the registered ones, said twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.hotlines import NATIONAL, Suspicion, say_numbers_twice, suspicious


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("请拨打12345，或96110。", ("12345", "96110")),
        ("火警119、急救120、报警110", ("119", "120", "110")),
        ("值班手机13800001234，微信同号。", ("13800001234",)),
        ("联系人：王大夫 138 0000 1234", ("138 0000 1234",)),
        ("社区电话：0371-64351234，(0371)64351235转8001。", ("0371-64351234", "(0371)64351235转8001")),
        ("电话（０３７１）６４３５１２３４", ("（０３７１）６４３５１２３４",)),
        ("客服400-820-8820，咨询61234567", ("400-820-8820", "61234567")),
        ("电话：64351234、64351235，再拨64351234", ("64351234", "64351235")),
        ("有事打 654321", ("654321",)),
        ("2020年1月17日8:30停水，补贴12345元，发放12350人次", ()),
        ("WiFi密码：88886666，邮编451200，群号123456789", ()),
        ("豫A·12345停在3号楼501室，编号20200117", ()),
        ("身份证410181196001011234", ()),
        ("第12345号，面积110平方米，110米", ()),
        ("价格在2000-2500之间，2019-2020学年", ()),
        ("电话：6435-1234", ("6435-1234",)),
        ("", ()),
    ],
)
def test_the_telephone_numbers_of_a_message_are_found(text: str, numbers: tuple[str, ...]) -> None:
    """Each is said twice as it is written; amounts, dates, rooms, plates and passwords are none."""
    twice = text
    for number in numbers:
        twice = twice.replace(number, f"{number}，{number}")
    assert say_numbers_twice(text) == twice


HOTLINES = ("12345", "0371-64351234", "13800001234", "96119")


@pytest.mark.parametrize(
    ("written", "registered"),
    [
        ("12354", "12345"),
        ("1234", "12345"),
        ("123455", "12345"),
        ("12245", "12345"),
        ("0371-64351243", "0371-64351234"),
        ("64351334", "0371-64351234"),
        ("0379-64351234", "0371-64351234"),
        ("（0371）6435-1284", "0371-64351234"),
        ("13800001243", "13800001234"),
        ("1380000123", "13800001234"),
        ("138 0001 1235", "13800001234"),
        ("138000012344", "13800001234"),
        ("96911", "96119"),
    ],
)
def test_a_number_that_is_nearly_a_registered_one_is_questioned(written: str, registered: str) -> None:
    """One or two digits changed, swapped, missing or too many are seen, with the number that was perhaps meant."""
    assert suspicious(f"请拨打{written}。", HOTLINES) == (Suspicion(written, registered),)


@pytest.mark.parametrize(
    "text",
    [
        "请拨打12345。",
        "电话64351234，0371 6435 1234，(0371)64351234转8001",
        "+86 138 0000 1234",
        "请拨打12315、12348、96110、110、119、120。",
        "请拨打13912345678。",
        "补贴12346元，共12344人，密码12346",
        "没有号码",
    ],
)
def test_registered_national_and_quite_other_numbers_are_not_questioned(text: str) -> None:
    """However a registered number is written, it is the same; the well-known ones are known."""
    assert suspicious(text, HOTLINES) == ()


def test_short_numbers_are_questioned_for_one_digit_only() -> None:
    """Of three digits two are nearly all."""
    assert suspicious("请拨打118", ("110",)) == (Suspicion("118", "110"),)
    assert suspicious("请拨打198", ("110",)) == ()


def test_the_nearest_registered_number_is_named() -> None:
    """Where several are near, it is the one with the fewest digits between."""
    assert suspicious("请拨64351299", ("64351234", "64351290")) == (Suspicion("64351299", "64351290"),)


def test_without_registered_numbers_nothing_is_questioned() -> None:
    """There is nothing to differ from."""
    assert suspicious("请拨打12354。", ()) == ()


_DIGITS = st.text("0123456789", min_size=5, max_size=8).map(lambda rest: f"6{rest}")


@given(_DIGITS, st.data())
def test_every_slip_of_one_digit_is_questioned(number: str, data: st.DataObject) -> None:
    """A digit that is changed, left out or doubled, or two that changed places, is a difference seen."""
    place = data.draw(st.integers(1, len(number) - 1))
    other = data.draw(st.sampled_from("0123456789"))
    slips = {
        number[:place] + other + number[place + 1 :],
        number[:place] + number[place + 1 :],
        number[:place] + number[place] + number[place:],
        number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :],
    }
    for slip in slips - {number} - NATIONAL:
        if slip.startswith("0"):
            continue
        assert suspicious(f"电话：{slip}，谢谢", (number,)) == (Suspicion(slip, number),)
    assert suspicious(f"电话：{number}，谢谢", (number,)) == ()


@pytest.mark.parametrize(
    ("text", "twice"),
    [
        ("请拨打12345。", "请拨打12345，12345。"),
        ("12345热线，24小时有人。", "12345，12345热线，24小时有人。"),
        ("电话(0371)64351234转8001，谢谢", "电话(0371)64351234转8001，(0371)64351234转8001，谢谢"),
        ("火警119、急救120", "火警119，119、急救120，120"),
        ("请拨打12345，12345。", "请拨打12345，12345。"),
        ("补贴500元", "补贴500元"),
    ],
)
def test_every_telephone_number_is_said_twice(text: str, twice: str) -> None:
    """Each is written again after a pause, and what is there twice already stays."""
    assert say_numbers_twice(text) == twice
    assert say_numbers_twice(twice) == twice


@given(st.text(st.one_of(st.sampled_from("0123456789-（）()转，、请拨打电话元 "), st.characters()), max_size=60))
def test_any_text_is_taken(text: str) -> None:
    """Whatever is written, nothing raises, and no word of it is lost."""
    suspicious(text, HOTLINES)
    twice = iter(say_numbers_twice(text))
    assert all(character in twice for character in text)
