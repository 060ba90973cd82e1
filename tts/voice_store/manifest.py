"""``voice.toml``: what a neural voice is called, whose it is, and which files with which hashes it is made of."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from box.sentences import XiaolabaError

FILE = "voice.toml"
_MOST_BYTES = 64 * 1024
_NAME = r"^[a-z0-9][a-z0-9._-]{1,59}\Z"
_FILE_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z"

Kind = Literal["matcha", "vits"]
Line = Annotated[str, Meta(min_length=1, max_length=200)]


class VoiceWrong(XiaolabaError):
    """A voice can't be used or installed as it is; the sentence says what is wrong with it."""


class ModelFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file beside ``voice.toml``: its bare name, and the SHA-256 of its bytes in lower-case hex."""

    file: Annotated[str, Meta(pattern=_FILE_NAME)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Files(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The files of a voice by their part. Only a matcha voice has a vocoder."""

    model: ModelFile
    lexicon: ModelFile
    tokens: ModelFile
    vocoder: ModelFile | None = None

    def parts(self) -> Iterator[tuple[str, ModelFile]]:
        """Yield every file there is with its part."""
        for part in ("model", "lexicon", "tokens", "vocoder"):
            found = getattr(self, part)
            if found is not None:
                yield part, found


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of ``voice.toml``. ``name`` is what the programme file writes; ``licence`` is shown to people."""

    name: Annotated[str, Meta(pattern=_NAME)]
    title: Line
    licence: Line
    kind: Kind
    files: Files
    speaker: Annotated[int, Meta(ge=0, le=10_000)] = 0
    sample_rate_hz: Annotated[int, Meta(ge=8_000, le=48_000)] | None = None

    @property
    def model(self) -> str:
        """The hash of all that makes this voice's sound: it is part of a clip's key."""
        sound = [self.kind, self.speaker, *((part, file.sha256) for part, file in self.files.parts())]
        return hashlib.sha256(json.dumps(sound).encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the voice in ``folder``. Raises VoiceWrong naming what is wrong with it."""
    try:
        with (folder / FILE).open("rb") as file:
            content = file.read(_MOST_BYTES)
        manifest = msgspec.convert(tomllib.loads(content.decode()), Manifest)
    except FileNotFoundError as error:
        raise VoiceWrong(f"{folder.name} 里没有 {FILE}", f"there is no {FILE} in {folder.name}") from error
    except (OSError, ValueError) as error:  # TOML's, UTF-8's and msgspec's are ValueErrors
        raise VoiceWrong(
            f"{folder.name} 的 {FILE} 有错：{error}", f"{FILE} of {folder.name} is wrong: {error}"
        ) from error
    if (manifest.kind == "matcha") != (manifest.files.vocoder is not None):
        raise VoiceWrong(
            f"{FILE} 有错：matcha 声音要有 vocoder，vits 声音不能有",
            f"{FILE} is wrong: a matcha voice has a vocoder, a vits voice has none",
        )
    return manifest


def manifest_text(manifest: Manifest) -> str:
    """Return ``manifest`` as TOML. A JSON string is a TOML string."""
    plain = {"name": manifest.name, "title": manifest.title, "licence": manifest.licence, "kind": manifest.kind}
    lines = [f"{key} = {_string(value)}" for key, value in plain.items()]
    lines.append(f"speaker = {manifest.speaker}")
    if manifest.sample_rate_hz is not None:
        lines.append(f"sample_rate_hz = {manifest.sample_rate_hz}")
    for part, file in manifest.files.parts():
        lines += ["", f"[files.{part}]", f"file = {_string(file.file)}", f"sha256 = {_string(file.sha256)}"]
    return "\n".join(lines) + "\n"


def _string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
