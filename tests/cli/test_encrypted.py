"""What the command says of the panel's encrypted address."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from box.checkup import Finding
from box.folders import INSTALLED_DATA, Folders
from box.settings import Panel
from cli.checkup_lan import LanProbes, check_up_lan
from cli.encrypted import kept_fingerprint, lines_of, shown_fingerprint
from tests.web.house import NOON as NOW
from web.lan.announced_file import keep
from web.lan.announcing import NO_NETWORK, Announced
from web.lan.certificate import context_at

INSTALLED = Folders(INSTALLED_DATA, Path("/run/xiaolaba"))
PROBES = LanProbes(which=lambda name: f"/usr/bin/{name}", shown_fingerprint=lambda host, port: "")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Return folders with a certificate, and settings that want the encrypted address."""
    made = Folders(tmp_path, tmp_path)
    context_at(made.https, ("xiaolaba.local",), ("127.0.0.1",), NOW)
    (tmp_path / "settings.toml").write_text("[panel]\nhttps_port = 8443\n", encoding="utf-8")
    return made


def finding(folders: Folders, settings: Path, probes: LanProbes) -> Finding:
    """Return what is found about the encrypted address."""
    return next(one for one in check_up_lan(folders, settings, probes) if one.code == "https")


def test_the_address_and_the_fingerprint_are_told(folders: Folders) -> None:
    """As they are written on the wall; nothing where the installer wants none."""
    address, certificate = lines_of(folders, Panel(https_port=8443), "192.0.2.5")
    assert "https://192.0.2.5:8443/" in address
    assert kept_fingerprint(folders) in certificate
    assert len(kept_fingerprint(folders)) == 95
    assert lines_of(folders, Panel(), "192.0.2.5") == []
    assert lines_of(folders, Panel(https_port=443), "::1")[0].endswith("https://[::1]/")


def test_without_it_doctor_says_that_passwords_are_in_the_clear(folders: Folders, tmp_path: Path) -> None:
    """It is how the installer wants it, perhaps: a note, with how to change it."""
    found = finding(folders, tmp_path / "none.toml", PROBES)
    assert found.state == "note"
    assert found.mend
    assert "https_port = 8443" in found.mend.en


def test_what_is_shown_to_phones_is_the_boxs_own(folders: Folders, tmp_path: Path) -> None:
    """Good is a panel that answers with the certificate of its folder; who may not read that folder has its word."""
    settings = tmp_path / "settings.toml"
    kept = kept_fingerprint(folders)
    answering = replace(PROBES, shown_fingerprint=lambda host, port: kept)
    found = finding(folders, settings, answering)
    assert found.state == "good"
    assert kept in found.what.en
    assert finding(INSTALLED, settings, answering).state == "good"
    assert finding(folders, settings, replace(PROBES, shown_fingerprint=lambda host, port: "AB:CD")).state == "wrong"


def test_a_silent_one_is_wrong_where_services_should_run(folders: Folders, tmp_path: Path) -> None:
    """In a checkout it may just not be running."""
    settings = tmp_path / "settings.toml"
    assert finding(INSTALLED, settings, PROBES).state == "wrong"
    assert finding(folders, settings, PROBES).state == "note"


def test_openssl_is_missed_only_where_it_is_needed(folders: Folders, tmp_path: Path) -> None:
    """With a certificate there is nothing to make, and without the address nothing to make it for."""
    settings = tmp_path / "settings.toml"
    bare = replace(PROBES, which=lambda name: None)
    found = finding(INSTALLED, settings, bare)
    assert found.state == "wrong"
    assert found.mend == ("sudo apt-get install --no-install-recommends openssl",) * 2
    assert "openssl" not in finding(folders, settings, bare).what.en
    assert finding(INSTALLED, tmp_path / "none.toml", bare).state == "note"


def test_broken_settings_are_found_elsewhere(folders: Folders, tmp_path: Path) -> None:
    """Once is enough."""
    (tmp_path / "settings.toml").write_text("[panel]\nhttps_port = 'yes'\n", encoding="utf-8")
    assert check_up_lan(folders, tmp_path / "settings.toml", PROBES) == []


@pytest.fixture
def listener(folders: Folders) -> Iterator[socket.socket]:
    """Return a server that shakes hands once, with that certificate."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        context = context_at(folders.https, (), (), NOW)

        def answer() -> None:
            line, _ = made.accept()
            # Who has seen the certificate goes, also in the middle of the handshake.
            with line, suppress(OSError), context.wrap_socket(line, server_side=True) as encrypted:
                encrypted.recv(1)

        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield made
        thread.join()


def test_the_certificate_that_is_shown_is_asked_for(folders: Folders, listener: socket.socket) -> None:
    """By a real handshake; nobody need vouch for it."""
    assert shown_fingerprint("0.0.0.0", listener.getsockname()[1]) == kept_fingerprint(folders)  # noqa: S104 - a host


def test_where_nothing_answers_nothing_is_shown() -> None:
    """Nor is it an error."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert shown_fingerprint("127.0.0.1", port) == ""


@pytest.mark.parametrize(
    ("announced", "state", "words"),
    [
        (Announced("xiaolaba-2.local"), "good", "xiaolaba-2.local"),
        (Announced(fault=NO_NETWORK), "note", "there is no network"),
        (Announced(), "note", "does not run"),
    ],
)
def test_the_name_on_the_lan_is_told(announced: Announced, state: str, words: str, folders: Folders) -> None:
    """Nobody needs it who has the digits: without one, it is said why, and no fault."""
    keep(folders.announced, announced)
    found = check_up_lan(folders, folders.data / "settings.toml", PROBES)[-1]
    assert (found.code, found.state) == ("announced", state)
    assert words in found.what.en
    assert (found.mend is None) == (state == "good")


def test_a_name_that_is_turned_off_is_not_missed(folders: Folders) -> None:
    """It is how the installer wants it."""
    settings = folders.data / "settings.toml"
    settings.write_text("[panel]\nannounce = false\n", encoding="utf-8")
    assert "turn" in check_up_lan(folders, settings, PROBES)[-1].what.en


def test_the_encrypted_address_is_told_with_the_announced_name(folders: Folders) -> None:
    """As it is after the first of several boxes has taken the first name."""
    keep(folders.announced, Announced("xiaolaba-2.local"))
    assert lines_of(folders, Panel(https_port=8443), "0.0.0.0")[0].endswith("https://xiaolaba-2.local:8443/")  # noqa: S104 - everywhere
