"""用户: who may use the panel. Added by an invitation, changed, removed and brought back; and one's own password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.audit.auditing import note_act
from web.gate import user_name
from web.handed_in import handed_in
from web.language import as_sentence
from web.people.account import faults_of_name, faults_of_password, let_in
from web.people.role_words import role_name, role_task
from web.people.roles import ROLES, Role
from web.people.two_people import in_force
from web.people.users import UserRefused

users = Blueprint("users", __name__, url_prefix="/users")


@users.get("/")
def every() -> ResponseReturnValue:
    """Show who there is, and what can be done about it."""
    return _page()


@users.post("/")
def add() -> ResponseReturnValue:
    """Add somebody; the code with which they set their password is shown on this answer and never again."""
    name, role = request.form.get("name", "").strip(), _role()
    note_act(target=name, new=role or "")
    faults = faults_of_name(name)
    if role is None:
        faults.append(_("请选这个人是做什么的。"))
    if faults or role is None:
        return _page(faults=faults, name=name), 400
    try:
        code = handed_in().users.add(name, role, handed_in().clock.now())
    except UserRefused as error:
        return _page(faults=[as_sentence(error.sentence)], name=name), 409
    return _page(invited=name, code=code)


@users.post("/<name>/invite")
def invite(name: str) -> ResponseReturnValue:
    """Make a new code for somebody who lost theirs or forgot the password; it is shown once."""
    try:
        code = handed_in().users.invite(name, handed_in().clock.now())
    except UserRefused as error:
        return _refused(error)
    return _page(invited=name, code=code)


@users.post("/<name>/role")
def change_role(name: str) -> ResponseReturnValue:
    """Make somebody something else; all their devices are logged out."""
    role = _role()
    if role is None:
        return _page(faults=[_("请选这个人是做什么的。")]), 400
    try:
        was = handed_in().users.change_role(name, role)
    except UserRefused as error:
        return _refused(error)
    note_act(target=name, old=was, new=role)
    flash(_("%(name)s现在是%(role)s，要重新登录。", name=name, role=role_name(role)))
    return redirect(url_for("account.login" if name == user_name() else "users.every"), 303)


@users.post("/<name>/remove")
def remove(name: str) -> ResponseReturnValue:
    """Let somebody in no more; it can be undone for a month."""
    if name == user_name():
        flash(_("不能移走自己，请让别的安装人来做。"), "bad")
        return redirect(url_for("users.every"), 303)
    try:
        handed_in().users.remove(name, handed_in().clock.now())
    except UserRefused as error:
        return _refused(error)
    handed_in().tokens.revoke_all(name)
    flash(_("%(name)s已经移走，登录过的手机都退出了。后悔了，可以在这一页下面请回来。", name=name))
    return redirect(url_for("users.every"), 303)


@users.post("/<name>/restore")
def restore(name: str) -> ResponseReturnValue:
    """Let somebody in again who was removed."""
    try:
        handed_in().users.bring_back(name, handed_in().clock.now())
    except UserRefused as error:
        return _refused(error)
    flash(_("%(name)s请回来了，用原来的密码登录。", name=name))
    return redirect(url_for("users.every"), 303)


@users.post("/two-people")
def two_people() -> ResponseReturnValue:
    """Switch on or off that what one writes another approves."""
    house = handed_in()
    on = request.form.get("on") == "yes"
    note_act(old=str(house.two_people.wanted()), new=str(on))
    house.two_people.switch(on)
    flash(_("双人审核打开了。") if on else _("双人审核关掉了。"))
    return redirect(url_for("users.every"), 303)


@users.get("/me")
def me() -> ResponseReturnValue:
    """Show one's own account."""
    return _me()


@users.post("/me/password")
def change_password() -> ResponseReturnValue:
    """Set another password; every device is logged out but this one, which goes on with a session of its own."""
    house, name = handed_in(), user_name()
    address = request.remote_addr or ""
    password = request.form.get("new_password", "")
    note_act(target=name)
    wait = house.back_off.wait_seconds(name, address)
    if wait > 0:
        return _me([_("密码错了太多次，请等 %(seconds)s 秒再试。", seconds=int(wait) + 1)]), 429
    if not house.users.check(name, request.form.get("old_password", "")[:200]):
        house.back_off.wrong(name, address)
        return _me([_("现在的密码不对，请再输一次。")]), 400
    house.back_off.right(name, address)
    faults = faults_of_password(password, request.form.get("again", ""))
    if faults:
        return _me(faults), 400
    house.users.set_password(name, password)
    let_in(name)
    flash(_("密码换好了，别的手机都要重新登录。"))
    return redirect(url_for("users.me"), 303)


def _page(faults: list[str] | None = None, name: str = "", invited: str = "", code: str = "") -> str:
    house = handed_in()
    now = house.clock.now()
    everybody = house.users.everybody()
    wanted = house.two_people.wanted()
    return render_template(
        "users.html",
        everybody=everybody,
        removed=house.users.removed(now),
        waiting={user.name for user in everybody if house.users.is_invited(user.name, now)},
        roles=[(role, role_name(role), role_task(role)) for role in ROLES],
        role_name=role_name,
        installer=any(user.role == "installer" for user in everybody),
        faults=faults or [],
        name=name,
        invited=invited,
        code=code,
        two_people=wanted,
        in_force=in_force(wanted, everybody),
    )


def _me(faults: list[str] | None = None) -> str:
    user = handed_in().users.find(user_name())
    return render_template("me.html", role=role_name(user.role) if user else "", faults=faults or [])


def _role() -> Role | None:
    given = request.form.get("role", "")
    return given if given in ROLES else None


def _refused(error: UserRefused) -> ResponseReturnValue:
    flash(as_sentence(error.sentence), "bad")
    return redirect(url_for("users.every"), 303)
