"""Made voices of a few hundred bytes: ONNX models that echo their tokens, encoded here without any package."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from pathlib import Path

from tts.voice_store.manifest import FILE, Files, Kind, Manifest, ModelFile, manifest_text

RATE_HZ = 22_050
FLOAT, INT64 = 1, 7  # TensorProto.DataType
TOKENS = ("_", "，", "。", "！", "q", "ing3", "zh", "u4", "i4", "h", "uo3", "sp")
LEXICON = {"请": "q ing3", "注": "zh u4", "意": "i4", "火": "h uo3", "注意火": "zh u4 sp h uo3", "哑": "missing"}
MATCHA = {"sample_rate": RATE_HZ, "n_speakers": 1, "use_eos_bos": 0, "pad_id": 0, "jieba": 1, "version": 1}
VITS = {"sample_rate": RATE_HZ, "n_speakers": 1, "language": "Chinese", "comment": "made", "jieba": 1, "add_blank": 1}


@dataclass(frozen=True)
class Made:
    """What a made voice is like: ``hold`` samples a token (1 is a bare echo), and its models' metadata."""

    kind: Kind = "matcha"
    hold: int = 4_000
    metadata: dict[str, object] = field(default_factory=lambda: dict(MATCHA))
    vocoder_metadata: dict[str, object] = field(default_factory=lambda: {"model_type": "hifigan"})
    name: str = "made-echo"
    rubbish: bool = False


def token_ids(*symbols: str) -> list[int]:
    """Return the numbers of the tokens with the blank that the engine puts around each."""
    ids = [0]
    for symbol in symbols:
        ids += [TOKENS.index(symbol), 0]
    return ids


def make_files(folder: Path, made: Made) -> dict[str, str]:
    """Write the files of a voice, without ``voice.toml``; return the name of each part's."""
    folder.mkdir(parents=True, exist_ok=True)
    model = "model-steps-3.onnx" if made.kind == "matcha" else "model.onnx"
    names = {"model": model, "lexicon": "lexicon.txt", "tokens": "tokens.txt"}
    if made.kind == "matcha":
        names["vocoder"] = "vocos-made.onnx"
        (folder / names["model"]).write_bytes(_acoustic(made.metadata))
        (folder / names["vocoder"]).write_bytes(_vocoder(made.hold, made.vocoder_metadata))
    else:
        (folder / names["model"]).write_bytes(_vits(made.hold, made.metadata))
    if made.rubbish:
        (folder / names["model"]).write_bytes(b"this is no model")
    (folder / names["tokens"]).write_text("".join(f"{name} {at}\n" for at, name in enumerate(TOKENS)), encoding="utf-8")
    (folder / names["lexicon"]).write_text("".join(f"{w} {s}\n" for w, s in LEXICON.items()), encoding="utf-8")
    return names


def make_voice(folder: Path, made: Made | None = None) -> Manifest:
    """Write a whole voice with its ``voice.toml``; return its manifest."""
    made = made or Made()
    names = make_files(folder, made)
    files = {
        part: ModelFile(file=name, sha256=hashlib.sha256((folder / name).read_bytes()).hexdigest())
        for part, name in names.items()
    }
    manifest = Manifest(name=made.name, title="回声", licence="CC0-1.0", kind=made.kind, files=Files(**files))
    (folder / FILE).write_text(manifest_text(manifest), encoding="utf-8")
    return manifest


def _acoustic(metadata: dict[str, object]) -> bytes:
    """Return a model that makes of token ids a mel whose 80 rows are each the ids divided by 1,000."""
    nodes = [
        _node("Cast", ["x"], "f", _int("to", FLOAT)),
        _node("Mul", ["f", "scale"], "s"),
        _node("Unsqueeze", ["s", "axis"], "u"),
        _node("Expand", ["u", "rows"], "mel"),
    ]
    constants = [_floats("scale", [0.001]), _integers("axis", [1]), _integers("rows", [1, 80, 1])]
    scales = [_value("noise_scale", FLOAT, 1), _value("length_scale", FLOAT, 1)]
    inputs = [_value("x", INT64, 1, "L"), _value("x_length", INT64, 1), *scales]
    return _model(nodes, constants, inputs, [_value("mel", FLOAT, 1, 80, "L")], metadata)


def _vocoder(hold: int, metadata: dict[str, object]) -> bytes:
    """Return a model that holds the first row of a mel, each of its frames for ``hold`` samples."""
    nodes = [
        _node("ReduceMax", ["mel"], "m", _ints("axes", [1])),
        _node("Transpose", ["m"], "t", _ints("perm", [0, 2, 1])),
        *_held("t"),
    ]
    return _model(nodes, _hold(hold), [_value("mel", FLOAT, 1, 80, "F")], [_value("audio", FLOAT, 1, "N")], metadata)


def _vits(hold: int, metadata: dict[str, object]) -> bytes:
    """Return a model that makes samples of token ids at once."""
    nodes = [
        _node("Cast", ["x"], "f", _int("to", FLOAT)),
        _node("Mul", ["f", "scale"], "s"),
        _node("Unsqueeze", ["s", "axis"], "t"),
        *_held("t"),
    ]
    constants = [_floats("scale", [0.001]), _integers("axis", [2]), *_hold(hold)]
    scales = [_value(name, FLOAT, 1) for name in ("noise_scale", "length_scale", "noise_scale_w")]
    inputs = [_value("x", INT64, 1, "L"), _value("x_length", INT64, 1), *scales]
    return _model(nodes, constants, inputs, [_value("audio", FLOAT, 1, "N")], metadata)


def _held(name: str) -> list[bytes]:
    return [_node("Expand", [name, "holds"], "e"), _node("Reshape", ["e", "flat"], "audio")]


def _hold(hold: int) -> list[bytes]:
    return [_integers("holds", [1, 1, hold]), _integers("flat", [1, -1])]


# What follows writes protocol buffers; the numbers are those of onnx.proto3.


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def _number(key: int, value: int) -> bytes:
    return _varint(key << 3) + _varint(value)


def _bytes(key: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _varint(key << 3 | 2) + _varint(len(raw)) + raw


def _int(name: str, value: int) -> bytes:
    return _bytes(1, name) + _number(3, value) + _number(20, 2)


def _ints(name: str, values: list[int]) -> bytes:
    return _bytes(1, name) + b"".join(_number(8, value) for value in values) + _number(20, 7)


def _node(kind: str, inputs: list[str], output: str, *attributes: bytes) -> bytes:
    given = b"".join(_bytes(1, name) for name in inputs)
    return given + _bytes(2, output) + _bytes(4, kind) + b"".join(_bytes(5, attribute) for attribute in attributes)


def _floats(name: str, values: list[float]) -> bytes:
    return (
        _number(1, len(values))
        + _number(2, FLOAT)
        + _bytes(8, name)
        + _bytes(9, struct.pack(f"<{len(values)}f", *values))
    )


def _integers(name: str, values: list[int]) -> bytes:
    return (
        _number(1, len(values))
        + _number(2, INT64)
        + _bytes(8, name)
        + _bytes(9, struct.pack(f"<{len(values)}q", *values))
    )


def _value(name: str, kind: int, *shape: int | str) -> bytes:
    sizes = b"".join(_bytes(1, _bytes(2, size) if isinstance(size, str) else _number(1, size)) for size in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, sizes)))


def _model(
    nodes: list[bytes], constants: list[bytes], inputs: list[bytes], outputs: list[bytes], metadata: dict[str, object]
) -> bytes:
    graph = b"".join(_bytes(1, node) for node in nodes) + _bytes(2, "made")
    graph += b"".join(_bytes(5, constant) for constant in constants)
    graph += b"".join(_bytes(11, value) for value in inputs) + b"".join(_bytes(12, value) for value in outputs)
    said = b"".join(_bytes(14, _bytes(1, key) + _bytes(2, str(value))) for key, value in metadata.items())
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _number(2, 13)) + said
