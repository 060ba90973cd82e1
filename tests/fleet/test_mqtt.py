"""The rests between two attempts to reach the broker, and what is sent while it says nothing."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import BinaryIO

import pytest

from fleet.enrol import certificates, contexts
from fleet.enrol.authority import Authority
from fleet.mqtt import MOST_UNDER_WAY, SHORTEST_REST_SECONDS, Mqtt, rest_seconds

LET_IN = bytes((0x20, 2, 0, 0))  # CONNACK
CONNECT, PUBLISH, SUBSCRIBE = 1, 3, 8
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
    with _hub_at_a_broker(tmp_path, _SilentBroker(ORDERS)) as (hub, broker):
        _order(hub, ORDERS)
        assert broker.result(PATIENCE_SECONDS) == [f"in/{number}" for number in range(ORDERS)]


def test_more_than_may_be_under_way_come_all_the_same(tmp_path: Path) -> None:
    """Of ten at a time, the next go with each word of the broker's: no yard is left out, none is told twice."""
    with _hub_at_a_broker(tmp_path, _BrokerThatAnswers(ORDERS, withheld=()), most_under_way=10) as (hub, broker):
        _order(hub, ORDERS)
        assert broker.result(PATIENCE_SECONDS) == [f"in/{number}" for number in range(ORDERS)]


@pytest.mark.slow
def test_a_number_that_is_still_taken_loses_no_order(tmp_path: Path) -> None:
    """A message's number comes again after 65,535; while the broker has not answered it paho takes no other by it."""
    orders = 66_000
    with _hub_at_a_broker(tmp_path, _BrokerThatAnswers(orders, withheld=(5, 6, 7))) as (hub, broker):
        _order(hub, orders)
        assert broker.result(PATIENCE_SECONDS * 4) == [f"in/{number}" for number in range(orders)]


def _order(hub: Mqtt, orders: int) -> None:
    for number in range(orders):
        hub.publish(f"in/{number}", b"an order", retain=True)


@contextmanager
def _hub_at_a_broker(
    folder: Path, broker: _SilentBroker, most_under_way: int = MOST_UNDER_WAY
) -> Iterator[tuple[Mqtt, Future[list[str]]]]:
    """Run a hub that is connected to ``broker``; the other value is what that has to tell."""
    authority, key = Authority.new(), certificates.new_key()
    certificate_file, key_file = folder / "hub.pem", folder / "hub.key"
    certificate_file.write_bytes(authority.sign_hub(certificates.request_for(key)).pem)
    key_file.write_bytes(certificates.key_pem(key))
    trusted = authority.pem.decode()
    there, failed = Event(), list[Exception]()
    hub = Mqtt(
        "hub", contexts.hub_as_client(certificate_file, key_file, trusted), "out/+", heard=lambda *_: None,
        connected=there.set, lost=lambda: None, failed=failed.append, most_under_way=most_under_way,
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor() as threads:
        listener.settimeout(PATIENCE_SECONDS)
        told = threads.submit(broker.serve, listener, contexts.hub_server(certificate_file, key_file, trusted))
        hub.start(*listener.getsockname())
        assert there.wait(PATIENCE_SECONDS)
        try:
            yield hub, told
        finally:
            hub.close()
    assert not failed


@dataclass(frozen=True)
class _SilentBroker:
    """Lets one client in and subscribe, and says nothing about what that sends."""

    orders: int

    def serve(self, listener: socket.socket, context: ssl.SSLContext) -> list[str]:
        """Return the topics of the orders that came, as soon as there are enough."""
        connection, _ = listener.accept()
        connection.settimeout(PATIENCE_SECONDS)
        with context.wrap_socket(connection, server_side=True) as tls, tls.makefile("rb") as stream:
            came: list[str] = []
            while len(came) < self.orders:
                kind, content = _packet(stream)
                if kind == CONNECT:
                    tls.sendall(LET_IN)
                elif kind == SUBSCRIBE:
                    tls.sendall(bytes((0x90, 3, *content[:2], 1)))
                elif kind == PUBLISH:
                    length = int.from_bytes(content[:2])
                    came.append(content[2 : 2 + length].decode())
                    tls.sendall(self.answer(int.from_bytes(content[2 + length : 4 + length])))
            return came

    def answer(self, _number: int) -> bytes:
        """Return what is said about the message with that number."""
        return b""


@dataclass(frozen=True)
class _BrokerThatAnswers(_SilentBroker):
    """Says at once that a message came, but of those whose numbers are ``withheld``."""

    withheld: tuple[int, ...]

    def answer(self, number: int) -> bytes:
        """Return a PUBACK."""
        return b"" if number in self.withheld else bytes((0x40, 2, *number.to_bytes(2)))


def _packet(stream: BinaryIO) -> tuple[int, bytes]:
    """Read a packet and return its type and its content (MQTT 3.1.1, 2.2)."""
    first = stream.read(1)[0]
    length, shift, more = 0, 0, True
    while more:
        digit = stream.read(1)[0]
        length, shift, more = length | (digit & 0x7F) << shift, shift + 7, digit >= 0x80
    return first >> 4, stream.read(length)
