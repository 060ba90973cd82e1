"""What ``doctor`` looks at: one question each, with how to mend what is wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from box.checkup import Finding
from box.folders import INSTALLED_DATA, Folders
from box.sentences import Sentence
from box.settings import Settings, SettingsInvalid, read_settings
from box.storage import free_bytes_in
from cli.installation import HUB_UNIT, ON_DEMAND, UNITS, Places
from speaker.client import SpeakerAway
from speaker.protocol import Status
from speaker.trust.machine import kernel_synchronised
from speaker.trust.states import Trust
from speaker.words import clock_sentence

LEAST_FREE_BYTES = 200 * 1024 * 1024  # about half an hour of clips, and room for the log of years
_REINSTALL = "sudo apt install --reinstall ./xiaolaba_*.deb"
_MEND_CLOCK = Sentence(
    "接上网络等几分钟；还不行：sudo timedatectl set-ntp true。没有网络：加一块带电池的时钟模块（DS3231），"
    "或在“今天”页核对手机时间，再按设备上的按钮",
    "connect the network and wait a few minutes; then: sudo timedatectl set-ntp true. Without a network: add a clock"
    " module with a battery (DS3231), or send the phone's time on the page Today and press the button on the box",
)
_PIP_LGPIO = f"sudo {sys.prefix}/bin/python -m pip install adafruit-lgpio"  # has wheels where lgpio has none
_MEND_LGPIO = Sentence(
    f"树莓派系统：sudo apt install python3-lgpio；Debian 没有这个包：{_PIP_LGPIO}。"
    "然后 sudo systemctl restart xiaolaba-speaker",
    f"Raspberry Pi OS: sudo apt install python3-lgpio; Debian has no such package: {_PIP_LGPIO}."
    " Then sudo systemctl restart xiaolaba-speaker",
)
_OTHER_SERVER = Sentence(
    "校时的不是 systemd-timesyncd，播音程序看不到：sudo apt-get install systemd-timesyncd",
    "what sets the clock is not systemd-timesyncd, which the speaker looks at: sudo apt-get install systemd-timesyncd",
)


_MEND_FAILED = {
    "xiaolaba-copy.service": Sentence(
        "换一个好的、大一点的优盘（名字叫 XIAOLABA），再运行 sudo systemctl start xiaolaba-copy；"
        "原因：journalctl -u xiaolaba-copy",
        "take a sound, larger USB stick labelled XIAOLABA, then: sudo systemctl start xiaolaba-copy;"
        " why: journalctl -u xiaolaba-copy",
    )
}


@dataclass(frozen=True)
class Probes:
    """How the machine is asked: handed in, so that a test can be any machine."""

    which: Callable[[str], str | None]
    exists: Callable[[Path], bool]
    free_bytes: Callable[[Path], int]
    clock_is_synchronised: Callable[[], bool]
    unit_is_active: Callable[[str], bool]
    unit_has_failed: Callable[[str], bool]
    systemd_runs: Callable[[], bool]
    status: Callable[[], Status]
    has_lgpio: Callable[[], bool]


def this_machine(status: Callable[[], Status]) -> Probes:
    """Return the probes of the machine that the command runs on."""
    return Probes(
        which=shutil.which,
        exists=Path.exists,
        free_bytes=free_bytes_in,
        clock_is_synchronised=_clock_is_synchronised,
        unit_is_active=_unit_is_active,
        unit_has_failed=_unit_has_failed,
        systemd_runs=Path("/run/systemd/system").is_dir,
        status=status,
        has_lgpio=lambda: find_spec("lgpio") is not None,
    )


def check_up(folders: Folders, settings_path: Path, probes: Probes) -> list[Finding]:
    """Answer every question, in the order in which a person would mend things."""
    installed = folders.data == INSTALLED_DATA
    findings = [_disk(folders, probes)]
    try:
        settings = read_settings(settings_path)
        findings.append(_limits(settings, settings_path, probes))
    except SettingsInvalid as error:
        settings = Settings()
        findings.append(
            Finding("settings", "wrong", error.sentence, Sentence(f"修改 {settings_path}", f"mend {settings_path}"))
        )
    findings.extend(_engine(name, probes) for name in ("espeak-ng", "ffmpeg"))
    findings.append(_clock(installed, probes))
    findings.append(_pins(settings, probes))
    if installed:
        findings.extend(_units(probes))
    findings.extend(_speaker(installed, probes))
    return findings


def _disk(folders: Folders, probes: Probes) -> Finding:
    there = next(path for path in (folders.data, *folders.data.parents) if probes.exists(path))
    free = probes.free_bytes(there)
    megabytes = free // 1_000_000
    if free < LEAST_FREE_BYTES:
        return Finding(
            "disk",
            "wrong",
            Sentence(f"磁盘快满了，只剩 {megabytes} MB", f"the disk is nearly full: {megabytes} MB left"),
            Sentence(
                f"删掉不用的文件，或换一张大的存储卡（{there}）",
                f"delete what is not needed, or take a larger card ({there})",
            ),
        )
    return Finding("disk", "good", Sentence(f"磁盘还有 {megabytes} MB", f"disk: {megabytes} MB left"))


def _limits(settings: Settings, path: Path, probes: Probes) -> Finding:
    limits = settings.limits
    quiet, loudest = limits.quiet_hours or "—", limits.loudest_percent
    minutes, a_day = limits.longest_minutes, limits.longest_minutes_per_day
    zh, en = (str(path), str(path)) if probes.exists(path) else ("默认值", "the defaults")
    what = Sentence(
        f"限制（{zh}）：安静时段 {quiet}，最大音量 {loudest}%，一次最长 {minutes} 分钟，一天最多 {a_day} 分钟",
        f"limits ({en}): quiet {quiet}, loudest {loudest} %, at most {minutes} min at a time and {a_day} min a day",
    )
    return Finding("settings", "good", what)


def _engine(name: str, probes: Probes) -> Finding:
    if probes.which(name):
        return Finding(name, "good", Sentence(f"{name}：有", f"{name}: there"))
    return Finding(
        name,
        "wrong",
        Sentence(f"没有 {name}，稿件合成不了", f"{name} is missing: messages can't be rendered"),
        Sentence(
            f"sudo apt-get install --no-install-recommends {name}",
            f"sudo apt-get install --no-install-recommends {name}",
        ),
    )


def _clock(installed: bool, probes: Probes) -> Finding:
    synchronised = probes.clock_is_synchronised()
    try:
        status = probes.status()
    except SpeakerAway:
        if synchronised:
            return Finding("clock", "good", Sentence("时钟已和网络核对", "the clock is synchronised"))
        what = Sentence("时钟没有核对，时间可能不准", "the clock is not synchronised and may be wrong")
        return Finding("clock", "wrong" if installed else "note", what, _MEND_CLOCK)
    what = clock_sentence(status.clock, status.now)
    if status.clock.trust is Trust.UNTRUSTED:
        return Finding("clock", "wrong", what, _OTHER_SERVER if synchronised else _MEND_CLOCK)
    if status.clock.trust is Trust.ASSUMED:
        return Finding("clock", "note", what)
    if status.clock.wants_checking:
        return Finding("clock", "note", what, _MEND_CLOCK)
    return Finding("clock", "good", what)


def _pins(settings: Settings, probes: Probes) -> Finding:
    gpio = settings.gpio
    wires = [pin for contact in settings.contacts for pin in (contact.pin, contact.rest_pin)]
    named = [pin for pin in (gpio.amplifier_pin, gpio.lamp_pin, gpio.button_pin, *wires) if pin is not None]
    if not named:
        return Finding("pins", "note", Sentence("没有设置引脚，不控制功放", "no pins are set: no amplifier relay"))
    if probes.exists(Path("/dev/gpiochip0")) and not probes.has_lgpio():
        return Finding(
            "pins", "wrong", Sentence("缺少控制引脚的程序库 lgpio", "lgpio, which moves pins, is missing"), _MEND_LGPIO
        )
    if probes.exists(Path("/dev/gpiochip0")):
        return Finding("pins", "good", Sentence(f"引脚 {named}：有", f"pins {named}: there"))
    return Finding(
        "pins",
        "wrong",
        Sentence("设置了引脚，但这台机器没有", "pins are set, but this machine has none"),
        Sentence(
            "在树莓派上运行，或从设置里去掉 [gpio]", "run it on a Raspberry Pi, or take [gpio] out of the settings"
        ),
    )


def _units(probes: Probes) -> list[Finding]:
    findings = []
    may_be_still = ON_DEMAND | {HUB_UNIT}  # how a hub is, where this box is one, is asked of the hub
    asked_how_it_ended = {unit for unit in ON_DEMAND if "@." not in unit}  # a template itself never runs
    for unit in UNITS:
        if not probes.exists(Places().units / unit):
            what = Sentence(f"服务 {unit} 没有装", f"the unit {unit} is not installed")
            findings.append(Finding(unit, "wrong", what, Sentence(_REINSTALL, _REINSTALL)))
        elif unit not in may_be_still and probes.systemd_runs() and not probes.unit_is_active(unit):
            what = Sentence(f"服务 {unit} 没有运行", f"the unit {unit} is not running")
            mend = f"sudo systemctl restart xiaolaba.target; journalctl -u {unit}"
            findings.append(Finding(unit, "wrong", what, Sentence(mend, mend)))
        elif unit in asked_how_it_ended and probes.systemd_runs() and probes.unit_has_failed(unit):
            what = Sentence(f"服务 {unit} 上一次没有做成", f"the unit {unit} failed when it last ran")
            findings.append(Finding(unit, "wrong", what, _MEND_FAILED.get(unit, _journal_of(unit))))
        else:
            findings.append(Finding(unit, "good", Sentence(f"服务 {unit}：正常", f"unit {unit}: fine")))
    return findings


def _journal_of(unit: str) -> Sentence:
    look = f"journalctl -u {unit}"
    return Sentence(look, look)


def _speaker(installed: bool, probes: Probes) -> list[Finding]:
    try:
        status = probes.status()
    except SpeakerAway as error:
        mend = "sudo systemctl restart xiaolaba.target" if installed else "./xiaolaba run"
        return [Finding("speaker", "wrong" if installed else "note", error.sentence, Sentence(mend, mend))]
    alarms = [Finding(f"alarm-{alarm.code}", "wrong", Sentence(alarm.zh, alarm.en)) for alarm in status.alarms]
    card = {
        "card": Sentence("播音程序在运行，声卡正常", "the speaker answers, its sound card is there"),
        "recorder": Sentence("播音程序在运行，没有声卡，录成文件", "the speaker answers; no sound card, it records"),
        "missing": Sentence("播音程序在运行，但声卡没有连接", "the speaker answers, but its sound card is missing"),
    }[status.card]
    mend_card = Sentence(
        "检查声卡和音箱插头；名字用 aplay -l 看", "check the plug of the sound card; aplay -l lists names"
    )
    missing = status.card == "missing"
    return [Finding("speaker", "wrong" if missing else "good", card, mend_card if missing else None), *alarms]


def _clock_is_synchronised() -> bool:
    return Path("/run/systemd/timesync/synchronized").exists() or kernel_synchronised() is True


def _unit_is_active(unit: str) -> bool:
    words = ("systemctl", "is-active", "--quiet", unit)
    return subprocess.run(words, check=False, env=dict(os.environ)).returncode == 0  # noqa: S603 - our own words


def _unit_has_failed(unit: str) -> bool:
    words = ("systemctl", "is-failed", "--quiet", unit)
    return subprocess.run(words, check=False, env=dict(os.environ)).returncode == 0  # noqa: S603 - our own words
