"""One encrypted connection over a stream: what the phone sends, plain, and what it is sent, encrypted."""

from __future__ import annotations

import asyncio
import contextlib
import ssl

CHUNK_BYTES = 16 * 1024  # what one record of TLS holds at most


class Encrypted:
    """TLS on a pair of asyncio's streams, a record at a time.

    asyncio's own TLS took 310 kB a connection here, silent ones too; this takes 15 kB for a silent one, 70 for others.
    """

    def __init__(self, context: ssl.SSLContext, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._came, self._going = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._context = context
        self._tls: ssl.SSLObject

    async def shake_hands(self) -> None:
        """Agree on keys. Raises ssl.SSLError for what is no TLS, ConnectionError where the phone leaves."""
        await self._more()  # who says nothing is not worth OpenSSL's buffers
        self._tls = self._context.wrap_bio(self._came, self._going, server_side=True)
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                if not await self._more():
                    raise ConnectionResetError from None
            except ssl.SSLError:
                await self._flush()  # the alert that says why
                raise
            else:
                return await self._flush()

    async def read(self) -> bytes:
        """Return what came, at most a chunk; nothing at the end. Raises ssl.SSLError for what was tampered with."""
        while True:
            try:
                return self._tls.read(CHUNK_BYTES)
            except ssl.SSLWantReadError:
                if not await self._more():
                    return b""
            except ssl.SSLZeroReturnError:
                return b""

    async def write(self, plain: bytes) -> None:
        """Send ``plain``; returns when there is room for more."""
        self._tls.write(plain)
        await self._flush()

    async def end(self) -> None:
        """Say that this is the end, so that nobody can cut an answer short unnoticed, and send what is left."""
        with contextlib.suppress(ssl.SSLError):  # it has not said so itself, and need not
            self._tls.unwrap()
        await self._flush()
        self._writer.close()
        await self._writer.wait_closed()

    async def _more(self) -> bool:
        encrypted = await self._reader.read(CHUNK_BYTES)
        self._came.write(encrypted)
        return bool(encrypted)

    async def _flush(self) -> None:
        if self._going.pending:
            self._writer.write(self._going.read())
            await self._writer.drain()
