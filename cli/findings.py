"""What ``run`` found on this machine, said plainly: none of it is silent, none of it is fatal."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from box.folders import Folders
from box.sentences import Sentence
from box.settings import Settings
from programme.publication import Publication
from speaker.protocol import Status


def findings(folders: Folders, settings: Settings, publication: Publication, status: Status) -> list[Sentence]:
    """Return a sentence each about the sound card, the voice, the pins and the clock."""
    return [
        _card(folders, settings, status),
        _voice(publication),
        _pins(settings),
        *_contacts(settings),
        _clock(publication, status),
    ]


def _card(folders: Folders, settings: Settings, status: Status) -> Sentence:
    if status.card == "recorder":
        return Sentence(
            f"没有声卡：播出的声音录在 {folders.air}/", f"no sound card: what is aired is recorded to {folders.air}/"
        )
    if status.card == "missing":
        name = settings.audio.device or "default"
        return Sentence(
            f"声卡 {name} 没有连接，请检查音箱插头；会一直再试",
            f"the sound card {name} can't be opened; check its plug. It is tried again and again",
        )
    return Sentence("声卡：正常", "sound card: there")


def _voice(publication: Publication) -> Sentence:
    stand_ins = sorted({message.engine for message in publication.messages if message.stand_in})
    if stand_ins:
        names = "、".join(stand_ins)
        return Sentence(
            f"在线语音连不上（没有互联网？）：暂由本机的 {names} 代播，能连上时会换",
            f"the online voice can't be reached (no internet?): {names} on this machine stands in until it can",
        )
    names = "、".join(sorted({message.engine for message in publication.messages})) or "—"
    return Sentence(f"语音：{names}", f"voice: {names}")


def _pins(settings: Settings) -> Sentence:
    gpio = settings.gpio
    named = {"amplifier": gpio.amplifier_pin, "lamp": gpio.lamp_pin, "button": gpio.button_pin}
    there = {name: pin for name, pin in named.items() if pin is not None}
    if not there:
        return Sentence(
            "没有设置引脚：不控制功放继电器、指示灯和按钮", "no pins are set: no amplifier relay, no lamp, no button"
        )
    pins = ", ".join(f"{name} {pin}" for name, pin in there.items())
    return Sentence(f"引脚（BCM）：{pins}", f"pins (BCM): {pins}")


def _contacts(settings: Settings) -> list[Sentence]:
    return [
        Sentence(f"外接开关：{one.name}（{one.pin}）", f"contact: {one.name} ({one.pin})") for one in settings.contacts
    ]


def _clock(publication: Publication, status: Status) -> Sentence:
    zone = publication.timezone
    now = status.now.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    return Sentence(
        f"时间按本机时钟：{now}（{zone}），没有核对",
        f"the clock is taken on trust: {now} ({zone})",
    )
