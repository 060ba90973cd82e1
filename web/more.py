"""更多: every page that has no place of its own on the bar, for whom it is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from web.gate import i_may, user_name
from web.handed_in import handed_in
from web.reviews.proposing import is_for

more = Blueprint("more", __name__)


@dataclass(frozen=True)
class Way:
    """A line that leads to a page: its icon in ``icons.html``, its name, what it is for, and where it leads."""

    icon: str
    name: str
    purpose: str
    address: str


@more.get("/more")
def show() -> str:
    """Show the ways that the reader may go."""
    house, name = handed_in(), user_name()
    mine = sum(is_for(house, name, one) for one in house.proposals.waiting())
    groups = _groups(mine) if house.hub_at() is None else (_of_a_hub(), *_groups(mine))
    return render_template("more.html", groups=[group for group in map(_open, groups) if group])


def _of_a_hub() -> tuple[tuple[str, str, str, str], ...]:
    """Return what there is besides where this box is the fleet's hub."""
    return (("zones.every", "home", _("各小区"), _("各个小区的喇叭现在怎么样；加一台，改设置")),)


def _groups(to_review: int) -> tuple[tuple[tuple[str, str, str, str], ...], ...]:
    """Return what there is, in groups: endpoint, icon, name, purpose."""
    waiting = _("有 %(count)s 篇等您审", count=to_review) if to_review else _("别人写好、等发布人同意的稿件")
    return (
        (
            ("say.write", "mic", _("插播"), _("现在就说一段话；紧急时发应急广播")),
            ("reviews.every", "tick", _("待审"), waiting),
            ("recordings.every", "ear", _("录音"), _("用自己的声音播")),
            ("readings.every", "speech", _("读音"), _("喇叭读错的词，教它怎么读")),
        ),
        (
            ("settings.show", "gear", _("设置"), _("小区名字、声音、音量")),
            ("users.every", "people", _("用户"), _("谁能用，能做什么，双人审核")),
            ("audit.show", "list", _("操作记录"), _("谁在什么时候做了什么")),
            ("backup.show", "box", _("备份和恢复"), _("存一份到别处；换机器、出了错，再拿回来")),
            ("help.show", "help", _("帮助"), _("怎么用，不响怎么办，贴在墙上的卡片")),
            ("users.me", "key", _("我的账号"), _("换密码，退出登录")),
        ),
    )


def _open(group: tuple[tuple[str, str, str, str], ...]) -> tuple[Way, ...]:
    return tuple(
        Way(icon, name, purpose, url_for(endpoint)) for endpoint, icon, name, purpose in group if i_may(endpoint)
    )
