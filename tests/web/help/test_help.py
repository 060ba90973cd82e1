"""Help for who holds the phone, and the card for who stands at the box."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import web
from box.settings import Gpio, Settings
from tests.web.house import House
from web.help.page import addresses_here, qr_code


def with_installed(house: House, **changes: object) -> None:
    """Change what the installer decided."""
    handed = house.handed_in
    house.app.extensions["xiaolaba"] = replace(handed, installed=replace(handed.installed, **changes))  # type: ignore[arg-type] - passed on as they are


def test_who_forgot_the_password_can_read_the_help(house: House) -> None:
    """It tells nothing of the box, so it needs no login; the page of the login leads there."""
    house.users.set_password("王书记", "longhai-2020")
    phone = house.phone()
    assert 'href="/help/"' in phone.get("/login").text
    page = phone.get("/help/")
    assert page.status_code == 200
    assert "忘了密码" in page.text
    assert "/help/card" not in page.text
    assert phone.get("/help/card").status_code == 303


def test_the_help_tells_of_the_stick_where_there_is_a_button_to_hold(house: House) -> None:
    """The page that takes the code leads there; without a button the stick would give none."""
    house.users.set_password("王书记", "longhai-2020")
    phone = house.phone()
    assert 'href="/help/#password"' in phone.get("/first-visit").text
    assert "xiaolaba-reset" not in phone.get("/help/").text
    with_installed(house, settings=Settings(gpio=Gpio(button_pin=22)))
    page = phone.get("/help/").text
    assert "xiaolaba-reset" in page
    assert "xiaolaba-code.txt" in page


@pytest.mark.parametrize("role", ["editor", "publisher", "installer"])
def test_everybody_who_may_come_in_can_print_the_card(house: House, role: str) -> None:
    """From the page of help."""
    phone = house.logged_in_as(role)  # type: ignore[arg-type] - the three roles
    assert 'href="/help/card"' in phone.get("/help/").text
    assert phone.get("/help/card").status_code == 200


def test_the_card_has_the_address_in_digits_and_as_a_qr_code(house: House) -> None:
    """And nothing that a printer would leave out: no colour is needed, and no picture from elsewhere."""
    page = house.logged_in().get("/help/card").text
    assert '<p class="address">http://192.0.2.7:8080/</p>' in page
    assert str(qr_code("http://192.0.2.7:8080/")) in page
    assert "警苑小区" in page
    assert "21:30-06:30" in page
    assert "style=" not in page


def test_each_address_has_its_own_qr_code_drawn_in_the_page() -> None:
    """In shapes alone: the policy of the pages lets no style or script of its own in."""
    drawn = str(qr_code("http://192.0.2.7:8080/"))
    assert drawn.startswith("<svg")
    assert drawn != str(qr_code("http://192.0.2.8:8080/"))
    assert not any(foreign in drawn for foreign in ("style", "<script", "href", "data:"))


def test_the_address_by_which_a_phone_came_is_the_first(house: House) -> None:
    """It is known to work; what a request claims besides is not printed."""
    everywhere = replace(house.handed_in.installed, host="")
    every = addresses_here(everywhere, "localhost")
    assert len(every) >= 2
    assert addresses_here(everywhere, every[-1].removeprefix("http://").strip("/"))[0] == every[-1]
    assert addresses_here(everywhere, "198.51.100.9:8080") == every


def test_the_card_tells_of_the_button_and_the_lamp_where_there_are_any(house: House) -> None:
    """Nobody looks for what is not there."""
    phone = house.logged_in()
    assert "按键" not in phone.get("/help/card").text
    with_installed(house, settings=Settings(gpio=Gpio(button_pin=22, lamp_pin=27)))
    page = phone.get("/help/card").text
    assert "按住盒子上的按键三秒" in page
    assert "看灯" in page


def test_the_card_can_be_printed_while_the_speaker_is_away(house: House) -> None:
    """That is when somebody wants it."""
    house.speaker.away = True
    assert "21:30-06:30" in house.logged_in().get("/help/card").text


def test_what_is_not_for_paper_is_not_printed() -> None:
    """The way back and the button are left out, and the card is held together on one page."""
    css = (Path(web.__file__).parent / "static" / "card.css").read_text(encoding="utf-8")
    printed = css.split("@media print {")[1].split("\n")[0]
    assert ".tools { display: none; }" in printed
    assert "break-inside: avoid" in printed
