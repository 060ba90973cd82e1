"""mDNS as python-zeroconf speaks it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from zeroconf import (
    AddressResolverIPv4,
    DNSAddress,
    DNSQuestion,
    Error,
    IPVersion,
    RecordUpdate,
    RecordUpdateListener,
    ServiceInfo,
    Zeroconf,
)
from zeroconf.const import _CLASS_IN, _TYPE_A

from box.sentences import Sentence
from web.lan.announcing import CannotAnnounce

# It asks several times: the first answer is to us alone and may reach another program on this machine that has the same
# port, the next to all, but not within a second of the same to somebody else (RFC 6762, 6).
LISTEN_MS = 3000
INSTANCE = Sentence("小喇叭", "xiaolaba").zh  # what a browser of services lists it under, with the host's label


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (OSError, Error) as error:
        raise CannotAnnounce(str(error) or type(error).__name__) from error


class ZeroconfResponder:
    """A responder on IPv4, which is what the panel listens on."""

    def __init__(self, addresses: Sequence[str], heard: Callable[[str], None]) -> None:
        with _refusals():
            self._zeroconf = Zeroconf(interfaces=list(addresses), ip_version=IPVersion.V4Only)
        self._heard = heard

    def addresses_of(self, name: str) -> frozenset[str]:
        """Ask, and wait for answers."""
        with _refusals():
            asked = AddressResolverIPv4(f"{name}.")
            asked.request(self._zeroconf, LISTEN_MS)
            return frozenset(asked.parsed_addresses())

    def announce(self, name: str, addresses: Iterable[str], services: Mapping[str, int]) -> None:
        """Register each service; the host's addresses go with them."""
        packed = [socket.inet_aton(address) for address in addresses]
        with _refusals():
            for kind, port in services.items():
                listed = f"{INSTANCE} {name.removesuffix('.local')}.{kind}"
                info = ServiceInfo(
                    kind, listed, port=port, addresses=packed, properties={"path": "/"}, server=f"{name}."
                )
                self._zeroconf.register_service(info, allow_name_change=True)
            self._zeroconf.add_listener(_Rivals(name, self._heard), DNSQuestion(f"{name}.", _TYPE_A, _CLASS_IN))

    def close(self) -> None:
        """Send the farewell (a time to live of 0) and end its thread."""
        with _refusals():
            self._zeroconf.close()


class _Rivals(RecordUpdateListener):
    """Hears what is answered for one name."""

    def __init__(self, name: str, heard: Callable[[str], None]) -> None:
        super().__init__()
        self._key = f"{name}."
        self._heard = heard

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        """Hand on the addresses among ``records``; farewells are none."""
        for update in records:
            record = update.new
            if isinstance(record, DNSAddress) and record.key == self._key and record.ttl > 0 and record.type == _TYPE_A:
                self._heard(socket.inet_ntoa(record.address))
