"""What the pages tell of the panel's place on the LAN."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.web.house import NOON, House
from web.lan.announcing import NO_NETWORK, Announced
from web.lan.certificate import CERTIFICATE, CertificateNotMade, context_at, fingerprint_of
from web.lan.standing import OnLan


def standing(house: House, on_lan: OnLan) -> None:
    """Let the panel stand so."""
    everywhere = replace(house.handed_in.installed, host="0.0.0.0")  # noqa: S104 - as it is installed
    house.app.extensions["xiaolaba"] = replace(house.handed_in, on_lan=on_lan, installed=everywhere)


def test_what_is_locked_is_told_with_what_it_is_now(house: House, tmp_path: Path) -> None:
    """The name that the box has really got, and the fingerprint to compare."""
    context_at(tmp_path / "https", ("xiaolaba.local",), (), NOON)
    certificate = tmp_path / "https" / CERTIFICATE
    standing(house, OnLan(8443, certificate, announced=lambda: Announced("xiaolaba-2.local")))
    page = house.logged_in().get("/settings/locked").text
    assert "xiaolaba-2.local" in page
    assert fingerprint_of(certificate) in page


def test_what_could_not_be_had_is_told_with_the_reason(house: House) -> None:
    """Neither the name nor the encrypted address is needed daily: the page says what to do without."""
    fault = CertificateNotMade(NO_NETWORK).sentence
    standing(house, OnLan(fault=fault, announced=lambda: Announced(fault=NO_NETWORK)))
    page = house.logged_in().get("/settings/locked").text
    assert NO_NETWORK.zh in page
    assert fault.zh in page


def test_the_card_has_the_name_that_the_box_has_got(house: House) -> None:
    """After the address in digits, which every phone understands."""
    standing(house, OnLan(announced=lambda: Announced("xiaolaba-2.local")))
    assert "http://xiaolaba-2.local" in house.logged_in().get("/help/card").text


def test_a_certificate_that_is_gone_has_no_fingerprint(house: House, tmp_path: Path) -> None:
    """The page is shown all the same."""
    standing(house, OnLan(8443, tmp_path / "gone.pem"))
    assert house.logged_in().get("/settings/locked").status_code == 200
