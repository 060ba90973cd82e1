"""Telephone numbers in a message: questioned where they are nearly a registered one, said twice where she wants it."""

from __future__ import annotations

import pytest

from tests.web.house import SCHEDULE, House, new_house

REGISTERED = SCHEDULE + 'hotlines: ["12345"]\n'


@pytest.fixture
def guarded(tmp_path: object) -> House:
    """Return a panel whose programme has a registered number."""
    return new_house(tmp_path, REGISTERED)  # type: ignore[arg-type]  # pytest's own type


def test_a_number_that_is_nearly_a_registered_one_is_questioned(guarded: House) -> None:
    """Both numbers are shown, what she typed stays, nothing is saved; a tap says that it is right."""
    phone = guarded.logged_in()
    asked = phone.change("hotline", text="请拨打 12354。")
    assert asked.status_code == 409
    for words in ("您写的是 12354", "登记的号码是 12345", "号码没错", "请拨打 12354。"):
        assert words in asked.text
    assert "12354" not in guarded.file.read_text(encoding="utf-8")
    assert 'name="right" value="12354"' in asked.text
    assert phone.change("hotline", text="请拨打 12354。", right="12354").status_code == 303
    guarded.jobs.run_waiting()
    assert "12354" in guarded.file.read_text(encoding="utf-8")


def test_another_number_than_the_one_she_confirmed_is_questioned(guarded: House) -> None:
    """A yes is for the numbers that she saw."""
    phone = guarded.logged_in()
    assert phone.change("hotline", text="请拨打 12354。", right="12346").status_code == 409
    both = phone.change("hotline", text="请拨打 12354 或 12346。")
    assert 'value="12354|12346"' in both.text
    assert phone.change("hotline", text="请拨打 12354 或 12346。", right="12354|12346").status_code == 303


def test_a_number_that_was_saved_is_not_questioned_again(guarded: House) -> None:
    """She said that it is right; the form still notes it."""
    phone = guarded.logged_in()
    phone.change("hotline", text="请拨打 12354。", right="12354")
    guarded.jobs.run_waiting()
    assert "号码 12354 和登记的 12345 只差一两位" in phone.get("/messages/hotline").text
    assert phone.change("hotline", text="请快拨打 12354。").status_code == 303


def test_the_right_number_is_not_questioned(guarded: House) -> None:
    """Nor is anything where none is registered."""
    assert guarded.logged_in().change("hotline", text="请拨打 12345。").status_code == 303


def test_numbers_are_said_twice_by_a_tick(house: House) -> None:
    """It is saved, shown as it is read, kept ticked, and aired; without the tick it is taken back."""
    house.publish()
    phone = house.logged_in()
    phone.change("hotline", twice="yes")
    house.jobs.run_waiting()
    assert "say_numbers_twice: true" in house.file.read_text(encoding="utf-8")
    form = phone.get("/messages/hotline").text
    assert "幺二三四五，幺二三四五" in form
    assert 'name="twice" value="yes" checked' in form
    on_air = house.publisher.on_air()
    assert on_air is not None
    hotline = on_air.message("hotline")
    assert hotline is not None
    assert hotline.text.endswith("请拨打 12345，12345。")
    assert "<audio" in phone.get("/messages/").text.split('id="m-hotline"')[1]
    phone.change("hotline")
    house.jobs.run_waiting()
    assert "say_numbers_twice" not in house.file.read_text(encoding="utf-8")


def test_a_trial_and_the_script_say_numbers_as_often(house: House) -> None:
    """What is heard before saving is what will be aired."""
    phone = house.logged_in()
    phone.change("hotline", text="请拨打 12345。", twice="yes", act="listen")
    house.jobs.run_waiting()
    assert house.studio.said[-1][0] == "请拨打 12345，12345。"
    assert 'name="twice" value="yes" checked' in phone.get("/messages/hotline").text
    fields = {"text": "请拨打 12345。", "twice": "yes"}
    answer = phone.send("/messages/spoken", fields, page="/messages/stay").json
    assert answer is not None
    assert answer["spoken"] == "请拨打幺二三四五，幺二三四五。"


def test_what_is_not_heard_is_noted_on_the_form_and_after_saving(house: House) -> None:
    """Emoji and signs are left out, and their writer is told: at once, without a script, and when it is saved."""
    phone = house.logged_in()
    answer = phone.send("/messages/spoken", {"text": "今晚停水💧"}, page="/messages/stay").json
    assert answer is not None
    assert answer["notes"] == ["图形“💧”不会读出来，需要的话请写成文字"]
    work = phone.change("stay", text="今晚停水💧")
    house.jobs.run_waiting()
    assert "图形“💧”不会读出来" in phone.get("/messages/stay").text
    assert "图形“💧”不会读出来" in phone.get(phone.get(work.location).location).text
