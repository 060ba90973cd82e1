"""Which Chinese voices the network service has. Only the child imports this."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
from edge_tts import voices
from edge_tts.exceptions import EdgeTTSException
from edge_tts.typing import Voice

from tts.edge import named
from tts.engines import EngineUnavailable
from tts.job import ListedVoice
from tts.loop import run_without_waiting
from tts.voices import EDGE, engine_of

_LANGUAGE = "zh-"


def listed(*, deadline_seconds: float, proxy: str | None, ca_file: Path | None) -> tuple[ListedVoice, ...]:
    """Ask the service; return its Chinese voices by name. Raises EngineError."""
    if ca_file is not None:
        voices._SSL_CTX.load_verify_locations(ca_file)
    try:
        found = run_without_waiting(_asked(deadline_seconds, proxy))
        return tuple(sorted(_chinese(found), key=lambda voice: voice.name))
    except (KeyError, TypeError, ValueError) as error:
        raise EngineUnavailable(
            "网络语音给的声音表看不懂，还用原来的", "the voice service's list makes no sense; the one before is kept"
        ) from error


async def _asked(deadline_seconds: float, proxy: str | None) -> list[Voice]:
    try:
        async with asyncio.timeout(deadline_seconds):
            return await voices.list_voices(proxy=proxy)
    except (EdgeTTSException, aiohttp.ClientError, OSError) as error:
        raise named(error, begun=False) from error


def _chinese(found: list[Voice]) -> list[ListedVoice]:
    """Return those of the language. Raises ValueError where there is none: that is no list of this service."""
    chinese = [
        ListedVoice(name=voice["ShortName"], female=voice["Gender"] == "Female")
        for voice in found
        if voice["ShortName"].startswith(_LANGUAGE) and engine_of(voice["ShortName"]) == EDGE
    ]
    if not chinese:
        raise ValueError(len(found))
    return chinese
