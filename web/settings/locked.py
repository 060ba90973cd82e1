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
        section: Section = getattr(settings, table.name)
        name, why = _tables().get(table.name, (table.name, ""))
        rows = tuple(
            Locked(_names().get(field.name, field.name), _value(field.name, getattr(section, field.name)), field.name)
            for field in msgspec.structs.fields(type(section))
        )
        groups.append(LockedGroup(name, table.name, why, rows))
    return tuple(groups)


def _tables() -> dict[str, tuple[str, str]]:
    return {
        "limits": (
            _("什么时候能响，能多响"),
            _("为了不吵到居民。就算有人拿到了密码，也不能在夜里响，不能比这更响。"),
        ),
        "audio": (_("声卡和音箱"), _("跟接的设备有关，改错了会没有声音。")),
        "gpio": (_("接线"), _("跟盒子里的接线有关，改错了功放会打不开或者关不掉。")),
        "panel": (_("面板的地址"), _("改了以后，手机里存的地址和墙上贴的卡片就都不对了。")),
    }


def _names() -> dict[str, str]:
    return {
        "device": _("声卡"),
        "lead_in_ms": _("功放接通后先等多久"),
        "tail_ms": _("播完多久关功放"),
        "loudspeaker": _("音箱的种类"),
        "sentence_pause_ms": _("每句话后面多停多久"),
        "amplifier_pin": _("功放继电器的引脚"),
        "amplifier_active_high": _("功放继电器高电平接通"),
        "lamp_pin": _("指示灯的引脚"),
        "button_pin": _("按键的引脚"),
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
    if value == 0 and key in {"sentence_pause_ms", "https_port"}:
        return _("没有开") if key == "https_port" else _("随声音自己")
    for endings, words in (
        (("_ms",), _("%(n)s 毫秒", n=value)),
        (("_seconds",), _("%(n)s 秒", n=value)),
        (("_minutes", "_per_day"), _("%(n)s 分钟", n=value)),
    ):
        if key.endswith(endings):
            return words
    if key.endswith("_percent"):
        return f"{value}%"
    named = {"horn": _("号角"), "box": _("音箱或音柱"), "flat": _("不削频")}
    return named.get(str(value), str(value)) if key == "loudspeaker" else str(value)
