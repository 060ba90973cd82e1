"""设置: what can be set, each on a page of its own."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from box.checkup import kept_checkup
from box.folders import INSTALLED_SETTINGS
from box.version import version_here
from web.handed_in import handed_in
from web.settings.about import parts, programs
from web.settings.locked import locked_groups
from web.settings.voices import choices, title_of

settings = Blueprint("settings", __name__, url_prefix="/settings")


@settings.get("/")
def show() -> str:
    """Show what there is to set, with what it is now."""
    house = handed_in()
    lying = house.desk.on_desk()
    programme = lying.edition.programme if lying.edition else None
    return render_template(
        "settings/every.html",
        programme=programme,
        broken=lying.broken,
        voice=title_of(house.installed, programme.voice) if programme else "",
    )


@settings.get("/locked")
def locked() -> str:
    """Show what only the installer may change, why, and where."""
    house = handed_in()
    installed = house.installed
    return render_template(
        "settings/locked.html",
        groups=locked_groups(installed.settings),
        on_lan=house.on_lan,
        file=installed.file,
        on_the_wall=installed.file == INSTALLED_SETTINGS,
    )


@settings.get("/checkup")
def checkup() -> str:
    """Show what the last check of the machine found, the worst first, each with its mend."""
    house = handed_in()
    last = kept_checkup(house.installed.checkup)
    plan = house.on_air()
    order = ("wrong", "note", "good")
    return render_template(
        "settings/checkup.html",
        found={state: [one for one in last.findings if one.state == state] for state in order} if last else None,
        at=last.at.astimezone(ZoneInfo(plan.timezone if plan else "Asia/Shanghai")) if last else None,
        on_the_wall=house.installed.file == INSTALLED_SETTINGS,
    )


@settings.get("/about")
def about() -> str:
    """Show the version, and on whose terms everything here is used."""
    house = handed_in()
    edition = house.desk.on_desk().edition
    every = choices(house.installed, edition.programme.voice if edition else "")
    terms = dict.fromkeys(one.licence for one in every)
    return render_template(
        "settings/about.html",
        version=version_here(),
        voices=[([one.title for one in every if one.licence == licence], licence) for licence in terms],
        parts=parts(),
        programs=programs(),
    )
