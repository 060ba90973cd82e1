"""Each voice engine as far as it can be had without its network or its model: what stands in is named."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bench.speech import mp3_of_service, spoken_seconds, text_of
from tests.tts.edge_server import Behaviour, EdgeServer
from tests.tts.made_voice import make_voice
from tts.voices import EDGE, ESPEAK, ESPEAK_VOICE, SHERPA

_MADE_WORDS = "请注意火。"
_MADE_SECONDS = 3.0  # that the made voice takes for them


@dataclass(frozen=True)
class Asked:
    """What an engine is asked: fields of a job. ``lacks`` says why it can't be asked here."""

    engine: str
    note: str
    fields: Mapping[str, str]
    lacks: str = ""


def engines(folder: Path, seconds: float, running: ExitStack) -> Iterator[Asked]:
    """Yield each engine with what it is asked to say, about so many seconds of speech."""
    yield Asked(ESPEAK, "the real one", {"voice": ESPEAK_VOICE, "spoken": text_of(seconds)})
    yield _neural(folder, seconds)
    yield _network(folder, seconds, running)


def _neural(folder: Path, seconds: float) -> Asked:
    note = "the real engine with a made model of no weight: the model's own cost is not in it"
    if find_spec("sherpa_onnx") is None:
        return Asked(SHERPA, note, {}, "sherpa-onnx is not installed")
    voice = folder / "voice"
    name = make_voice(voice).name
    spoken = _MADE_WORDS * (int(seconds / _MADE_SECONDS) + 1)
    return Asked(SHERPA, note, {"voice": name, "spoken": spoken, "voice_folder": str(voice)})


def _network(folder: Path, seconds: float, running: ExitStack) -> Asked:
    note = "the real client against a local server of its protocol: the service and the line are not in it"
    if shutil.which("openssl") is None:
        return Asked(EDGE, note, {}, "no openssl here")
    place = folder / "service"
    place.mkdir()
    audio = mp3_of_service(spoken_seconds(place, seconds)).read_bytes()
    server = running.enter_context(EdgeServer(place, Behaviour(audio=audio)))
    fields = {
        "voice": "zh-CN-XiaoxiaoNeural",
        "spoken": "请居民注意。",
        "proxy": server.proxy,
        "ca_file": str(server.ca_file),
    }
    return Asked(EDGE, note, fields)
