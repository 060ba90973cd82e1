"""Quiet is asked for on Today, shown there with who and why, and ended there or by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from speaker.airing import Reason
from speaker.protocol import Refused
from tests.web.house import NOON, House
from web.quiet import choices


def test_one_tap_mutes_until_two_hours_from_now(house: House) -> None:
    """The usual time is chosen already; who asked and why goes with it, and stands on the page with the way back."""
    house.publish()
    phone = house.logged_in()
    page = phone.get("/").text
    assert "<option selected>14:00</option>" in page
    answer = phone.send("/quiet/", {"until": "14:00", "why": "三号楼办丧事"}, page="/")
    assert answer.location == "/"
    assert house.speaker.asked == [("be-quiet", "2026-06-03T14:00:00+08:00", "王书记", "三号楼办丧事")]
    page = phone.get("/").text
    assert "安静到 14:00（王书记：三号楼办丧事）。应急广播照常能播。" in page
    assert "从现在起安静" not in page
    assert [act.what for act in house.acts()][:1] == ["quiet.ask"]
    phone.send("/quiet/end", {}, page="/")
    assert house.speaker.asked[-1] == ("end-quiet", "王书记")
    assert "从现在起安静" in phone.get("/").text


@pytest.mark.parametrize("until", ["", "25:00", "24:30", "14", "14:00:00", "soon"])
def test_a_time_that_is_none_asks_for_nothing(house: House, until: str) -> None:
    """It is told."""
    house.publish()
    phone = house.logged_in()
    phone.send("/quiet/", {"until": until}, page="/")
    assert house.speaker.asked == []
    assert "请选安静到几点" in phone.get("/").text


def test_until_the_end_of_the_day(house: House) -> None:
    """Midnight, which is tomorrow's first instant."""
    house.publish()
    phone = house.logged_in()
    phone.send("/quiet/", {"until": "24:00"}, page="/")
    assert house.speaker.asked == [("be-quiet", "2026-06-04T00:00:00+08:00", "王书记", "")]
    assert "安静到 24:00（王书记）" in phone.get("/").text


def test_what_the_speaker_says_against_it_is_told(house: House) -> None:
    """Also that it is away."""
    house.publish()
    house.speaker.refuse = Refused(reason=Reason.NONE, zh="存储卡写不进去", en="storage")
    phone = house.logged_in()
    phone.send("/quiet/", {"until": "14:00"}, page="/")
    assert "存储卡写不进去" in phone.get("/").text
    house.speaker.away = True
    phone.send("/quiet/", {"until": "14:00"}, page="/")
    page = phone.get("/").text
    assert "没有做成" in page
    assert "从现在起安静" not in page


def test_an_editor_may_ask_for_it_and_not_end_it(house: House) -> None:
    """To make it sound is the publishers'."""
    house.publish()
    phone = house.logged_in_as("editor")
    assert phone.send("/quiet/", {"until": "14:00"}, page="/").status_code == 303
    assert "现在恢复" not in phone.get("/").text
    assert phone.send("/quiet/end", {}, page="/").status_code == 403


def test_the_times_to_choose_from() -> None:
    """Half hours to come, and the end of the day."""
    offered, usual = choices(NOON + timedelta(minutes=10), None)
    assert (offered[0], offered[-2:], usual) == ("12:30", ["23:30", "24:00"], "14:30")
    offered, usual = choices(NOON + timedelta(hours=10, minutes=50), None)
    assert (offered, usual) == (["23:00", "23:30", "24:00"], "24:00")
    assert choices(NOON + timedelta(hours=11, minutes=40), None) == (["24:00"], "24:00")
