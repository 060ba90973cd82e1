"""On whose terms the parts are used that this program is made of."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata

from flask_babel import gettext as _

_LONGEST_LICENCE = 60  # characters: some put the whole text where its name belongs


@dataclass(frozen=True)
class Part:
    """A library or a program: its name, what it is here for, its version where it is known, its licence."""

    name: str
    purpose: str
    licence: str
    version: str = ""


def parts() -> tuple[Part, ...]:
    """Return the libraries that are installed here, as ``pyproject.toml`` names them, with what they say themselves."""
    found = []
    for name, purpose in purposes().items():
        try:
            told = metadata(name)
        except PackageNotFoundError:
            continue  # only another version of Python needs it
        found.append(Part(name, purpose, _licence(told), told["Version"]))
    return tuple(found)


def purposes() -> dict[str, str]:
    """Return what each library is here for."""
    return {
        "apscheduler": _("闹钟"),
        "argon2-cffi": _("保管密码"),
        "audioop-lts": _("处理声音"),
        "cryptography": _("小区之间的签名和证书"),
        "chinese-calendar": _("节假日和调休"),
        "edge-tts": _("网络上的声音"),
        "flask": _("网页"),
        "flask-babel": _("中文和英文"),
        "flask-limiter": _("防止试密码"),
        "flask-login": _("登录"),
        "flask-wtf": _("表单"),
        "gpiozero": _("继电器、灯和按键"),
        "lgpio": _("继电器、灯和按键"),
        "msgspec": _("数据格式"),
        "paho-mqtt": _("小区之间的消息"),
        "pydub": _("处理声音"),
        "pypinyin": _("拼音"),
        "ruamel.yaml": _("节目文件"),
        "segno": _("二维码"),
        "sherpa-onnx": _("装在盒子里的声音"),
        "tzdata": _("时区"),
        "waitress": _("网页"),
        "xlsxwriter": _("表格文件"),
        "zeroconf": _("在网络里的名字"),
    }


def programs() -> tuple[Part, ...]:
    """Return the programs of the system that are used."""
    return (
        Part("Python", _("运行这一切"), "PSF-2.0"),
        Part("FFmpeg", _("处理声音"), "GPL-2.0-or-later"),
        Part("espeak-ng", _("机器声"), "GPL-3.0-or-later"),
        Part("OpenSSL", _("加密的地址"), "Apache-2.0"),
        Part("ALSA (libasound)", _("声卡"), "LGPL-2.1-or-later"),
    )


def _licence(told: PackageMetadata) -> str:
    """Return what a library says of its licence: in the one place where it stands today, or in those before."""
    given = told.json
    named = [one.rpartition(" :: ")[2] for one in given.get("classifier", []) if one.startswith("License :: ")]
    plain = str(given.get("license") or "").strip()
    short = plain if "\n" not in plain and len(plain) <= _LONGEST_LICENCE else ""
    return str(given.get("license_expression") or ", ".join(named) or short or _("见它自己的说明"))
