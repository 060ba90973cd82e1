"""What the roles are called, and what is said to somebody who has not the right one."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from flask_babel import gettext as _

from web.people.roles import ROLES, Role


def role_name(role: Role) -> str:
    """Return what the role is called."""
    return {"editor": _("编辑"), "publisher": _("发布人"), "installer": _("安装人")}[role]


def role_task(role: Role) -> str:
    """Return what the role is there for."""
    return {
        "editor": _("写稿件，等发布人同意"),
        "publisher": _("审稿件，让喇叭播"),
        "installer": _("管人、管设备，不开播"),
    }[role]


def only_for(roles: AbstractSet[Role]) -> str:
    """Return the sentence for somebody who may not do a thing that ``roles`` may."""
    names = [role_name(role) for role in ROLES if role in roles]
    if not names:
        return _("这一项现在谁都不能用，请告诉安装人员。")
    return _("这件事要由%(roles)s来做，没有处理。您可以请他帮忙。", roles=_("或").join(names))
