"""Where the panel can be reached: the machine's name, its addresses on the LAN, and a QR code for the phone."""

from __future__ import annotations

import fcntl
import io
import socket
import struct

from box.sentences import XiaolabaError

_SIOCGIFADDR = 0x8915  # linux/sockios.h: an interface's IPv4 address
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - what a host that means "every address" looks like


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


def urls(host: str, port: int) -> list[str]:
    """Return the panel's addresses, those that a phone on the LAN reaches first; numbers before the name.

    A numeric address works with every phone, ``name.local`` with most.
    """
    if host not in EVERYWHERE:
        return [f"http://{f'[{host}]' if ':' in host else host}:{port}/"]
    names = [*lan_addresses(), f"{socket.gethostname().split('.')[0]}.local"]
    return [f"http://{name}:{port}/" for name in names]


def lan_addresses() -> list[str]:
    """Return this machine's IPv4 addresses, loopback last and only when there is no other."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(sock, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # an interface without an IPv4 address
            found.append(socket.inet_ntoa(answer[20:24]))
    outside = [address for address in found if not address.startswith("127.")]
    return list(dict.fromkeys(outside)) or ["127.0.0.1"]


def qr_code(url: str) -> str:
    """Return the address as a QR code of half blocks, for a terminal."""
    import segno  # noqa: PLC0415 - ``install`` runs on a bare Python

    out = io.StringIO()
    segno.make(url, micro=False).terminal(out=out, compact=True)
    return out.getvalue().rstrip("\n")
