"""The voices that are known, and which engine has them. Known without importing any engine."""

from __future__ import annotations

import re

from box.sentences import Sentence
from tts.engines import Voice, VoiceBroken

EDGE = "edge-tts"
ESPEAK = "espeak-ng"
SHERPA = "sherpa-onnx"

GRADES = {EDGE: 3, SHERPA: 2, ESPEAK: 1}
"""How good an engine sounds: a clip never gives way to one of a lower grade."""

ESPEAK_VOICE = "cmn-latn-pinyin"  # the plain cmn voice of 1.51 reads pinyin as English (measured)

VOICES = (
    Voice("zh-CN-XiaoxiaoNeural", "晓晓（女声）", EDGE, "Xiaoxiao (female)"),
    Voice("zh-CN-XiaoyiNeural", "晓伊（女声）", EDGE, "Xiaoyi (female)"),
    Voice("zh-CN-YunyangNeural", "云扬（男声，新闻）", EDGE, "Yunyang (male, newsreader)"),
    Voice("zh-CN-YunjianNeural", "云健（男声）", EDGE, "Yunjian (male)"),
    Voice("zh-CN-YunxiNeural", "云希（男声）", EDGE, "Yunxi (male)"),
    Voice("zh-CN-YunxiaNeural", "云夏（男声，少年）", EDGE, "Yunxia (male, young)"),
    Voice("zh-CN-liaoning-XiaobeiNeural", "晓北（女声，东北话）", EDGE, "Xiaobei (female, Northeastern)"),
    Voice("zh-CN-shaanxi-XiaoniNeural", "晓妮（女声，陕西话）", EDGE, "Xiaoni (female, Shaanxi)"),
    Voice(ESPEAK_VOICE, "机器声（不用上网）", ESPEAK, "Robot voice (needs no internet)"),
)

_EDGE_NAME = re.compile(r"[a-z]{2,3}-[A-Z]{2}(-[a-z]+)?-[A-Za-z]{2,40}Neural")

LICENCES = {
    EDGE: Sentence("微软的在线服务，按其条款使用", "an online service of Microsoft, on its terms"),
    ESPEAK: Sentence("GPL-3.0-or-later", "GPL-3.0-or-later"),
}
"""On whose terms an engine's voices speak; a neural voice brings its own."""


def ended_by(voice: str) -> VoiceBroken:
    """Return what is told of a voice that ended the process that used it."""
    return VoiceBroken(
        f"声音“{voice}”一用就中断：它的文件不能用，或者内存不够。请换一个声音，或重新安装它",
        f"the voice “{voice}” ends the process that uses it: its files are unusable, or memory is short. "
        "Choose another voice, or install it again",
    )


def engine_of(voice: str) -> str | None:
    """Return the name of the engine that has ``voice``, or None where none can.

    The network service gets new voices without us: any name of its shape is believed to be one of its.
    """
    for known in VOICES:
        if known.name == voice:
            return known.engine
    return EDGE if _EDGE_NAME.fullmatch(voice) else None
