"""The good voice: Microsoft's, over the network, by the package edge-tts. Only the child imports this.

It is an unofficial client of a service that may stop. Its version is pinned, because what tells whole speech from
cut is inside it.
"""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import aiohttp
import edge_tts
from edge_tts import communicate
from edge_tts.exceptions import EdgeTTSException, NoAudioReceived, SkewAdjustmentError

from tts.engines import EngineError, EngineUnavailable, SpeechNotWhole
from tts.loop import run_without_waiting
from tts.sentences import cut
from tts.voices import EDGE, engine_of

MOST_BYTES = 3900  # the client cuts at 4,096, and in the middle of a word where it finds no line end (measured)
NORMAL_RATE = "+0%"  # the sign is obligatory
CONNECT_SECONDS = 10


class Edge:
    """An ``Engine`` over edge-tts: whole or refused, within ``deadline_seconds``.

    ``proxy`` is the URL of an HTTP proxy (its WebSocket ignores HTTPS_PROXY). ``ca_file`` holds certificates to
    trust besides the usual ones, for a network that inspects TLS. A name lookup that hangs leaves a
    thread behind: run it in a process that ends.
    """

    name = EDGE
    audio_format = "mp3"

    def __init__(self, *, deadline_seconds: float, proxy: str | None = None, ca_file: Path | None = None) -> None:
        self._deadline_seconds = deadline_seconds
        self._proxy = proxy
        if ca_file is not None:
            communicate._SSL_CTX.load_verify_locations(ca_file)

    def has(self, voice: str) -> bool:
        """Tell whether ``voice`` is one of the service's."""
        return engine_of(voice) == EDGE

    def speak(self, spoken: str, voice: str, folder: Path) -> Path:
        """Say the spoken form; see ``tts.engines.Engine``."""
        speech = run_without_waiting(self._received(spoken, voice))
        target = folder / "edge.mp3"
        target.write_bytes(speech)
        return target

    async def _received(self, spoken: str, voice: str) -> bytes:
        """Return the mp3 of the whole text. Raises EngineError for anything else."""
        client = edge_tts.Communicate(
            "\n".join(cut(spoken, MOST_BYTES)),
            voice,
            rate=NORMAL_RATE,
            proxy=self._proxy,
            connect_timeout=CONNECT_SECONDS,
            receive_timeout=int(self._deadline_seconds) + 1,
        )
        speech = bytearray()
        try:
            # The client's own receive timeout does not hold once the connection stands (measured).
            async with asyncio.timeout(self._deadline_seconds):
                async for chunk in client.stream():
                    if chunk["type"] == "audio":
                        speech += chunk["data"]
        except (EdgeTTSException, aiohttp.ClientError, OSError, RuntimeError, ValueError) as error:
            raise named(error, begun=bool(speech)) from error
        # A connection that drops in the middle raises nothing; the client's own count, which advances only at the
        # service's word that a turn has ended, tells (it did in every case that was measured).
        if not speech or client.state["cumulative_audio_bytes"] != len(speech):
            raise _not_whole()
        return bytes(speech)


def named(error: Exception, *, begun: bool) -> EngineError:
    """Return what became of the request as an error with a sentence."""
    if begun or isinstance(error, NoAudioReceived):
        return _not_whole()
    if isinstance(error, TimeoutError):
        return _away("网络语音没有回应", "the voice service does not answer")
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return EngineUnavailable(
            "网络语音的证书不可信：请检查小喇叭的日期时间，以及网络是否要先登录",
            "the voice service's certificate can't be trusted: check the clock, and whether the network wants a login",
        )
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ClientHttpProxyError):
        return _away("连不上网络语音", "the voice service can't be reached")
    if isinstance(error, SkewAdjustmentError | aiohttp.ClientResponseError):
        return _turned_away(error.status if isinstance(error, aiohttp.ClientResponseError) else 403)
    return _not_whole()


def _turned_away(status: int) -> EngineUnavailable:
    if status == 403:
        return EngineUnavailable(
            "网络语音拒绝了请求（403）：请检查日期时间；若一直这样，请更新小喇叭",
            "the voice service refuses (403): check the clock; if it goes on, update xiaolaba",
        )
    if status == 429:
        return EngineUnavailable(
            "网络语音太忙（429），过几分钟会自动再试", "the voice service is busy (429), it is tried again in minutes"
        )
    return EngineUnavailable(
        f"网络语音出了故障（{status}），稍后会自动再试",
        f"the voice service has failed ({status}), it is tried again later",
    )


def _away(zh: str, en: str) -> EngineUnavailable:
    return EngineUnavailable(f"{zh}，请检查网络，稍后会自动再试", f"{en}: check the network; it is tried again later")


def _not_whole() -> SpeechNotWhole:
    return SpeechNotWhole(
        "网络语音没有读完整，没有采用，稍后会自动再试", "the speech came cut and was refused, it is tried again later"
    )
