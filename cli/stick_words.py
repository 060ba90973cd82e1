"""What is written on the stick: the code and what to do with it, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from box.sentences import Sentence
from cli.held import Hold

_WHY_NOT = {
    Hold.NOT_HELD: Sentence(
        "没有给开通码：两分钟里没有看到有人按住盒子上的按键。请把优盘拔下再插上，等十秒，按住按键五秒再放开。",
        "No set-up code: nobody was seen holding the button on the box within two minutes."
        " Take the stick out and put it in again, wait ten seconds, hold the button for five seconds and let go.",
    ),
    Hold.NO_BUTTON: Sentence(
        "没有给开通码：这个盒子没有接按键。请安装人员在盒子上运行 sudo xiaolaba setup-code。",
        "No set-up code: no button is connected to this box. Ask the installer to run sudo xiaolaba setup-code on it.",
    ),
    Hold.NO_SPEAKER: Sentence(
        "没有给开通码：播音程序没有回答，看不到按键。请拔掉盒子的电源，等十秒再插上，两分钟以后再插优盘。",
        "No set-up code: the speaker does not answer, so the button can't be seen. Unplug the box, wait ten seconds,"
        " plug it in again, and put the stick in two minutes later.",
    ),
}


def refusal(hold: Hold) -> str:
    """Return why there is no code, and what to do."""
    return "\n".join((*_WHY_NOT[hold], ""))


def invitation(code: str, until: datetime, addresses: Sequence[str]) -> str:
    """Return ``code`` with where it is typed in; it counts until ``until``, a local time."""
    pages = [f"{url}first-visit" for url in addresses]
    others_zh = f"   打不开就试：{' 或者 '.join(pages[1:])}\n" if pages[1:] else ""
    others_en = f"   If it does not open: {' or '.join(pages[1:])}\n" if pages[1:] else ""
    return (
        f"小喇叭的开通码：{code}\n\n"
        f"1. 手机连上小区的 Wi-Fi，打开 {pages[0]}\n{others_zh}"
        "2. 填上这个开通码和您原来的名字，再设一个新密码。\n"
        f"只能用一次，24 小时之内有效（到 {until:%Y-%m-%d %H:%M}）。以前的开通码不能用了。用完请删掉这个文件。\n\n"
        f"Set-up code of xiaolaba: {code}\n\n"
        f"1. With the phone on the same Wi-Fi open {pages[0]}\n{others_en}"
        "2. Type this code, the name you had, and a new password.\n"
        f"It works once, within 24 hours (until {until:%Y-%m-%d %H:%M}). Earlier codes are void."
        " Delete this file afterwards.\n"
    )
