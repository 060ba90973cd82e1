"""The panel's own process with an encrypted address, as phones find it."""

from __future__ import annotations

import signal
import socket
import ssl
import stat
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC
from pathlib import Path

import pytest

from box.clock import SystemClock
from tests.web.lan.panel_process import Panel, running, until
from web.audit.log import Audit
from web.bodies import MOST_BYTES
from web.lan.certificate import KEY, fingerprint, fingerprint_of


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    """Return a panel for all tests of this file."""
    with running(tmp_path_factory.mktemp("data")) as started:
        said = until(started, "encrypted on port")
        assert fingerprint_of(started.certificate) in said
        yield started


def test_a_page_comes_encrypted_and_the_plain_address_stays(panel: Panel) -> None:
    """Both answer; the certificate is the box's own."""
    assert panel.ask("/healthz").text == "ok\n"
    assert panel.ask("/healthz", encrypted=False).text == "ok\n"
    shown = ssl.get_server_certificate(("127.0.0.1", panel.https_port))
    assert fingerprint(ssl.PEM_cert_to_DER_cert(shown)) == fingerprint_of(panel.certificate)
    assert (panel.folder / "https" / KEY).stat().st_mode & 0o777 == 0o600


def test_the_session_of_the_encrypted_address_stays_on_it(panel: Panel) -> None:
    """Its cookie is Secure and no plain page can replace it; the plain address has a cookie of its own."""
    encrypted, plain = panel.log_in(), panel.log_in(encrypted=False)
    assert (encrypted.status, plain.status) == (303, 303)
    [cookie] = encrypted.cookies()
    assert cookie.startswith("__Host-xiaolaba=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    [plain_cookie] = plain.cookies()
    assert plain_cookie.startswith("xiaolaba=")
    assert "Secure" not in plain_cookie
    session = cookie.partition(";")[0]
    assert panel.ask("/", headers={"Cookie": session}).status == 200
    assert panel.ask("/", headers={"Cookie": session}, encrypted=False).status == 303
    assert panel.ask("/", headers={"Cookie": session.removeprefix("__Host-")}).status == 303


def test_nothing_binds_a_browser_to_a_certificate_that_nobody_signed(panel: Panel) -> None:
    """With HSTS a browser would let nobody past its warning, and the plain address would be out of reach."""
    for encrypted in (True, False):
        assert "Strict-Transport-Security" not in panel.ask("/login", encrypted=encrypted).headers


def test_the_audit_log_has_the_phones_address(panel: Panel) -> None:
    """Not the proxy's, and not what a header claims."""
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "Forwarded": "for=203.0.113.9"}
    clock = SystemClock()
    day = clock.now().date()
    assert panel.log_in(source="127.0.0.5", headers=forged).status == 303
    audit = Audit(panel.folder / "audit", clock)
    newest = [*audit.day(clock.now().date(), UTC).acts, *audit.day(day, UTC).acts][0]  # it may be midnight
    assert (newest.what, newest.address) == ("account.log_in", "127.0.0.5")


def test_wrong_passwords_hold_off_the_phone_that_sends_them(panel: Panel) -> None:
    """The back-off counts by the phone's own address: another is let in meanwhile."""
    answers = [panel.log_in("wrong-password", source="127.0.0.6").status for _ in range(6)]
    assert answers == [401] * 5 + [429]
    assert panel.log_in(source="127.0.0.7").status == 303


def test_300_handshakes_that_never_end_keep_nobody_out(panel: Panel) -> None:
    """Half of them silent, half begun; both addresses answer meanwhile."""
    with ExitStack() as stack:
        for number in range(300):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", panel.https_port)))
            if number % 2:
                line.sendall(bytes.fromhex("160301020001"))
        assert panel.ask("/healthz").text == "ok\n"
        assert panel.ask("/healthz", encrypted=False).text == "ok\n"


def test_strangers_who_send_without_end_fill_no_storage_and_keep_nobody_out(panel: Panel) -> None:
    """What comes before a login is laid down in files: all of it together is bounded, and a login gets in meanwhile."""
    head = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 23000000\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(8):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", panel.plain_port)))
            with suppress(ConnectionError):  # one too much: it is hung up on
                line.sendall(head + bytes(22_000_000))
        assert panel.log_in(encrypted=False).status == 303
        assert held_in_files(panel) <= MOST_BYTES
    assert panel.log_in().status == 303


def held_in_files(panel: Panel) -> int:
    """Return the bytes of the files that the panel has open and that have no name."""
    held = 0
    for descriptor in Path(f"/proc/{panel.process.pid}/fd").iterdir():
        with suppress(OSError):  # it was closed meanwhile
            state = descriptor.stat()
            held += state.st_size if stat.S_ISREG(state.st_mode) and not state.st_nlink else 0
    return held


def test_the_login_page_says_where_passwords_travel_in_the_clear(panel: Panel) -> None:
    """On the plain address, with the way to the other; on the encrypted one there is nothing to say."""
    plain = panel.ask("/login", encrypted=False, headers={"Host": f"xiaolaba.local:{panel.plain_port}"})
    assert "没有加密" in plain.text
    assert f'href="https://xiaolaba.local:{panel.https_port}/"' in plain.text
    assert "没有加密" not in panel.ask("/login").text


def test_a_port_that_is_taken_leaves_the_plain_address(tmp_path: Path) -> None:
    """One line in the log names the setting; what is needed daily serves on, and offers nothing that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as other, running(tmp_path, other.getsockname()[1]) as started:
        assert "[panel] https_port = " in until(started, "https_port")
        until(started, "listening on")
        page = started.ask("/login", encrypted=False).text
    assert "没有加密" in page
    assert "https://" not in page


def test_it_ends_at_once_with_phones_connected(tmp_path: Path) -> None:
    """As it does without the encrypted address."""
    with running(tmp_path) as started:
        until(started, "encrypted on port")
        with socket.create_connection(("127.0.0.1", started.https_port)):
            started.ask("/healthz")
            started.process.send_signal(signal.SIGTERM)
            assert started.process.wait(60) == 0
