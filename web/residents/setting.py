"""居民页 in the settings: switched on or off, and the sheet with its QR code to be printed for the wall."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.audit.auditing import note_act
from web.handed_in import HandedIn, handed_in
from web.help.page import addresses_here, qr_code

residents_setting = Blueprint("residents_setting", __name__, url_prefix="/settings/residents")


@residents_setting.get("/")
def edit() -> str:
    """Show what the page is, whether it is open, and the way to the sheet."""
    house = handed_in()
    return render_template("residents/setting.html", is_on=house.open_page.switch.is_on(), address=_addresses(house)[0])


@residents_setting.post("/")
def turn() -> ResponseReturnValue:
    """Open the page to whoever is on the LAN, or close it."""
    switch, on = handed_in().open_page.switch, request.form.get("on") == "yes"
    before = switch.is_on()
    note_act(old=_words(before), new=_words(on))
    switch.turn(on)
    flash(_("居民页开了。打印二维码贴在墙上，居民扫一扫就能看。") if on else _("居民页关了，谁也打不开。"))
    return redirect(url_for("residents_setting.edit"), 303)


@residents_setting.get("/sheet")
def sheet() -> ResponseReturnValue:
    """Show the sheet for the residents' wall: it tells the way to this page alone, never to the login."""
    house = handed_in()
    if not house.open_page.switch.is_on():
        flash(_("居民页还没有开，先开了再打印。"), "bad")
        return redirect(url_for("residents_setting.edit"), 303)
    on_air, edition = house.on_air(), house.desk.on_desk().edition
    plan = on_air or (edition.programme if edition else None)
    addresses = _addresses(house)
    return render_template(
        "residents/sheet.html",
        zone=plan.zone if plan else "",
        addresses=addresses,
        qr_code=qr_code(addresses[0]),
    )


def _addresses(house: HandedIn) -> list[str]:
    page = url_for("residents.show").lstrip("/")
    return [
        f"{address}{page}" for address in addresses_here(house.installed, request.host, house.on_lan.announced().name)
    ]


def _words(on: bool) -> str:
    return _("开") if on else _("关")
