"""The schedule seen: a week as a picture, and a day with what is played and what is not."""

from __future__ import annotations

import pytest

from tests.web.house import House


def test_the_week_is_a_picture_whose_marks_lead_to_their_broadcasts(house: House) -> None:
    """Seven days, each with its two broadcasts, each day with its preview; below them the broadcasts in words."""
    page = house.logged_in().get("/schedule/").text
    assert page.count('href="/schedule/at/morning" aria-label=') == 7
    assert page.count('class="airs" href="/schedule/at/evening"') == 7
    assert 'href="/schedule/day?day=2026-06-07"' in page
    for words in ("6月1日 – 6月7日", "每天", "守好阵地、监督举报电话", "音量 80"):
        assert words in page
    assert "style=" not in page


@pytest.mark.parametrize("day", ["2026-02-30", "0000-01-01", "9999-12-31", "soon", "<script>"])
def test_a_week_or_a_day_that_is_none_is_told(house: House, day: str) -> None:
    """Today's comes instead."""
    phone = house.logged_in()
    for address in ("/schedule/", "/schedule/day"):
        page = phone.get(address, query_string={"day": day})
        assert page.status_code == 200
        assert "没有这一天" in page.text


def test_a_day_tells_what_is_played_and_what_is_not_and_why(house: House) -> None:
    """How many, how loud, how long; the exception, the weekday and the message that has expired."""
    text = house.file.read_text(encoding="utf-8")
    text = text.replace("    text: 发现", "    valid_until: 2026-06-01\n    text: 发现")
    text += "exceptions:\n  - {from: 2026-06-07, to: 2026-06-07, reason: 高考, air: [evening]}\n"
    text = text.replace("exceptions:", "  sunday:\n    at: '09:00'\n    days: [mon]\n    messages: [stay]\nexceptions:")
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    house.publish()
    page = house.logged_in().get("/schedule/day?day=2026-06-07").text
    for words in (
        "这天播 1 次，一共 3 秒。", "1 篇 · 音量 80 · 3 秒", "《监督举报电话》这天不在有效期，不播", "高考，这天停播",
        "它只在星期一播", "特殊日子：高考",
    ):  # fmt: skip
        assert words in page, words


def test_a_title_with_angle_brackets_is_shown_as_it_is(house: House) -> None:
    """Nothing that somebody typed becomes part of a page."""
    text = house.file.read_text(encoding="utf-8").replace("title: 监督举报电话", "title: '<i>x</i>'")
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    phone = house.logged_in()
    for address in ("/schedule/", "/schedule/day", "/schedule/at/evening"):
        assert "<i>x" not in phone.get(address).text
