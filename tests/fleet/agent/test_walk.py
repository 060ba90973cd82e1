"""The walk-round in the yard: what a stick brings is followed in its order, and what goes back is laid ready once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from fleet.agent.audio import GivenUp
from fleet.agent.walk import PATIENCE_SECONDS, StickFirst, WalkRound
from fleet.wire.documents import Order, Travels
from fleet.wire.orders import sign_order
from fleet.wire.topics import Inward
from tests.fakes import SetClock
from tests.fleet.agent.test_agent import ME, Yard
from tests.fleet.wire.orders import NOW, PROGRAMME, SHARED, STRANGER


class Round:
    """A room into which a stick's content is put, and what becomes of it."""

    def __init__(self, room: Path) -> None:
        self.room = room
        self.clock = SetClock(NOW)
        self.taken: list[tuple[Inward, bytes]] = []
        self.is_done = False
        self.walk = WalkRound(
            room,
            self.clock,
            take=lambda channel, payload: self.taken.append((channel, payload)),
            is_done=lambda: self.is_done,
            back=lambda: b"back",
        )

    @property
    def back(self) -> Path:
        """What goes back with the stick."""
        return self.room / "walk" / "back"

    def plug_in(self, *channels: str) -> None:
        """Put a stick's content there, whole."""
        put(self.room, {channel: channel.encode() for channel in channels})


def put(room: Path, files: dict[str, bytes]) -> None:
    """Lay what a stick has brought where the agent looks for it."""
    coming = room / "walk" / "in"
    coming.mkdir(parents=True)
    for name, content in files.items():
        (coming / name).write_bytes(content)


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    """Give a room without a stick."""
    return Round(tmp_path)


def test_its_orders_are_followed_keys_first_and_nothing_urgent(round_: Round) -> None:
    """Each once; what is urgent does not go by stick, though somebody has put it there."""
    round_.plug_in("programme", "urgent", "keys", "ack")
    for _ in range(3):
        round_.walk.step()
    assert [channel for channel, _ in round_.taken] == [Inward.KEYS, Inward.ACKNOWLEDGED, Inward.PROGRAMME]


@pytest.mark.parametrize("patient", [True, False], ids=["done", "out of patience"])
def test_what_goes_back_is_laid_ready_when_all_is_done_or_it_takes_too_long(round_: Round, patient: bool) -> None:
    """Then the stick may go, and what came with it is gone here."""
    round_.plug_in("programme")
    round_.walk.step()
    round_.walk.step()
    assert not round_.back.exists()
    if patient:
        round_.is_done = True
    else:
        round_.clock.advance(PATIENCE_SECONDS)
    round_.walk.step()
    assert round_.back.read_bytes() == b"back"
    assert not (round_.room / "walk" / "in").exists()


def test_a_stick_that_is_plugged_in_again_is_followed_again(round_: Round) -> None:
    """It may have been to the hub meanwhile."""
    round_.is_done = True
    for _ in range(2):
        round_.plug_in("keys")
        round_.walk.step()
        round_.walk.step()
    assert len(round_.taken) == 2


def ordered(revision: str, counter: int, key: object = PROGRAMME) -> bytes:
    """Return an envelope as it lies on a stick."""
    order = Order(
        to=ME, counter=counter, issued=NOW, expires=NOW + timedelta(days=1), does=replace(SHARED, revision=revision)
    )
    return sign_order(order, key)  # type: ignore[arg-type] - one of the keys of the tests


@pytest.mark.parametrize(
    ("envelope", "revision"),
    [
        (ordered("r2", 201), "r2"),
        (ordered("r0", 199), "r1"),
        (ordered("r2", 201, STRANGER), "r1"),
        (ordered("r2", 201)[:-1], "r1"),
    ],
    ids=["newer", "yesterday's", "a stranger's", "cut"],
)
def test_a_stick_is_held_to_the_rules_of_the_broker(tmp_path: Path, envelope: bytes, revision: str) -> None:
    """Signature and counter: whoever carries it can lose it, and nothing else. No network is needed."""
    yard = Yard(tmp_path)
    yard.hear(Inward.PROGRAMME, ordered("r1", 200))
    put(yard.room, {"programme": envelope})
    yard.step()
    assert yard.shared.revision == revision


class Network:
    """The way by the network; it remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def fetch(self, travels: Travels, target: Path, wanted: Callable[[], bool]) -> None:
        """Remember."""
        self.asked.append(travels.sha256)


@pytest.mark.parametrize(
    ("laid", "asked"), [(b"flac", 0), (None, 1), (b"larger than it said", 1)], ids=["there", "not there", "too large"]
)
def test_a_clip_of_the_stick_needs_no_network(tmp_path: Path, laid: bytes | None, asked: int) -> None:
    """What is not there, or larger than was signed, is asked of the hub; its hash is the caller's to look at."""
    network, travels = Network(), Travels(sha256="a" * 64, size=4)
    put(tmp_path, {})
    (tmp_path / "walk" / "in" / "audio").mkdir()
    if laid is not None:
        (tmp_path / "walk" / "in" / "audio" / f"{travels.sha256}.flac").write_bytes(laid)
    StickFirst(tmp_path, network).fetch(travels, tmp_path / "clip.flac", lambda: True)
    assert len(network.asked) == asked
    assert (tmp_path / "clip.flac").exists() is (asked == 0)


def test_a_link_on_the_stick_is_not_followed(tmp_path: Path) -> None:
    """It would hand out what the agent alone may read."""
    network, travels = Network(), Travels(sha256="a" * 64, size=4)
    put(tmp_path, {})
    (tmp_path / "key").write_bytes(b"key!")
    (tmp_path / "walk" / "in" / "audio").mkdir()
    (tmp_path / "walk" / "in" / "audio" / f"{travels.sha256}.flac").symlink_to(tmp_path / "key")
    StickFirst(tmp_path, network).fetch(travels, tmp_path / "clip.flac", lambda: True)
    assert not (tmp_path / "clip.flac").exists()
    assert network.asked == [travels.sha256]


def test_a_clip_that_nobody_wants_any_more_is_not_copied(tmp_path: Path) -> None:
    """Another programme came meanwhile."""
    travels = Travels(sha256="a" * 64, size=4)
    put(tmp_path, {})
    (tmp_path / "walk" / "in" / "audio").mkdir()
    (tmp_path / "walk" / "in" / "audio" / f"{travels.sha256}.flac").write_bytes(b"flac")
    with pytest.raises(GivenUp):
        StickFirst(tmp_path, Network()).fetch(travels, tmp_path / "clip.flac", lambda: False)
