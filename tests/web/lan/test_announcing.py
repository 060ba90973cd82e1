"""What the box is called, and when it says so; the network here is a fake that answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from box.sentences import Sentence
from web.lan.announced_file import keep, kept
from web.lan.announcer_at import announcer_at, reachable
from web.lan.announcing import (
    ALL_TAKEN,
    NO_NETWORK,
    Announced,
    Announcer,
    CannotAnnounce,
    Responder,
    gives_way,
    name_to_take,
)
from web.lan.names import host_names
from web.security import is_ours, names_of

OURS, THEIRS = "192.0.2.5", "192.0.2.7"
SERVICES = {"_http._tcp.local.": 8080}


class Lan:
    """A network: who answers to which name, and what was done on it."""

    def __init__(self, **answers: str) -> None:
        self.answers = {f"{label.replace('_', '-')}.local": frozenset({address}) for label, address in answers.items()}
        self.done: list[object] = []
        self.refuses = ""
        self.heard: Callable[[str], None] = lambda _address: None

    def open(self, addresses: Sequence[str], heard: Callable[[str], None]) -> Responder:
        """Join it."""
        if self.refuses:
            raise CannotAnnounce(self.refuses)
        self.done.append(("open", *addresses))
        self.heard = heard
        return self

    def addresses_of(self, name: str) -> frozenset[str]:
        """Answer for everybody on it."""
        return self.answers.get(name, frozenset())

    def announce(self, name: str, addresses: Iterable[str], services: Mapping[str, int]) -> None:
        """Note what was announced."""
        self.done.append((name, *addresses, dict(services)))

    def close(self) -> None:
        """Note the leave."""
        self.done.append("close")


class Box:
    """An announcer on it, whose addresses can be changed; nothing happens but when it is told to look."""

    def __init__(self, lan: Lan, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.told: list[Announced] = []
        self.announcer = Announcer(SERVICES, lambda: list(self.addresses), lan.open, self.told.append)


def test_the_first_name_is_taken_with_every_address() -> None:
    """In the order of the numbers; a second look at the same does nothing."""
    lan = Lan()
    box = Box(lan, "192.0.2.50", OURS)
    box.announcer.look()
    box.announcer.look()
    assert lan.done == [("open", OURS, "192.0.2.50"), ("xiaolaba.local", OURS, "192.0.2.50", SERVICES)]
    assert box.told == [Announced("xiaolaba.local")]
    assert box.announcer.announced == Announced("xiaolaba.local")


@pytest.mark.parametrize(
    ("answers", "name", "answered"),
    [
        ({}, "xiaolaba.local", False),
        ({"xiaolaba": THEIRS}, "xiaolaba-2.local", False),
        ({"xiaolaba": THEIRS, "xiaolaba_2": THEIRS}, "xiaolaba-3.local", False),
        ({"xiaolaba_2": THEIRS}, "xiaolaba.local", False),
        ({"xiaolaba": OURS}, "xiaolaba.local", True),
        ({"xiaolaba": THEIRS, "xiaolaba_2": OURS}, "xiaolaba-2.local", True),
        ({name.removesuffix(".local").replace("-", "_"): THEIRS for name in host_names()}, "", False),
    ],
)
def test_a_name_of_another_machine_is_left_to_it(answers: dict[str, str], name: str, answered: bool) -> None:
    """One that this machine has already is its own."""
    assert name_to_take(Lan(**answers).addresses_of, frozenset({OURS})) == (name, answered)


def test_a_name_that_this_machine_answers_to_is_announced_without_addresses() -> None:
    """The services lead to it; its addresses are said by who says them already."""
    lan = Lan(xiaolaba=OURS)
    Box(lan, OURS).announcer.look()
    assert lan.done[-1] == ("xiaolaba.local", SERVICES)


def test_another_address_is_announced_anew() -> None:
    """With leave taken of the old one, and no news where the name is the same."""
    lan = Lan()
    box = Box(lan, OURS)
    box.announcer.look()
    box.addresses = ["192.0.2.6"]
    box.announcer.look()
    assert lan.done[2:] == ["close", ("open", "192.0.2.6"), ("xiaolaba.local", "192.0.2.6", SERVICES)]
    assert len(box.told) == 1


def test_without_a_network_it_waits_for_one() -> None:
    """And is announced when there is one."""
    lan = Lan()
    box = Box(lan)
    box.announcer.look()
    assert box.told == [Announced(fault=NO_NETWORK)]
    box.addresses = [OURS]
    box.announcer.look()
    assert box.told[-1] == Announced("xiaolaba.local")
    box.addresses = []
    box.announcer.look()
    assert lan.done[-1] == "close"
    assert box.told[-1] == Announced(fault=NO_NETWORK)


def test_a_network_that_does_not_permit_it_is_told_once_and_tried_again() -> None:
    """In the words of who refused it."""
    lan = Lan()
    box = Box(lan, OURS)
    lan.refuses = "[Errno 1] Operation not permitted"
    box.announcer.look()
    box.announcer.look()
    assert box.told == [Announced(fault=Sentence(lan.refuses, lan.refuses))]
    lan.refuses = ""
    box.announcer.look()
    assert box.told[-1] == Announced("xiaolaba.local")


def test_where_all_names_are_taken_it_has_none() -> None:
    """The digits remain."""
    lan = Lan(**{name.removesuffix(".local").replace("-", "_"): THEIRS for name in host_names()})
    box = Box(lan, OURS)
    box.announcer.look()
    assert lan.done[-1] == "close"
    assert box.told == [Announced(fault=ALL_TAKEN)]


@pytest.mark.parametrize(("ours", "theirs", "way"), [(OURS, THEIRS, False), (THEIRS, OURS, True)])
def test_of_two_with_one_name_the_higher_address_gives_way(ours: str, theirs: str, way: bool) -> None:
    """So that exactly one of them does."""
    assert gives_way([ours], theirs) is way
    lan = Lan()
    box = Box(lan, ours)
    box.announcer.look()
    lan.heard(ours)  # its own, as everybody on the network hears it
    lan.answers["xiaolaba.local"] = frozenset({theirs})
    lan.heard(theirs)
    box.announcer.look()
    assert box.announcer.announced.name == ("xiaolaba-2.local" if way else "xiaolaba.local")


def test_numbers_are_compared_as_numbers() -> None:
    """Not as words: 10 is more than 9."""
    assert gives_way(["192.0.2.10"], "192.0.2.9")
    assert not gives_way(["192.0.2.9"], "192.0.2.10")
    assert not gives_way(["192.0.2.10", "192.0.2.3"], "192.0.2.9")


def test_at_the_end_leave_is_taken(tmp_path: Path) -> None:
    """On its own thread, as in the panel: what was kept for doctor goes too."""
    lan = Lan()
    file = tmp_path / "announced.json"
    announcer = Announcer(SERVICES, lambda: [OURS], lan.open, lambda announced: keep(file, announced))
    announcer.start()
    announcer.end()
    announcer.join()
    assert lan.done in ([], [("open", OURS), ("xiaolaba.local", OURS, SERVICES), "close"])
    assert not file.exists()


def test_every_name_it_may_take_is_answered_to() -> None:
    """The check against foreign names of a page lets it in."""
    for name in host_names():
        assert is_ours(f"{name}:8080", frozenset(names_of("courtyard")))
    assert not is_ours("xiaolaba-10.local", frozenset(names_of("courtyard")))


@pytest.mark.parametrize("announced", [Announced("xiaolaba-2.local"), Announced(fault=NO_NETWORK), Announced()])
def test_what_is_kept_is_read(announced: Announced, tmp_path: Path) -> None:
    """By another process, which may find nothing or anything."""
    keep(tmp_path / "announced.json", announced)
    assert kept(tmp_path / "announced.json") == announced


@pytest.mark.parametrize("content", [b"", b"[]", b'{"name": 7}', b"\xff\x00"])
def test_what_can_not_be_read_is_nothing(content: bytes, tmp_path: Path) -> None:
    """It is only a hint."""
    (tmp_path / "announced.json").write_bytes(content)
    assert kept(tmp_path / "announced.json") == Announced()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_a_panel_for_this_machine_alone_is_not_announced(host: str, tmp_path: Path) -> None:
    """Nobody else could open it; what an earlier one left is gone."""
    keep(tmp_path / "announced.json", Announced("xiaolaba.local"))
    assert announcer_at(tmp_path / "announced.json", host, 8080, 0) is None
    assert kept(tmp_path / "announced.json") == Announced()


def test_a_panel_on_one_address_is_announced_with_it() -> None:
    """On all of them, with all but loopback."""
    assert reachable("192.0.2.5") == ("192.0.2.5",)
    assert not any(address.startswith("127.") for address in reachable("0.0.0.0"))  # noqa: S104 - the default
