"""What a microphone says of an airing, and how that is told to a person."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from box.sentences import Sentence


class Hearing(msgspec.Struct, frozen=True, kw_only=True):
    """What a microphone near the loudspeaker says of an airing, and by which figures.

    ``likeness_percent`` is how alike the words that were sent and what it took are, ``above_noise_db`` by how much it
    took more than before and after. "pending" is for the seconds until the verdict is known. ``why`` says why it has
    not listened; "interrupted": the speaker ended, or something else sounded, before the verdict was known.
    """

    verdict: Literal["heard", "faint", "not-heard", "not-listened", "pending"]
    likeness_percent: Annotated[int, Meta(ge=0, le=100)] | None = None
    above_noise_db: float | None = None
    delay_ms: int | None = None
    why: Literal[
        "",
        "missing",
        "busy",
        "denied",
        "unfit",
        "lost",
        "deaf",
        "too-short",
        "clip-gone",
        "failed",
        "too-slow",
        "interrupted",
    ] = ""


_HEARINGS = {
    "heard": Sentence("听到了", "heard"),
    "faint": Sentence("听到了，但很轻", "faint"),
    "not-heard": Sentence("没有听到", "not heard"),
    "not-listened": Sentence("没有听", "not listened to"),
    "pending": Sentence("正在听", "being listened to"),
}
_NOT_LISTENED = {
    "": Sentence("", ""),
    "missing": Sentence("话筒没有连接，请检查插头", "the microphone is not connected, check its plug"),
    "busy": Sentence("话筒被别的程序占用，请关掉它", "another program holds the microphone, end it"),
    "denied": Sentence(
        "没有使用话筒的权限，请让安装人员把本用户加入 audio 组", "this user may not use it, add it to the group audio"
    ),
    "unfit": Sentence(
        "话筒不能用 16 kHz，请在设置里改用 plughw 开头的 device",
        "the microphone does not give 16 kHz, use a device of plughw in the settings",
    ),
    "lost": Sentence("听到一半话筒断开了，请检查插头", "the microphone went away, check its plug"),
    "deaf": Sentence(
        "话筒里一点声音都没有，请看它的开关和录音音量（alsamixer）",
        "the microphone gives nothing at all, check its switch and its level (alsamixer)",
    ),
    "too-short": Sentence("话太短，听不准", "too few words to tell"),
    "clip-gone": Sentence(
        "播的声音文件已经换掉，没法比", "the clip has been replaced, there is nothing to compare with"
    ),
    "failed": Sentence("听音程序出错", "the listening failed"),
    "too-slow": Sentence("听音程序没有按时算完", "the listening did not finish in time"),
    "interrupted": Sentence("还没听完就被打断了", "it was interrupted before the verdict"),
}


def why_not_listened(hearing: Hearing) -> Sentence:
    """Return why nobody listened; empty where somebody did."""
    return _NOT_LISTENED[hearing.why]


def verdict_sentence(hearing: Hearing) -> Sentence:
    """Return the verdict alone."""
    return _HEARINGS[hearing.verdict]


def hearing_sentence(hearing: Hearing) -> Sentence:
    """Return what the microphone says of an airing, with its figures or the reason."""
    what, why = verdict_sentence(hearing), why_not_listened(hearing)
    zh, en = [why.zh] if why.zh else [], [why.en] if why.en else []
    if hearing.likeness_percent is not None:
        zh.append(f"相似 {hearing.likeness_percent}%")
        en.append(f"{hearing.likeness_percent} % alike")
    if hearing.above_noise_db is not None:
        above = round(hearing.above_noise_db)
        zh.append(f"比播出前后{'响' if above > 0 else '轻'} {abs(above)} 分贝" if above else "和播出前后一样响")
        en.append(f"{hearing.above_noise_db:+.0f} dB to the noise")
    if not zh:
        return what
    return Sentence(f"{what.zh}（{'，'.join(zh)}）", f"{what.en} ({', '.join(en)})")
