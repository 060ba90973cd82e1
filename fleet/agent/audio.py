"""A clip from the hub, over HTTPS by this box's certificate: from where it was cut, up to the size announced."""

from __future__ import annotations

import http.client
import os
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from box.sentences import XiaolabaError
from fleet.wire.documents import Travels

TIMEOUT_SECONDS = 10.0  # for one piece; a clip of five minutes over a slow line takes many
_PIECE_BYTES = 64 * 1024


class AudioAway(XiaolabaError):
    """The clip could not be had now; what came of it is kept, and the rest is asked for again."""


class GivenUp(Exception):
    """Nobody wants the clip any more: it was stopped, or it is too late."""


class HttpsAudio:
    """Fetches from the first of ``hosts`` that has it. ``context`` is made anew for each: certificates may change."""

    def __init__(self, hosts: tuple[str, ...], port: int, context: Callable[[], ssl.SSLContext]) -> None:
        self._hosts = hosts
        self._port = port
        self._context = context

    def fetch(self, travels: Travels, target: Path, wanted: Callable[[], bool]) -> None:
        """Bring what is missing of ``travels`` to the end of ``target``, which has its size then.

        ``wanted`` is asked between two pieces. What comes is not yet believed: its hash is for the caller. Raises
        AudioAway, GivenUp, OSError where this box's storage refuses.
        """
        missed: Exception | None = None
        for host in self._hosts:
            try:
                self._fetch_from(host, travels, target, wanted)
            except (http.client.HTTPException, ssl.SSLError, ConnectionError, TimeoutError, _Unlike) as error:
                missed = error
            except OSError as error:
                if error.filename is not None:  # the storage's, not the network's
                    raise
                missed = error
            else:
                return
        raise AudioAway(
            f"声音还没有取到（{missed}），会自动再试", f"a clip can't be had yet ({missed}); it is tried again"
        )

    def _fetch_from(self, host: str, travels: Travels, target: Path, wanted: Callable[[], bool]) -> None:
        had = target.stat().st_size if target.exists() else 0
        if had >= travels.size:
            return
        connection = http.client.HTTPSConnection(host, self._port, context=self._context(), timeout=TIMEOUT_SECONDS)
        with ExitStack() as stack:
            stack.callback(connection.close)
            headers = {"Range": f"bytes={had}-"} if had else {}
            connection.request("GET", f"/audio/{travels.sha256}", headers=headers)
            answer = stack.enter_context(connection.getresponse())
            if answer.status not in {200, 206}:
                raise _Unlike(f"{host}: {answer.status}")
            if answer.status == 200:
                had = 0
            elif not (answer.headers.get("Content-Range") or "").startswith(f"bytes {had}-"):
                raise _Unlike(f"{host}: Content-Range")
            with target.open("r+b" if target.exists() else "wb") as file:
                file.truncate(had)
                file.seek(had)
                self._copy(answer, file, travels.size - had, wanted)
        if target.stat().st_size < travels.size:
            raise _Unlike(f"{host}: cut")

    @staticmethod
    def _copy(answer: http.client.HTTPResponse, file: BinaryIO, left: int, wanted: Callable[[], bool]) -> None:
        while left > 0 and (piece := answer.read(min(_PIECE_BYTES, left))):
            if not wanted():
                raise GivenUp
            file.write(piece)
            left -= len(piece)
        file.flush()
        os.fsync(file.fileno())


class _Unlike(Exception):
    """The answer is not what was asked for."""
