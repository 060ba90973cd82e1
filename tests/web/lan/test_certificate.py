"""The certificate that the box makes for itself."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest

from tests.web.house import NOON as NOW
from web.lan.certificate import CERTIFICATE, KEY, CertificateNotMade, context_at, fingerprint_of

NAMES, ADDRESSES = ("xiaolaba.local", "xiaolaba-courtyard.local", "localhost"), ("127.0.0.1", "192.0.2.7")


def openssl(*words: str) -> str:
    """Return what openssl prints."""
    return subprocess.run(["openssl", *words], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a certificate."""
    context_at(tmp_path / "https", NAMES, ADDRESSES, NOW)
    return tmp_path / "https"


def test_it_is_made_out_to_the_names_and_addresses_of_the_box(folder: Path) -> None:
    """For a server and nothing else; P-256, which every phone knows."""
    told = openssl("x509", "-in", str(folder / CERTIFICATE), "-noout", "-text")
    for name in NAMES:
        assert f"DNS:{name}" in told
    for address in ADDRESSES:
        assert f"IP Address:{address}" in told
    assert "CA:FALSE" in told
    assert "TLS Web Server Authentication" in told
    assert "prime256v1" in told
    assert "ecdsa-with-SHA256" in told


def test_it_holds_whatever_the_clock_said_when_it_was_made(folder: Path) -> None:
    """A Pi without a clock chip may have made it at any date; the phone, which knows the date, is what judges it."""
    dates = openssl("x509", "-in", str(folder / CERTIFICATE), "-noout", "-dates")
    assert dates.splitlines() == ["notBefore=Jan  1 00:00:00 2020 GMT", "notAfter=Dec 31 23:59:59 2049 GMT"]


def test_the_key_is_for_the_panel_alone(folder: Path) -> None:
    """Made so, and set so again where somebody has opened it; nothing else of the making is left."""
    assert (folder / KEY).stat().st_mode & 0o777 == 0o600
    (folder / KEY).chmod(0o644)
    context_at(folder, NAMES, ADDRESSES, NOW)
    assert (folder / KEY).stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.iterdir()) == [CERTIFICATE, KEY]
    assert [path.name for path in folder.parent.iterdir()] == ["https"]


def test_the_fingerprint_is_the_one_that_browsers_show(folder: Path) -> None:
    """It is compared by eye with the one on the wall."""
    told = openssl("x509", "-in", str(folder / CERTIFICATE), "-noout", "-fingerprint", "-sha256")
    assert told.strip().partition("=")[2] == fingerprint_of(folder / CERTIFICATE)


def test_it_stays_when_the_addresses_change(folder: Path) -> None:
    """Another would have another fingerprint, and the one on the wall would be wrong."""
    before = fingerprint_of(folder / CERTIFICATE)
    context_at(folder, NAMES, ("192.0.2.99",), NOW)
    assert fingerprint_of(folder / CERTIFICATE) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [(CERTIFICATE, b""), (CERTIFICATE, b"\x00" * 700), (KEY, b""), (KEY, None), (CERTIFICATE, None)],
)
def test_a_damaged_one_is_put_aside_and_another_made(folder: Path, name: str, content: bytes | None) -> None:
    """A power cut or a dying card may leave anything; what it left can be looked at."""
    before = fingerprint_of(folder / CERTIFICATE)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    context_at(folder, NAMES, ADDRESSES, NOW)
    assert fingerprint_of(folder / CERTIFICATE) != before
    aside = folder.with_name("https.damaged-20260603T040000Z")
    assert aside.is_dir()
    assert content is None or (aside / name).read_bytes() == content


def test_a_key_of_another_certificate_is_damage_too(folder: Path, tmp_path: Path) -> None:
    """The pair belongs together, or no phone gets in."""
    context_at(tmp_path / "other", NAMES, ADDRESSES, NOW)
    (folder / KEY).write_bytes((tmp_path / "other" / KEY).read_bytes())
    before = fingerprint_of(folder / CERTIFICATE)
    context_at(folder, NAMES, ADDRESSES, NOW)
    assert fingerprint_of(folder / CERTIFICATE) != before


def test_without_openssl_it_is_said_what_to_install(tmp_path: Path) -> None:
    """One sentence; nothing is left behind."""
    with pytest.raises(CertificateNotMade, match="apt-get install --no-install-recommends openssl"):
        context_at(tmp_path / "https", NAMES, ADDRESSES, NOW, openssl="openssl-that-is-not-there")
    assert list(tmp_path.iterdir()) == []


def test_an_openssl_that_fails_is_told_with_its_own_words(tmp_path: Path) -> None:
    """What it said last is in the sentence; what it began is gone."""
    failing = tmp_path / "openssl"
    failing.write_text("#!/bin/sh\necho 'no entropy today' >&2\nexit 1\n", encoding="ascii")
    failing.chmod(0o755)
    room = tmp_path / "panel"
    with pytest.raises(CertificateNotMade, match="no entropy today"):
        context_at(room / "https", NAMES, ADDRESSES, NOW, openssl=str(failing))
    assert list(room.iterdir()) == []


def test_old_tls_is_not_spoken(folder: Path) -> None:
    """1.2 and newer only."""
    assert context_at(folder, NAMES, ADDRESSES, NOW).minimum_version == ssl.TLSVersion.TLSv1_2
