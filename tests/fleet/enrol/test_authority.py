"""Certificates: who is let in with which, over real TLS connections between two ends of a socket."""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509

from fleet.enrol import certificates, contexts
from fleet.enrol.authority import Authority, AuthorityUnreadable, fingerprint_of
from fleet.enrol.membership import AUTHORITY, CERTIFICATE, KEY


@pytest.fixture(scope="module")
def authority() -> Authority:
    """Return a hub's authority."""
    return Authority.new()


def a_device(folder: Path, by: Authority, name: str = "yard-3", trusting: Authority | None = None) -> Path:
    """Put a device's certificate and key into ``folder``."""
    folder.mkdir(exist_ok=True)
    key = certificates.new_key()
    (folder / KEY).write_bytes(certificates.key_pem(key))
    (folder / CERTIFICATE).write_bytes(by.sign_device(certificates.request_for(key), name).pem)
    (folder / AUTHORITY).write_bytes((trusting or by).pem)
    return folder


def a_hub(folder: Path, by: Authority) -> ssl.SSLContext:
    """Return the context of a hub whose certificate is in ``folder``."""
    folder.mkdir(exist_ok=True)
    key = certificates.new_key()
    (folder / KEY).write_bytes(certificates.key_pem(key))
    (folder / CERTIFICATE).write_bytes(by.sign_hub(certificates.request_for(key)).pem)
    return contexts.hub_server(folder / CERTIFICATE, folder / KEY, by.pem.decode())


def shaken(client: ssl.SSLContext, server: ssl.SSLContext) -> str | None:
    """Connect; return whom the server sees, None without a certificate. Raises ssl.SSLError of either side."""
    ours, theirs = socket.socketpair()
    with ours, theirs, ThreadPoolExecutor(1) as threads:
        ours.settimeout(60)
        theirs.settimeout(60)

        def serve() -> str | None:
            with server.wrap_socket(theirs, server_side=True) as connection:
                connection.sendall(b"x")
                seen = connection.getpeercert()
                return dict(pair[0] for pair in seen["subject"])["commonName"] if seen else None  # type: ignore[misc]

        served = threads.submit(serve)
        try:
            with client.wrap_socket(ours, server_hostname="192.168.1.10") as connection:
                assert connection.recv(1) == b"x"
        except ssl.SSLCertVerificationError:
            raise
        except OSError:
            ours.close()
            served.result(timeout=60)
            raise
        return served.result(timeout=60)


def test_a_device_and_its_hub_know_each_other(authority: Authority, tmp_path: Path) -> None:
    """Whatever address the hub has today."""
    device = contexts.member(a_device(tmp_path / "device", authority))
    assert shaken(device, a_hub(tmp_path / "hub", authority)) == "yard-3"


def test_who_only_asks_to_join_needs_no_certificate(authority: Authority, tmp_path: Path) -> None:
    """And is seen as nobody."""
    assert shaken(contexts.hub_of(authority.pem.decode()), a_hub(tmp_path / "hub", authority)) is None


def test_another_authoritys_certificate_is_not_let_in(authority: Authority, tmp_path: Path) -> None:
    """Another community's box, or a forger's."""
    device = contexts.member(a_device(tmp_path / "device", Authority.new(), trusting=authority))
    with pytest.raises(OSError, match=r"(?i)unknown|ssl|certificate"):
        shaken(device, a_hub(tmp_path / "hub", authority))


def test_a_device_can_not_pose_as_the_hub(authority: Authority, tmp_path: Path) -> None:
    """A stolen box's certificate is good for being a client only."""
    thief = a_device(tmp_path / "thief", authority, name="yard-9")
    posing = contexts.hub_server(thief / CERTIFICATE, thief / KEY, authority.pem.decode())
    with pytest.raises(ssl.SSLCertVerificationError, match="purpose"):
        shaken(contexts.member(a_device(tmp_path / "device", authority)), posing)


def test_a_hub_of_another_authority_is_not_believed(authority: Authority, tmp_path: Path) -> None:
    """Who answers at the hub's address needs its authority."""
    with pytest.raises(ssl.SSLCertVerificationError):
        shaken(contexts.hub_of(authority.pem.decode()), a_hub(tmp_path / "hub", Authority.new()))


@pytest.mark.parametrize("name", ["hub", "all", "", "a/b", "+", "A" * 3])
def test_no_device_gets_a_name_that_is_none(authority: Authority, name: str) -> None:
    """Least of all the hub's."""
    with pytest.raises(ValueError, match="name"):
        authority.sign_device(certificates.request_for(certificates.new_key()), name)


def test_a_request_that_is_none_is_refused(authority: Authority) -> None:
    """Noise, another's key under one's own signature, and what is too large."""
    good = bytearray(certificates.request_for(certificates.new_key()))
    good[-1] ^= 1
    for request in (b"", b"noise", bytes(good), bytes(5000)):
        with pytest.raises(ValueError, match=r"."):
            authority.sign_device(request, "yard-3")


def test_the_files_are_read_again(authority: Authority, tmp_path: Path) -> None:
    """The key is its owner's alone; a damaged file gets a sentence."""
    authority.write(tmp_path / "authority")
    assert (tmp_path / "authority/key.pem").stat().st_mode & 0o777 == 0o600
    again = Authority.read(tmp_path / "authority")
    assert again.fingerprint == authority.fingerprint == fingerprint_of(again.pem)
    (tmp_path / "authority/key.pem").write_bytes(b"")
    with pytest.raises(AuthorityUnreadable):
        Authority.read(tmp_path / "authority")


def test_certificates_hold_on_a_box_that_believes_it_is_2020(authority: Authority) -> None:
    """A Pi without a clock; and what is revoked is on the list, which never runs out."""
    signed = authority.sign_device(certificates.request_for(certificates.new_key()), "yard-3")
    certificate = x509.load_pem_x509_certificate(signed.pem)
    assert (certificate.not_valid_before_utc.year, certificate.not_valid_after_utc.year) == (2020, 2049)
    revoked = x509.load_pem_x509_crl(authority.revocation_list((signed.serial,)))
    assert revoked.get_revoked_certificate_by_serial_number(signed.serial) is not None
    assert revoked.next_update_utc == certificates.VALID_UNTIL
