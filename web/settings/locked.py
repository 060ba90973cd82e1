"""What only the installer may change, in words: what it is now, and why it is out of the panel's reach."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from flask_babel import gettext as _

from box.settings import Section, Settings


@dataclass(frozen=True)
class Locked:
    """One setting: its name, what it is now, and its key in ``settings.toml``."""

    name: str
    value: str
    key: str


@dataclass(frozen=True)
class LockedGroup:
    """A table of ``settings.toml``, with the reason why it is the installer's."""

    name: str
    key: str
    why: str
    rows: tuple[Locked, ...]


def locked_groups(settings: Settings) -> tuple[LockedGroup, ...]:
    """Return every setting there is; one that has no words here is shown by its key."""
    groups = []
    for table in msgspec.structs.fields(Settings):
        held: Section | tuple[Section, ...] = getattr(settings, table.name)
        name, why = _tables().get(table.name, (table.name, ""))
        sections = held if isinstance(held, tuple) else (held,)
        groups += [LockedGroup(name, table.name, why, _rows(table.name, section)) for section in sections]
    return tuple(groups)


def _rows(table: str, section: Section) -> tuple[Locked, ...]:
    names = _names()
    return tuple(
        Locked(
            names.get(f"{table}.{field.name}", names.get(field.name, field.name)),
            _value(field.name, getattr(section, field.name)),
            field.name,
        )
        for field in msgspec.structs.fields(type(section))
    )


def _tables() -> dict[str, tuple[str, str]]:
    return {
        "limits": (
            _("什么时候能响，能多响"),
            _("为了不吵到居民。就算有人拿到了密码，也不能在夜里响，不能比这更响。"),
        ),
        "audio": (_("声卡和音箱"), _("跟接的设备有关，改错了会没有声音。")),
        "gpio": (_("接线"), _("跟盒子里的接线有关，改错了功放会打不开或者关不掉。")),
        "contacts": (_("外接开关"), _("消防主机、门卫按钮一触发，就播指定的稿件；接到哪里、播哪一篇，由安装人员定。")),
        "heard": (
            _("听有没有响"),
            _(
                "接了话筒才有。只在播的前后几秒和播的时候听，当场和播出的声音比一比就丢掉；"
                "话筒里的声音一点也不存，只记像几成、比播出前后响几分贝。"
            ),
        ),
        "panel": (_("面板的地址"), _("改了以后，手机里存的地址和墙上贴的卡片就都不对了。")),
    }


def _names() -> dict[str, str]:
    return {
        "device": _("声卡"),
        "heard.device": _("话筒"),
        "self_test": _("每周自检的时间"),
        "self_test_percent": _("自检声多响"),
        "lead_in_ms": _("功放接通后先等多久"),
        "tail_ms": _("播完多久关功放"),
        "loudspeaker": _("音箱的种类"),
        "sentence_pause_ms": _("每句话后面多停多久"),
        "amplifier_pin": _("功放继电器的引脚"),
        "amplifier_active_high": _("功放继电器高电平接通"),
        "lamp_pin": _("指示灯的引脚"),
        "button_pin": _("按键的引脚"),
        "name": _("叫什么"),
        "pin": _("引脚"),
        "rest_pin": _("检查断线的引脚"),
        "normally": _("平时"),
        "pull": _("引脚的上下拉"),
        "message": _("播哪一篇稿件"),
        "priority": _("按什么播"),
        "occasion": _("事由"),
        "repeat": _("触发期间反复播"),
        "gap_seconds": _("两遍之间隔多久"),
        "most_repeats": _("最多播几遍"),
        "ends": _("恢复以后"),
        "debounce_ms": _("稳定多久才算触发"),
        "test_every_days": _("多少天该试一次"),
        "timezone": _("按哪里的时间"),
        "quiet_hours": _("静音时段"),
        "loudest_percent": _("最响"),
        "longest_minutes": _("一次最长"),
        "longest_minutes_per_day": _("一天加起来最长"),
        "page_gap_seconds": _("两次插播之间至少隔多久"),
        "emergency_at_night": _("应急广播夜里能响"),
        "host": _("在哪个网络地址上等"),
        "port": _("端口"),
        "https_port": _("加密的端口"),
        "announce": _("在网络里有名字（xiaolaba.local）"),
    }


def _value(key: str, value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value is None or value == "":
        return _("没有指定")
    if value == 0 and key in {"sentence_pause_ms", "https_port", "test_every_days"}:
        return _("随声音自己") if key == "sentence_pause_ms" else _("没有开")
    for endings, words in (
        (("_ms",), _("%(n)s 毫秒", n=value)),
        (("_seconds",), _("%(n)s 秒", n=value)),
        (("_days",), _("%(n)s 天", n=value)),
        (("_minutes", "_per_day"), _("%(n)s 分钟", n=value)),
    ):
        if key.endswith(endings):
            return words
    if key.endswith("_percent"):
        return f"{value}%"
    return _choices().get(key, {}).get(str(value), str(value))


def _choices() -> dict[str, dict[str, str]]:
    return {
        "loudspeaker": {"horn": _("号角"), "box": _("音箱或音柱"), "flat": _("不削频")},
        "normally": {"open": _("断开"), "closed": _("闭合")},
        "pull": {"up": _("上拉，触点接地"), "down": _("下拉，触点接 3.3 伏"), "none": _("由外面的电阻或输入板")},
        "priority": {"page": _("插播"), "emergency": _("应急广播")},
        "ends": {"after-message": _("播完这一遍再停"), "at-once": _("马上停")},
    }
