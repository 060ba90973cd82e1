"""A membership on storage that damages it: mended where it can be, else put aside as a whole, with nothing deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from box.aside import all_aside
from box.guarded import copy_of
from fleet.agent.doorkeeper import Doorkeeper
from fleet.enrol import certificates, contexts
from fleet.enrol.authority import Authority
from fleet.enrol.membership import (
    AUTHORITY,
    CERTIFICATE,
    KEY,
    KEYS,
    MEMBERSHIP,
    Membership,
    is_damaged,
    is_member,
    leave,
    write_membership,
)
from fleet.enrol.mending import whole_membership
from fleet.wire.counters import Counters
from fleet.wire.keys import SigningKey
from fleet.wire.trusted import sign_key_set
from tests.fakes import SetClock
from tests.fleet.wire.orders import KEYS as KEY_SET
from tests.fleet.wire.orders import NOW, ROOT

CLOCK = SetClock(NOW)
FILES = (MEMBERSHIP, KEY, CERTIFICATE, AUTHORITY, KEYS)
DAMAGES = {
    "empty": b"",
    "rubble": bytes(range(256)),
    "another's": certificates.key_pem(certificates.new_key()),
}
MEMBER = Membership(
    name="yard-3",
    zone="三号院",
    hosts=("192.168.1.9",),
    port=8884,
    broker_port=8883,
    root=ROOT.public.raw,
    joined=NOW,
)


def join(room: Path) -> dict[str, bytes]:
    """Make the box a member; return what its files hold."""
    authority, key = Authority.new(), certificates.new_key()
    write_membership(
        room,
        MEMBER,
        key=certificates.key_pem(key),
        certificate=authority.sign_device(certificates.request_for(key), MEMBER.name).pem,
        authority=authority.pem,
        keys=sign_key_set(KEY_SET, ROOT),
    )
    return {name: (room / name).read_bytes() for name in FILES}


def lies_aside(room: Path) -> dict[str, bytes]:
    """Return what was put aside, by what it was called."""
    return {one.name: one.path.read_bytes() for one in all_aside(room)}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_counts_as_it_was_last(tmp_path: Path, name: str, damage: str) -> None:
    """It is put aside with its time, and nobody has to join anew."""
    good = join(tmp_path)
    (tmp_path / name).write_bytes(DAMAGES[damage])
    assert whole_membership(tmp_path, CLOCK) == MEMBER
    assert {one: (tmp_path / one).read_bytes() for one in FILES} == good
    assert lies_aside(tmp_path) == {name: DAMAGES[damage]}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_gone_is_there_again(tmp_path: Path, name: str) -> None:
    """A repaired file system may have lost it."""
    good = join(tmp_path)
    (tmp_path / name).unlink()
    assert is_member(tmp_path)
    assert whole_membership(tmp_path, CLOCK) == MEMBER
    assert (tmp_path / name).read_bytes() == good[name]


@pytest.mark.parametrize("name", FILES)
def test_what_no_copy_mends_is_put_aside_and_counts_no_more(tmp_path: Path, name: str) -> None:
    """Once: the next start finds a box that the hub has to add again, and changes nothing."""
    join(tmp_path)
    for path in (tmp_path / name, copy_of(tmp_path / name)):
        path.write_bytes(b"?")
    assert whole_membership(tmp_path, CLOCK) is None
    assert (is_member(tmp_path), is_damaged(tmp_path)) == (False, True)
    aside = lies_aside(tmp_path)
    assert aside[name] == aside[copy_of(tmp_path / name).name] == b"?"
    assert MEMBERSHIP in aside
    found = sorted(tmp_path.iterdir())
    assert whole_membership(tmp_path, CLOCK) is None
    assert sorted(tmp_path.iterdir()) == found


def test_a_membership_of_an_earlier_version_gets_its_copies(tmp_path: Path) -> None:
    """The first start that finds it whole makes them; and where a file is newer than its copy, the copy follows."""
    good = join(tmp_path)
    for name in FILES:
        copy_of(tmp_path / name).unlink()
    copy_of(tmp_path / KEYS).write_bytes(b"older")
    assert whole_membership(tmp_path, CLOCK) == MEMBER
    assert {name: copy_of(tmp_path / name).read_bytes() for name in FILES} == good
    assert copy_of(tmp_path / KEY).stat().st_mode & 0o777 == 0o600


def test_keys_that_were_taken_back_do_not_come_back_with_a_copy(tmp_path: Path) -> None:
    """Whatever moment the power is cut at, and the new file damaged by that: no copy holds the set of before."""
    join(tmp_path)
    stranger = SigningKey(bytes([4]) * 32).public.raw
    newer = sign_key_set(replace(KEY_SET, serial=2, programme=(stranger,)), ROOT)
    doorkeeper = Doorkeeper(tmp_path, MEMBER.name, ROOT.public, Counters(tmp_path / "counters.json"))
    (tmp_path / KEYS).unlink()
    (tmp_path / KEYS / "in the way").mkdir(parents=True)  # it gets no further than to the file itself
    with pytest.raises(OSError, match="keys"):
        doorkeeper.take_keys(newer)
    (tmp_path / KEYS / "in the way").rmdir()
    (tmp_path / KEYS).rmdir()
    (tmp_path / KEYS).write_bytes(b"")
    assert whole_membership(tmp_path, CLOCK) == MEMBER
    assert (tmp_path / KEYS).read_bytes() == newer


def test_who_joins_again_is_a_member_again_and_who_leaves_leaves_nothing(tmp_path: Path) -> None:
    """What was put aside has the box's key in it: it goes with the membership, and no copy brings that back."""
    join(tmp_path)
    for path in (tmp_path / KEY, copy_of(tmp_path / KEY)):
        path.write_bytes(b"?")
    assert whole_membership(tmp_path, CLOCK) is None
    join(tmp_path)
    assert whole_membership(tmp_path, CLOCK) == MEMBER
    assert not is_damaged(tmp_path)
    leave(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert (whole_membership(tmp_path, CLOCK), is_damaged(tmp_path)) == (None, False)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@given(name=st.sampled_from((KEY, CERTIFICATE, AUTHORITY, KEYS)), at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_with_whatever_bit_flipped_it_connects_or_is_put_aside(
    tmp_path_factory: pytest.TempPathFactory, name: str, at: int, bit: int
) -> None:
    """What is taken for whole TLS reads too: else the agent would fail at each start, for a reason told nowhere."""
    room = tmp_path_factory.mktemp("room")
    content = bytearray(join(room)[name])
    content[at % len(content)] ^= 1 << bit
    (room / name).write_bytes(bytes(content))
    copy_of(room / name).unlink()
    if whole_membership(room, CLOCK) is None:
        assert is_damaged(room)
        assert lies_aside(room)[name] == bytes(content)
    else:
        contexts.member(room)
