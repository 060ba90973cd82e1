"""First visit, login and logout."""

from __future__ import annotations

import math
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from web.audit.auditing import note_act
from web.gate import LoggedIn
from web.handed_in import HandedIn, handed_in
from web.language import page_of_ours
from web.people.passwords import LONGEST, SHORTEST

account = Blueprint("account", __name__)
LONGEST_NAME = 20
LONGEST_CODE = 20  # eight digits, with what people put between them


@account.get("/first-visit")
def first_visit() -> ResponseReturnValue:
    """Show the form that takes the set-up code."""
    return _set_up_page("", again=handed_in().users.exist())


@account.post("/first-visit")
def set_up() -> ResponseReturnValue:
    """Make the first user, or give one who forgot it a new password, for a set-up code."""
    house = handed_in()
    name = request.form.get("name", "").strip()
    password = request.form.get("password", "")
    faults = faults_of_name(name) + faults_of_password(password, request.form.get("again", ""))
    note_act(target=name)
    if not faults and not _redeem(house, name, request.form.get("code", "")):
        faults = [_("开通码或邀请码不对，或者已经过期。请照着设备屏幕或安装人员给的 8 位数字再输一次。")]
    if faults:
        code = request.form.get("code", "")[:LONGEST_CODE]
        two_people = request.form.get("two_people") == "yes"
        again = house.users.exist()
        return _set_up_page(name, again=again, code=code, two_people=two_people, faults=faults), 400
    first = not house.users.exist()
    house.users.set_password(name, password)
    house.tokens.revoke_all(name)  # who forgot the password, or had it stolen, begins anew
    if first:
        house.two_people.switch(request.form.get("two_people") == "yes")
    let_in(name)
    flash(_("开通好了。请记住您的名字和密码。"))
    return redirect(url_for("today.show"), 303)


@account.get("/login")
def login() -> ResponseReturnValue:
    """Show the login form."""
    if current_user.is_authenticated:
        return redirect(url_for("today.show"), 303)
    if not handed_in().users.exist():
        return redirect(url_for("account.first_visit"), 303)
    return render_template("login.html", fault="", name="", after=request.args.get("after", ""))


@account.post("/login")
def log_in() -> ResponseReturnValue:
    """Let somebody in who knows their password, to the page they asked for; wrong ones make the next try wait."""
    house = handed_in()
    name, after = request.form.get("name", "").strip()[:LONGEST_NAME], request.form.get("after", "")
    address = request.remote_addr or ""
    wait = house.back_off.wait_seconds(name, address)
    if wait > 0:
        fault = _("密码错了太多次，请等 %(seconds)s 秒再试。", seconds=math.ceil(wait))
        return render_template("login.html", fault=fault, name=name, after=after), 429
    password = request.form.get("password", "")
    # A name that nobody has may be a password that went into the wrong field: it is not written down.
    note_act(target=name if house.users.find(name) else "?")
    if len(password) > LONGEST or not house.users.check(name, password):
        house.back_off.wrong(name, address)
        fault = _("名字或密码不对，请再输一次。")
        return render_template("login.html", fault=fault, name=name, after=after), 401
    house.back_off.right(name, address)
    let_in(name)
    return redirect(page_of_ours(after), 303)


@account.post("/logout")
def log_out() -> ResponseReturnValue:
    """Log this device out: a copy of its cookie is worth nothing either."""
    handed_in().users.close_session(current_user.token)
    logout_user()
    session.clear()
    return redirect(url_for("account.login"), 303)


def let_in(name: str) -> None:
    """Log the device of this request in as ``name``, with a session of its own."""
    house = handed_in()
    token = house.users.open_session(name, house.clock.now())
    session.clear()  # nothing that was put into a cookie before the login lives on after it
    session.permanent = True
    login_user(LoggedIn(name, token, house.users.roles_of(name)))


def _set_up_page(name: str, *, again: bool, code: str = "", two_people: bool = True, faults: Sequence[str] = ()) -> str:
    return render_template("first_visit.html", faults=faults, name=name, code=code, two_people=two_people, again=again)


def _redeem(house: HandedIn, name: str, code: str) -> bool:
    """Take an invitation where one waits for ``name``, else the box's set-up code: no try counts against both."""
    now = house.clock.now()
    if house.users.is_invited(name, now):
        return house.users.redeem(name, code, now)
    return house.setup_code.redeem(code)


def faults_of_name(name: str) -> list[str]:
    """Return what is wrong with a new user's name."""
    faults = []
    if not name or not name.isprintable():
        faults.append(_("请写您的名字，登录时要用。"))
    if len(name) > LONGEST_NAME:
        faults.append(_("名字请写 %(most)s 个字以内。", most=LONGEST_NAME))
    return faults


def faults_of_password(password: str, again: str) -> list[str]:
    """Return what is wrong with a new password."""
    faults = []
    if len(password) < SHORTEST:
        faults.append(_("密码太短，请用至少 %(least)s 个字母或数字。", least=SHORTEST))
    if len(password) > LONGEST:
        faults.append(_("密码太长，请用 %(most)s 个字以内。", most=LONGEST))
    if password != again:
        faults.append(_("两次输入的密码不一样，请再输一次。"))
    return faults
