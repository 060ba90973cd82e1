"""What comes back on a stick counts only as a member's own words, unchanged."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.enrol import certificates
from fleet.enrol.authority import Authority
from fleet.wire import accounts
from fleet.wire.accounts import DeviceState
from fleet.wire.rows import rows_of
from fleet.wire.walk import LARGEST_BACK_BYTES, Back, BackRefused, Sealed, open_back, seal_back
from tests.fleet.agent.fakes import a_row
from tests.fleet.wire.orders import NOW

ROWS = rows_of("log-1", 0, (a_row(1, 1), a_row(2, 2)))


@dataclass
class Member:
    """A box with its key and certificate."""

    authority: Authority
    name: str = "yard-3"

    def __post_init__(self) -> None:
        key = certificates.new_key()
        self.key = certificates.key_pem(key)
        signed = self.authority.sign_device(certificates.request_for(key), self.name)
        self.certificate, self.serial = signed.pem, f"{signed.serial:x}"

    def sealed(self, name: str = "yard-3") -> bytes:
        """Return what it writes on the stick."""
        back = Back(name=name, at=NOW, state=msgspec.Raw(accounts.encode(DeviceState(online=True))), rows=(ROWS,))
        return seal_back(back, self.key, self.certificate)

    def is_let_in(self, name: str, serial: str) -> bool:
        """Tell whether it is this member."""
        return (name, serial) == (self.name, self.serial)


OURS = Authority.new()
MEMBER = Member(OURS)


def test_another_authoritys_certificate_counts_for_nothing() -> None:
    """Though it is made out to a member's name and number: who makes certificates can make any."""
    with pytest.raises(BackRefused):
        open_back(Member(Authority.new()).sealed(), OURS.pem, lambda _name, _serial: True)


def test_a_members_rows_come_back_as_they_were() -> None:
    """With the certificate of the authority, the right name, and its key's signature."""
    back = open_back(MEMBER.sealed(), OURS.pem, MEMBER.is_let_in)
    assert back.rows == (ROWS,)


def test_what_a_later_version_writes_comes_back_too() -> None:
    """The yard was upgraded before the hub: its signature is no worse for a word that the hub does not know."""
    back = Back(name="yard-3", at=NOW, state=msgspec.Raw(b'{"online":true,"clock":"stellar"}'), rows=(ROWS,))
    content = msgspec.json.encode(back).replace(b'"outcome":"aired"', b'"outcome":"echoed"')
    later = msgspec.json.decode(content, type=Back)
    assert later != back
    assert open_back(seal_back(later, MEMBER.key, MEMBER.certificate), OURS.pem, MEMBER.is_let_in) == later


@given(st.data())
def test_no_byte_can_be_changed(data: st.DataObject) -> None:
    """Whoever carries the stick can lose it, and nothing else."""
    sealed = msgspec.json.decode(MEMBER.sealed(), type=Sealed)
    at = data.draw(st.integers(0, len(sealed.body) - 1))
    body = bytearray(sealed.body)
    body[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BackRefused):
        open_back(msgspec.json.encode(msgspec.structs.replace(sealed, body=bytes(body))), OURS.pem, MEMBER.is_let_in)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b" " * (LARGEST_BACK_BYTES + 1),
        Member(Authority.new()).sealed(),
        Member(OURS).sealed(),
        MEMBER.sealed("yard-4"),
    ],
    ids=["nothing", "no fields", "brackets", "too large", "another authority's", "a lost box's", "another's name"],
)
def test_what_is_not_a_members_is_refused(content: bytes) -> None:
    """Each with a sentence."""
    with pytest.raises(BackRefused) as caught:
        open_back(content, OURS.pem, MEMBER.is_let_in)
    assert "优盘" in caught.value.sentence.zh
