"""A voice as sherpa-onnx publishes it, without ``voice.toml``: recognised by the names of its files."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from box.storage import hash_of
from tts.voice_store.manifest import Files, Manifest, ModelFile, VoiceWrong

_VOCODER = re.compile(r"(vocos|hifigan)[A-Za-z0-9._-]*\.onnx")
_MATCHA = re.compile(r"model-steps-\d+\.onnx")
_QUANTIZED = re.compile(r".*[.-](int8|fp16)\.onnx")
_NOT_STATED = "没有注明，请向发布者确认 / not stated: ask who publishes it"

# What their pages say of the recordings they were made of; a licence in the archive is of the code.
_KNOWN = {
    "matcha-icefall-zh-baker": (
        "标贝（女声）",
        "数据（标贝）仅限非商业使用 / data (DataBaker) for non-commercial use only",
    ),
}


def recognise(folder: Path, name: str) -> Manifest:
    """Return the description of the published voice in ``folder``, its files hashed as they are. Raises VoiceWrong."""
    names = sorted(path.name for path in folder.glob("*.onnx"))
    vocoders = [file for file in names if _VOCODER.fullmatch(file)]
    models = [file for file in names if file not in vocoders]
    models = [file for file in models if not _QUANTIZED.fullmatch(file)] or models
    matcha = any(_MATCHA.fullmatch(file) for file in models)
    for file in ("lexicon.txt", "tokens.txt"):
        if not (folder / file).is_file():
            raise VoiceWrong(
                f"里面没有 {file}：不是能用的中文声音",
                f"there is no {file} in it: it is no Chinese voice that can be used",
            )
    model = _only(models, "model-steps-3.onnx / model.onnx")
    if matcha and not vocoders:
        raise VoiceWrong(
            "这个声音还要一个声码器文件，请加上：--vocoder vocos-22khz-univ.onnx",
            "this voice needs a vocoder beside it, please add: --vocoder vocos-22khz-univ.onnx",
        )

    def hashed(found: str) -> ModelFile:
        return ModelFile(file=found, sha256=hash_of(folder / found))

    title, licence = _KNOWN.get(name, (name, _NOT_STATED))
    files = Files(
        model=hashed(model),
        lexicon=hashed("lexicon.txt"),
        tokens=hashed("tokens.txt"),
        vocoder=hashed(_only(vocoders, "vocos-….onnx")) if matcha else None,
    )
    found = Manifest(name=name, title=title, licence=licence, kind="matcha" if matcha else "vits", files=files)
    try:
        return msgspec.convert(msgspec.to_builtins(found), Manifest)
    except msgspec.ValidationError as error:
        raise VoiceWrong(
            f"“{name}”不能做声音的名字，请用 --name 另起一个（小写字母、数字、横线）",
            f"“{name}” can't be a voice's name, choose another with --name (small letters, digits, hyphens)",
        ) from error


def _only(names: list[str], what: str) -> str:
    if len(names) != 1:
        shown = "、".join(names) or "—"
        raise VoiceWrong(
            f"要有一个 {what}，这里有：{shown}", f"there must be one {what}; there is: {', '.join(names) or 'none'}"
        )
    return names[0]
