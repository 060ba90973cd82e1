"""The box says on its LAN what it is called and where it is, so that nobody need type digits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from threading import Event, Thread
from typing import Protocol

from box.sentences import Sentence
from web.lan.names import host_names

ROUND_SECONDS = 15.0  # between two looks at the machine's addresses: a phone that asks meanwhile has the digits
END_SECONDS = 0.8  # a farewell takes 0.4; then the process ends without
_LOG = logging.getLogger(__name__)

NO_NETWORK = Sentence("没有连上网络", "there is no network")
ALL_TAKEN = Sentence("小喇叭的名字都有别的机器在用", "all names of a xiaolaba are used by other machines")


class CannotAnnounce(Exception):
    """The network does not let us: why, in the words of whoever refused it."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What the box is called on the LAN now, empty if it is not announced, and then why."""

    name: str = ""
    fault: Sentence | None = None


class Responder(Protocol):
    """What speaks mDNS (RFC 6762) from some of this machine's addresses. Each may raise CannotAnnounce."""

    def addresses_of(self, name: str) -> frozenset[str]:
        """Return the addresses with which anybody answers to ``name`` now."""
        ...

    def announce(self, name: str, addresses: Iterable[str], services: Mapping[str, int]) -> None:
        """Answer to ``name`` with ``addresses`` from now on, and offer services, by type and port, under it."""
        ...

    def close(self) -> None:
        """Take leave, so that phones forget at once."""
        ...


# Opens a responder on those addresses; what it hears others answer for the announced name, it hands to the second.
OpenResponder = Callable[[Sequence[str], Callable[[str], None]], Responder]


def name_to_take(taken_by: Callable[[str], frozenset[str]], ours: frozenset[str]) -> tuple[str, bool]:
    """Return the first name that no other machine answers to, and whether this machine answers to it already.

    It does where its own host name is that, and Debian's avahi runs: avahi then keeps the name: a second set of
    addresses for it would be a conflict by RFC 6762, 9. The name is empty where all are taken.
    """
    for name in host_names():
        answered = taken_by(name)
        if answered <= ours:
            return name, bool(answered)
    return "", False


def gives_way(ours: Iterable[str], theirs: str) -> bool:
    """Tell whether, of two boxes that took the same name at once, it is this one that takes another: the higher."""
    return IPv4Address(theirs) < min(IPv4Address(address) for address in ours)


class Announcer:
    """Looks after the announcement on a thread of its own. Whatever fails is told, and tried again."""

    def __init__(
        self,
        services: Mapping[str, int],
        addresses: Callable[[], Sequence[str]],
        open_responder: OpenResponder,
        told: Callable[[Announced], None] = lambda _announced: None,
    ) -> None:
        """``services`` are ports by type; ``addresses`` are this machine's now; ``told`` hears of each change."""
        self._services, self._addresses = dict(services), addresses
        self._open, self._told = open_responder, told
        self._responder: Responder | None = None
        self._spoken_from: frozenset[str] = frozenset()
        self._rivals: list[str] = []
        self._wake, self._ending = Event(), Event()
        self._thread = Thread(target=self._run, name="announcer", daemon=True)
        self.announced = Announced()

    def start(self) -> None:
        """Announce, and keep it true."""
        self._thread.start()

    def end(self) -> None:
        """Ask it to take leave; returns at once."""
        self._ending.set()
        self._wake.set()

    def join(self) -> None:
        """Wait until it has, not for long."""
        if self._thread.is_alive():
            self._thread.join(END_SECONDS)

    def look(self) -> None:
        """Do what the machine's addresses, and what others answer, ask for."""
        now = frozenset(self._addresses())
        rivals, self._rivals = self._rivals, []
        if self._responder is not None and now == self._spoken_from:
            if not any(gives_way(now, rival) for rival in rivals):
                return
            _LOG.info("another machine is called %s too, and keeps the name", self.announced.name)
        self.withdraw()
        try:
            self._tell(self._announce(now))
        except CannotAnnounce as error:
            self.withdraw()
            self._tell(Announced(fault=Sentence(str(error), str(error))))

    def withdraw(self) -> None:
        """Take leave of the LAN."""
        responder, self._responder = self._responder, None
        if responder is not None:
            try:
                responder.close()
            except CannotAnnounce as error:
                _LOG.warning("no leave was taken: %s", error)

    def _announce(self, now: frozenset[str]) -> Announced:
        if not now:
            return Announced(fault=NO_NETWORK)
        addresses = sorted(now, key=IPv4Address)
        self._responder, self._spoken_from = self._open(addresses, self._heard), now
        name, answered = name_to_take(self._responder.addresses_of, now)
        if not name:
            self.withdraw()
            return Announced(fault=ALL_TAKEN)
        self._responder.announce(name, () if answered else addresses, self._services)
        return Announced(name)

    def _heard(self, address: str) -> None:
        """Take note, on whichever thread it is heard, that somebody answers to our name with ``address``."""
        if address not in self._spoken_from:
            self._rivals.append(address)
            self._wake.set()

    def _tell(self, announced: Announced) -> None:
        if announced == self.announced:
            return
        self.announced = announced
        if announced.fault:
            no_name = Sentence("局域网里没有小喇叭的名字", "it has no name on the LAN")
            _LOG.warning("%s: %s", no_name.text(), announced.fault.text())
        elif announced.name:
            _LOG.info("%s: %s", Sentence("在局域网里叫", "on the LAN it is called").text(), announced.name)
        self._told(announced)

    def _run(self) -> None:
        while not self._ending.is_set():
            self.look()
            self._wake.wait(ROUND_SECONDS)
            self._wake.clear()
        self.withdraw()
        self._tell(Announced())
