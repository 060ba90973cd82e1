"""Before the panel listens: whether it can, and where it is then, as a QR code for the phone."""

from __future__ import annotations

import io
import socket

from box.sentences import XiaolabaError


class PortTaken(XiaolabaError):
    """Something else listens where the panel should."""


def require_free(host: str, port: int) -> None:
    """Raise PortTaken where the panel could not listen."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(found[0], found[1]) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(found[4])
    except OSError as error:
        raise PortTaken(
            f"面板的端口 {host}:{port} 用不了（{error.strerror}），可能有别的程序占着。换一个：--port {port + 1}",
            f"the panel can't listen on {host}:{port} ({error.strerror}), perhaps another program does."
            f" Take another: --port {port + 1}",
        ) from error


def qr_code(url: str) -> str:
    """Return the address as a QR code of half blocks, for a terminal."""
    import segno  # noqa: PLC0415 - ``install`` runs on a bare Python

    out = io.StringIO()
    segno.make(url, micro=False).terminal(out=out, compact=True)
    return out.getvalue().rstrip("\n")
