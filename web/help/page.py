"""帮助: one page for who holds the phone, and a card to be printed for who stands at the box."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, render_template, request
from markupsafe import Markup

from box.addresses import urls
from speaker.client import SpeakerAway
from web.handed_in import HandedIn, handed_in
from web.installed import Installed

help_pages = Blueprint("help", __name__, url_prefix="/help")


@help_pages.get("/")
def show() -> str:
    """Show what each page is for, and what to do when something is not as it should be."""
    settings = handed_in().installed.settings
    return render_template(
        "help/every.html", has_button=settings.gpio.button_pin is not None, has_contacts=bool(settings.contacts)
    )


@help_pages.get("/card")
def card() -> str:
    """Show the card for the wall, made to be printed: where the panel is, and what to do when it is silent."""
    house = handed_in()
    edition = house.desk.on_desk().edition
    addresses = addresses_here(house.installed, request.host, house.on_lan.announced().name)
    settings = house.installed.settings
    return render_template(
        "help/card.html",
        zone=edition.programme.zone if edition else "",
        addresses=addresses,
        qr_code=qr_code(addresses[0]),
        https_port=house.on_lan.https_port,
        fingerprint=house.on_lan.fingerprint(),
        quiet_hours=_quiet_hours(house),
        has_lamp=settings.gpio.lamp_pin is not None,
        has_button=settings.gpio.button_pin is not None,
    )


def addresses_here(installed: Installed, asked: str, name: str = "") -> list[str]:
    """Return the panel's addresses; the one by which this very request came first, if it is one of them.

    A machine may have several, and that one is known to be reached by a phone. What a request may claim besides is not
    put on a wall. ``name`` is the one that the box has announced.
    """
    found = urls(installed.host, installed.port, name=name)
    return sorted(found, key=lambda url: url not in {f"http://{asked}/", f"http://{asked.partition(':')[0]}/"})


def qr_code(url: str, error: Literal["m", "q"] = "q") -> Markup:
    """Return the address as a QR code, drawn in the page. Error correction Q: a card on a wall gets dirty."""
    import segno  # noqa: PLC0415 - 2 MB that are needed when a card is printed

    drawn = segno.make(url, micro=False, error=error).svg_inline(border=2, omitsize=True, dark="#000", light="#fff")
    return Markup(drawn)  # noqa: S704 - squares that segno drew; nothing of the address is text in it


def _quiet_hours(house: HandedIn) -> str:
    try:
        return house.speaker.status().quiet_hours
    except SpeakerAway:
        return house.installed.settings.limits.quiet_hours
