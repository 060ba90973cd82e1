"""TLS contexts: whom a device believes to be the hub, and what the hub asks of who connects."""

from __future__ import annotations

import ssl
from pathlib import Path

from fleet.enrol.membership import AUTHORITY, CERTIFICATE, KEY


def unknown_hub() -> ssl.SSLContext:
    """Return the context for the one question that is asked of anybody: the authority's certificate, to be compared."""
    context = _client()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def hub_of(authority: str) -> ssl.SSLContext:
    """Return the context that believes only who was certified as a server by ``authority`` (PEM).

    Names are not compared, because the hub's address changes with its router: the authority certifies one server, the
    hub, and devices as clients only (``extendedKeyUsage``, which OpenSSL holds a server to).
    """
    context = _client()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=authority)
    return context


def member(folder: Path) -> ssl.SSLContext:
    """Return the context of a device whose membership is in ``folder``. Raises OSError (ssl.SSLError is one)."""
    context = hub_of((folder / AUTHORITY).read_text(encoding="ascii"))
    context.load_cert_chain(folder / CERTIFICATE, folder / KEY, password="")  # or OpenSSL would ask the terminal
    return context


def hub_server(certificate: Path, key: Path, authority: str) -> ssl.SSLContext:
    """Return the hub's context as a server: a client certificate is asked for, and checked where there is one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations(cadata=authority)
    context.load_cert_chain(certificate, key, password="")
    return context


def hub_as_client(certificate: Path, key: Path, authority: str) -> ssl.SSLContext:
    """Return the hub's context as a client of its own broker."""
    context = hub_of(authority)
    context.load_cert_chain(certificate, key, password="")
    return context


def _client() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
