"""Where the panel can be reached: the machine's addresses on the LAN, and its name."""

from __future__ import annotations

import fcntl
import socket
import struct
from typing import Literal

_SIOCGIFADDR = 0x8915  # linux/sockios.h: an interface's IPv4 address
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - what a host that means "every address" looks like
_USUAL_PORTS = {"http": 80, "https": 443}  # a browser needs not be told


def urls(host: str, port: int, scheme: Literal["http", "https"] = "http", name: str = "") -> list[str]:
    """Return the panel's addresses, those that a phone on the LAN reaches first; numbers before the name.

    A numeric address works with every phone, ``name.local`` with most. ``name`` is the announced one; else the host's.
    """
    if host not in EVERYWHERE:
        return [_url(scheme, f"[{host}]" if ":" in host else host, port)]
    called = name or f"{socket.gethostname().split('.')[0]}.local"
    return [_url(scheme, one, port) for one in (*lan_addresses(), called)]


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


def _url(scheme: str, name: str, port: int) -> str:
    return f"{scheme}://{name}/" if port == _USUAL_PORTS[scheme] else f"{scheme}://{name}:{port}/"
