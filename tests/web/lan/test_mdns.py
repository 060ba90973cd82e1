"""The announcement on a real network, with real questions from another address on it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest
from zeroconf import AddressResolverIPv4, IPVersion, ServiceBrowser, ServiceInfo, ServiceListener, Zeroconf

from tests.web.lan.network import alone, change_address
from tests.web.lan.panel_process import running, until
from web.lan.announced_file import kept
from web.lan.announcing import Announced, Announcer
from web.lan.mdns import ZeroconfResponder

BOX, OTHER_BOX, PHONE, NEXT = "10.9.0.5", "10.9.0.7", "10.9.0.9", "10.9.0.6"
HTTP, HTTPS = "_http._tcp.local.", "_https._tcp.local."
PATIENCE_SECONDS = 60.0
PATIENCE_MS = 60_000


class Phone(ServiceListener):
    """Somebody on the network who looks for web services, as a browser of services does."""

    def __init__(self) -> None:
        self.zeroconf = Zeroconf(interfaces=[PHONE], ip_version=IPVersion.V4Only)
        self.came: Queue[str] = Queue()
        self.went: Queue[str] = Queue()
        self._browser = ServiceBrowser(self.zeroconf, [HTTP, HTTPS], self)

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        """Note who came."""
        self.came.put(name)

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        """Note who took leave."""
        self.went.put(name)

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        """Heed no changes: each question is asked anew."""

    def resolve(self, name: str, wait_ms: int = PATIENCE_MS) -> list[str]:
        """Return the addresses of a name, asked by somebody who has never asked before."""
        stranger = Zeroconf(interfaces=[PHONE], ip_version=IPVersion.V4Only)
        try:
            asked = AddressResolverIPv4(f"{name}.")
            asked.request(stranger, wait_ms)
            return asked.parsed_addresses()
        finally:
            stranger.close()

    def service(self, kind: str, name: str) -> ServiceInfo:
        """Return what a service says of itself."""
        info = self.zeroconf.get_service_info(kind, name, PATIENCE_MS)
        assert info is not None
        return info


@contextmanager
def phone() -> Iterator[Phone]:
    """Bring a phone into the network."""
    there = Phone()
    try:
        yield there
    finally:
        there.zeroconf.close()


class Box:
    """A box on the network."""

    def __init__(self, addresses: Callable[[], Sequence[str]], services: dict[str, int] | None = None) -> None:
        self.told: Queue[Announced] = Queue()
        self.announcer = Announcer(services or {HTTP: 8080}, addresses, ZeroconfResponder, self.told.put)

    def name(self) -> str:
        """Wait for the next news of its name, and return it."""
        return self.told.get(timeout=PATIENCE_SECONDS).name


@contextmanager
def box(address: str, services: dict[str, int] | None = None) -> Iterator[Box]:
    """Switch a box on; at the end it takes leave."""
    made = Box(lambda: [address], services)
    made.announcer.start()
    try:
        yield made
    finally:
        made.announcer.end()
        made.announcer.join()


def test_a_phone_finds_the_box_by_its_name_and_among_the_services() -> None:
    """The name has its address, the services its ports; after it has taken leave there is nothing left of it."""

    def work() -> None:
        with phone() as hers:
            with box(BOX, {HTTP: 8080, HTTPS: 8443}) as ours:
                assert ours.name() == "xiaolaba.local"
                assert hers.resolve("xiaolaba.local") == [BOX]
                listed = {hers.came.get(timeout=PATIENCE_SECONDS) for _ in range(2)}
                assert listed == {f"小喇叭 xiaolaba.{HTTP}", f"小喇叭 xiaolaba.{HTTPS}"}
                for kind, port in ((HTTP, 8080), (HTTPS, 8443)):
                    info = hers.service(kind, f"小喇叭 xiaolaba.{kind}")
                    assert (info.server, info.port, info.parsed_addresses()) == ("xiaolaba.local.", port, [BOX])
                    assert info.decoded_properties == {"path": "/"}
            assert ours.name() == ""
            assert {hers.went.get(timeout=PATIENCE_SECONDS) for _ in range(2)} == listed
            assert hers.resolve("xiaolaba.local", 1500) == []

    alone((BOX, PHONE), work)


@pytest.mark.slow
def test_a_second_box_takes_the_next_name() -> None:
    """And the first when the first has gone and it is switched on anew."""

    def work() -> None:
        with phone() as hers:
            with box(BOX) as first:
                assert first.name() == "xiaolaba.local"
                with box(OTHER_BOX) as second:
                    assert second.name() == "xiaolaba-2.local"
                    assert hers.resolve("xiaolaba.local") == [BOX]
                    assert hers.resolve("xiaolaba-2.local") == [OTHER_BOX]
            with box(OTHER_BOX) as again:
                assert again.name() == "xiaolaba.local"

    alone((BOX, OTHER_BOX, PHONE), work)


@pytest.mark.slow
def test_of_two_that_took_a_name_at_once_the_higher_address_gives_way() -> None:
    """After a power cut all boxes start together; here the one does not hear the other until both have the name."""

    class Deaf(ZeroconfResponder):
        def addresses_of(self, name: str) -> frozenset[str]:
            """Hear nobody the first time."""
            heard = super().addresses_of(name) if self.heard_nobody else frozenset[str]()
            type(self).heard_nobody = True
            return heard

        heard_nobody = False

    def work() -> None:
        with phone() as hers, box(BOX) as first:
            assert first.name() == "xiaolaba.local"
            second = Box(lambda: [OTHER_BOX])
            second.announcer = Announcer({HTTP: 8080}, lambda: [OTHER_BOX], Deaf, second.told.put)
            second.announcer.start()
            try:
                assert second.name() == "xiaolaba.local"
                while BOX not in hers.resolve("xiaolaba.local"):
                    pass  # the other was heard first
                assert second.name() == "xiaolaba-2.local"
                assert hers.resolve("xiaolaba-2.local") == [OTHER_BOX]
                assert hers.resolve("xiaolaba.local") == [BOX]
                assert first.told.empty()
            finally:
                second.announcer.end()
                second.announcer.join()

    alone((BOX, OTHER_BOX, PHONE), work)


@pytest.mark.slow
def test_another_address_is_announced() -> None:
    """The router gave the box another: the name leads to it, and no longer to the old one."""

    def work() -> None:
        now = [BOX]
        ours = Box(lambda: list(now))
        with phone() as hers:
            ours.announcer.look()
            assert ours.name() == "xiaolaba.local"
            assert hers.resolve("xiaolaba.local") == [BOX]
            change_address(BOX, NEXT)
            now[:] = [NEXT]
            ours.announcer.look()
            assert hers.resolve("xiaolaba.local") == [NEXT]
            ours.announcer.withdraw()

    alone((BOX, PHONE), work)


def test_a_name_that_this_machine_has_already_is_not_announced_twice() -> None:
    """Debian's own responder answers to the host's name; a second set of addresses would make it take another."""

    def work() -> None:
        avahi = Zeroconf(interfaces=[BOX], ip_version=IPVersion.V4Only)
        workstation = ServiceInfo(
            "_workstation._tcp.local.",
            "xiaolaba._workstation._tcp.local.",
            port=9,
            parsed_addresses=[BOX],
            server="xiaolaba.local.",
        )
        avahi.register_service(workstation)
        with phone() as hers:
            ours = Box(lambda: [BOX, NEXT])
            ours.announcer.look()
            assert ours.name() == "xiaolaba.local"
            assert hers.resolve("xiaolaba.local") == [BOX]
            info = hers.service(HTTP, f"小喇叭 xiaolaba.{HTTP}")
            assert (info.server, info.port) == ("xiaolaba.local.", 8080)
            ours.announcer.withdraw()
        avahi.close()

    alone((BOX, NEXT, PHONE), work)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # zeroconf leaves its socket to Python
def test_without_a_network_nothing_fails() -> None:
    """It is told why, and the next round tries again."""

    def work() -> None:
        ours = Box(lambda: [BOX])  # an address that the machine does not have
        ours.announcer.look()
        told = ours.told.get(timeout=PATIENCE_SECONDS)
        assert told.name == ""
        assert told.fault
        ours.announcer.look()
        assert ours.told.empty()

    alone((), work)


def test_the_running_panel_is_found_and_takes_leave(tmp_path: Path) -> None:
    """The process itself: it answers to the name that it announced, and a signal ends it with a farewell, at once."""

    def work() -> None:
        with phone() as hers, running(tmp_path, host="0.0.0.0") as panel:  # noqa: S104 - as it is installed
            until(panel, "on the LAN it is called: xiaolaba.local")
            assert hers.resolve("xiaolaba.local") == [BOX]
            info = hers.service(HTTPS, f"小喇叭 xiaolaba.{HTTPS}")
            assert info.port == panel.https_port
            page = panel.ask("/login", encrypted=False, headers={"Host": f"xiaolaba.local:{panel.plain_port}"})
            assert page.status == 200
            assert kept(panel.folder / "announced.json").name == "xiaolaba.local"
            panel.process.send_signal(signal.SIGTERM)
            assert panel.process.wait(60) == 0
            assert {hers.went.get(timeout=PATIENCE_SECONDS) for _ in range(2)} == {
                f"小喇叭 xiaolaba.{kind}" for kind in (HTTP, HTTPS)
            }
            assert not (panel.folder / "announced.json").exists()

    alone((BOX, PHONE), work)
