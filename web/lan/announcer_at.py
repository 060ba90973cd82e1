"""The announcer of a panel, built from what the installer wants."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path

from box.addresses import EVERYWHERE, lan_addresses
from web.lan.announced_file import keep
from web.lan.announcing import Announced, Announcer, Responder

HTTP, HTTPS = "_http._tcp.local.", "_https._tcp.local."
_LOG = logging.getLogger(__name__)


def announcer_at(file: Path, host: str, port: int, https_port: int) -> Announcer | None:
    """Return the announcer of a panel that listens on ``host``; None where no phone could reach it.

    ``https_port`` is 0 without an encrypted address. What it is called is kept in ``file``.
    """

    def told(announced: Announced) -> None:
        try:
            keep(file, announced)
        except OSError as error:
            _LOG.warning("doctor can't be told what the box is called: %s", error)

    told(Announced())  # what a panel that was killed has left is no longer true
    if not reachable(host) and host not in EVERYWHERE:
        return None
    services = {HTTP: port} | ({HTTPS: https_port} if https_port else {})
    return Announcer(services, lambda: reachable(host), _open, told)


def reachable(host: str) -> tuple[str, ...]:
    """Return the addresses at which phones find a panel that listens on ``host``, now; none are of loopback."""
    if host in EVERYWHERE:
        return tuple(address for address in lan_addresses() if not IPv4Address(address).is_loopback)
    try:
        address = IPv4Address(host)
    except AddressValueError:
        return ()  # IPv6 or a name: who asks for those types them
    return () if address.is_loopback else (str(address),)


def _open(addresses: Sequence[str], heard: Callable[[str], None]) -> Responder:
    from web.lan.mdns import ZeroconfResponder  # noqa: PLC0415 - a panel that announces nothing does without it

    return ZeroconfResponder(addresses, heard)
