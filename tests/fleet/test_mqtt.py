"""The rests between two attempts to reach the broker, and what is sent while it says nothing."""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import BinaryIO

import pytest

from fleet.enrol import certificates, contexts
from fleet.enrol.authority import Authority
from fleet.mqtt import SHORTEST_REST_SECONDS, Mqtt, rest_seconds

LET_IN = bytes((0x20, 2, 0, 0))  # CONNACK
PUBLISH = 3
ORDERS = 1000
PATIENCE_SECONDS = 60.0


@pytest.mark.parametrize(
    ("misses", "chance", "seconds"),
    [(0, 0.0, 0.5), (0, 1.0, 2.0), (1, 1.0, 4.0), (4, 1.0, 32.0), (5, 1.0, 60.0), (500, 1.0, 60.0), (500, 0.5, 30.25)],
)
def test_a_rest_grows_to_its_longest_and_is_anywhere_below(misses: int, chance: float, seconds: float) -> None:
    """The first is short, for a broker that was restarted; later ones spread a whole town over a minute."""
    assert rest_seconds(misses, chance, 60.0) == seconds


def test_a_town_that_comes_back_in_one_second_is_spread() -> None:
    """Of a thousand boxes after five misses no second of the next minute has more than twice its share."""
    chances = [number / 1000 for number in range(1000)]
    seconds = [int(rest_seconds(5, chance, 60.0) - SHORTEST_REST_SECONDS) for chance in chances]
    assert max(seconds.count(second) for second in range(60)) <= 2 * 1000 / 59


def test_no_order_waits_for_the_brokers_word_about_another(tmp_path: Path) -> None:
    """A broker that is busy says it late; what is urgent for the thousandth yard goes out with the first."""
    authority, key = Authority.new(), certificates.new_key()
    certificate_file, key_file = tmp_path / "hub.pem", tmp_path / "hub.key"
    certificate_file.write_bytes(authority.sign_hub(certificates.request_for(key)).pem)
    key_file.write_bytes(certificates.key_pem(key))
    trusted = authority.pem.decode()
    there, ended = Event(), list[Exception]()
    hub = Mqtt(
        "hub", contexts.hub_as_client(certificate_file, key_file, trusted), "out/+", heard=lambda *_: None,
        connected=there.set, lost=lambda: None, failed=ended.append,
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor() as threads:
        listener.settimeout(PATIENCE_SECONDS)
        silent = threads.submit(_orders_at, listener, contexts.hub_server(certificate_file, key_file, trusted))
        hub.start(*listener.getsockname())
        assert there.wait(PATIENCE_SECONDS)
        for number in range(ORDERS):
            hub.publish(f"in/{number}", b"an order", retain=True)
        assert silent.result(PATIENCE_SECONDS) == ORDERS
        hub.close()
    assert not ended


def _orders_at(listener: socket.socket, context: ssl.SSLContext) -> int:
    """Let a client in, and say nothing more to it; return how many orders it sends all the same."""
    connection, _ = listener.accept()
    connection.settimeout(PATIENCE_SECONDS)
    with context.wrap_socket(connection, server_side=True) as tls, tls.makefile("rb") as stream:
        _packet_type(stream)
        tls.sendall(LET_IN)
        orders = 0
        while orders < ORDERS:
            orders += _packet_type(stream) == PUBLISH
        return orders


def _packet_type(stream: BinaryIO) -> int:
    """Read a packet and return its type (MQTT 3.1.1, 2.2)."""
    first = stream.read(1)[0]
    length, shift, more = 0, 0, True
    while more:
        digit = stream.read(1)[0]
        length, shift, more = length | (digit & 0x7F) << shift, shift + 7, digit >= 0x80
    stream.read(length)
    return first >> 4
