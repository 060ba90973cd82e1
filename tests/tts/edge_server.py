"""The voice service's side of its protocol, on this machine: TLS, WebSocket, tokens, and all the ways it fails."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from aiohttp import WSCloseCode, web
from edge_tts.drm import generate_sec_ms_gec_v2

HOST = "speech.platform.bing.com"
FRAME_BYTES = 720
_METADATA = (
    '{"Metadata":[{"Type":"SentenceBoundary","Data":{"Offset":0,"Duration":1000,'
    '"text":{"Text":"x","Length":1,"BoundaryType":"SentenceBoundary"}}}]}'
)


@dataclass
class Behaviour:
    """What the service does. ``audio`` is the mp3 of one turn; ``seen`` records the SSML of every turn."""

    audio: bytes = b""
    status: int | None = None
    skew_seconds: float = 0.0
    send_date: bool = True
    # whole, silent, dropped, 1011, stalled-in-handshake, stalled-before, stalled-within, trickling
    ends: str = "whole"
    dropped_in_turn: int = 1
    seen: list[str] = field(default_factory=list)
    handshakes: int = 0
    voices: str = "[]"  # the answer to who asks which voices there are


class EdgeServer:
    """Runs a service and a CONNECT proxy that leads every host to it, in a thread with its own loop."""

    def __init__(self, folder: Path, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.ca_file = folder / "ca.pem"
        self._certificates(folder)
        self._folder = folder
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self.proxy = ""
        self._closers: list[Callable[[], Awaitable[None]]] = []

    def __enter__(self) -> EdgeServer:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    async def _start(self) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._folder / "server.pem", self._folder / "server.key")
        application = web.Application()
        application.router.add_get("/consumer/speech/synthesize/readaloud/edge/v1", self._answer)
        application.router.add_get("/consumer/speech/synthesize/readaloud/voices/list", self._voices)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        port = runner.addresses[0][1]
        proxy = await asyncio.start_server(lambda reader, writer: _tunnel(reader, writer, port), "127.0.0.1", 0)
        self.proxy = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"

        async def close_proxy() -> None:
            proxy.close()

        self._closers = [close_proxy, runner.cleanup]

    async def _stop(self) -> None:
        for close in self._closers:
            await close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._loop.shutdown_asyncgens()

    async def _voices(self, request: web.Request) -> web.StreamResponse:
        if self.behaviour.ends == "stalled-before":
            await asyncio.sleep(600)
        return self._refusal(request) or web.Response(text=self.behaviour.voices, content_type="application/json")

    def _refusal(self, request: web.Request) -> web.Response | None:
        """Return what is answered to a request that is not let in."""
        behaviour = self.behaviour
        behaviour.handshakes += 1
        now = datetime.now(UTC) + timedelta(seconds=behaviour.skew_seconds)
        date = {"Date": format_datetime(now, usegmt=True)} if behaviour.send_date else {}
        if behaviour.status is not None:
            return web.Response(status=behaviour.status, headers=date)
        if request.query["Sec-MS-GEC"] != generate_sec_ms_gec_v2(now.timestamp()):
            return web.Response(status=403, headers=date)
        return None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self.behaviour.ends == "stalled-in-handshake":
            await asyncio.sleep(600)
        refused = self._refusal(request)
        if refused is not None:
            return refused
        behaviour = self.behaviour
        socket = web.WebSocketResponse(compress=True)
        await socket.prepare(request)
        config = await socket.receive_str()
        assert "Path:speech.config" in config
        behaviour.seen.append(await socket.receive_str())
        await self._turn(socket, request)
        return socket

    async def _turn(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        ends = self.behaviour.ends if len(self.behaviour.seen) >= self.behaviour.dropped_in_turn else "whole"
        if ends == "stalled-before":
            await asyncio.sleep(600)
        await socket.send_str("X-RequestId:1\r\nPath:turn.start\r\n\r\n{}")
        if ends != "silent":
            audio = self.behaviour.audio
            frames = [audio[start : start + FRAME_BYTES] for start in range(0, len(audio), FRAME_BYTES)]
            for frame in frames[: len(frames) // 2]:
                await socket.send_bytes(_binary(frame))
            if ends == "stalled-within":
                await asyncio.sleep(600)
            while ends == "trickling":
                await socket.send_bytes(_binary(audio[:8]))
                await asyncio.sleep(0.5)
            if ends == "dropped":
                assert request.transport is not None
                request.transport.abort()
                return
            if ends == "1011":
                await socket.close(code=WSCloseCode.INTERNAL_ERROR)
                return
            for frame in frames[len(frames) // 2 :]:
                await socket.send_bytes(_binary(frame))
            await socket.send_bytes(_binary(b"", content_type=False))
            await socket.send_str(f"X-RequestId:1\r\nPath:audio.metadata\r\n\r\n{_METADATA}")
        await socket.send_str("X-RequestId:1\r\nPath:turn.end\r\n\r\n{}")
        await socket.close()

    @staticmethod
    def _certificates(folder: Path) -> None:
        """Make a throw-away authority and a certificate of the service's host name, as strict as Python 3.13 is."""
        (folder / "server.cnf").write_text(
            f"subjectAltName=DNS:{HOST}\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n"
        )
        authority = ["-subj", "/CN=test", "-days", "2", "-addext", "keyUsage=critical,keyCertSign"]
        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        _openssl(folder, "req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", *authority)
        _openssl(folder, "req", *new_key, "-keyout", "server.key", "-out", "server.csr", "-subj", f"/CN={HOST}")
        _openssl(
            folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-extfile", "server.cnf", "-out", "server.pem", "-days", "2",
        )  # fmt: skip


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


def _binary(audio: bytes, *, content_type: bool = True) -> bytes:
    headers = b"X-RequestId:1\r\n" + (b"Content-Type:audio/mpeg\r\n" if content_type else b"") + b"Path:audio\r\n"
    return len(headers).to_bytes(2, "big") + headers + audio


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    await reader.readuntil(b"\r\n\r\n")
    try:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))
    finally:
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
