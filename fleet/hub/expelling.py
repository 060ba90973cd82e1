"""Throwing a device off the broker: Mosquitto lets nobody in whose certificate is revoked, but leaves in who is."""

from __future__ import annotations

import socket
import ssl
import tempfile
from pathlib import Path

from fleet.enrol import certificates, contexts
from fleet.enrol.authority import Authority

_TIMEOUT_SECONDS = 5.0
_CONNACK_BYTES = 4
_DISCONNECT = b"\xe0\x00"


def expel(name: str, authority: Authority, address: tuple[str, int]) -> None:
    """Take the place of the device ``name`` for a moment, by a certificate of our own making in its name.

    A broker has one connection a client id (MQTT 3.1.1, 3.1.4-2): the other one is ended, and its session, with
    whatever was queued for it, is forgotten. Raises OSError where the broker does not answer.
    """
    key = certificates.new_key()
    signed = authority.sign_device(certificates.request_for(key), name)
    context = contexts.hub_of(authority.pem.decode("ascii"))
    with tempfile.TemporaryDirectory(prefix="xiaolaba-") as folder:
        pair = Path(folder) / "pair.pem"
        pair.touch(mode=0o600)
        pair.write_bytes(signed.pem + certificates.key_pem(key))
        context.load_cert_chain(pair, password="")
    with (
        socket.create_connection(address, timeout=_TIMEOUT_SECONDS) as plain,
        context.wrap_socket(plain) as connection,
    ):
        connection.sendall(_connect(name))
        if len(connection.recv(_CONNACK_BYTES)) < _CONNACK_BYTES:
            raise ssl.SSLError("the broker hung up")
        connection.sendall(_DISCONNECT)


def _connect(name: str) -> bytes:
    """Return CONNECT of MQTT 3.1.1 with a clean session (3.1.2): protocol, flags, keepalive, client id."""
    body = b"\x00\x04MQTT\x04\x02\x00\x1e" + len(name).to_bytes(2, "big") + name.encode()
    return bytes((0x10, len(body))) + body
