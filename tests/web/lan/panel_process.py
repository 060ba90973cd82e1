"""A panel as a process of its own, and phones that come to it."""

from __future__ import annotations

import http.client
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from urllib.parse import urlencode

from tests.running import free_port
from tests.web.house import NAME, PASSWORD, SCHEDULE, hidden
from web.lan.certificate import CERTIFICATE
from web.people.users import Users

CHECKOUT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 60.0


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    def cookies(self) -> list[str]:
        """Return every cookie that was set, with its attributes."""
        return self.headers.get_all("Set-Cookie") or []


@dataclass
class Panel:
    """A running panel."""

    process: subprocess.Popen[str]
    folder: Path
    plain_port: int
    https_port: int

    @property
    def certificate(self) -> Path:
        """Its certificate."""
        return self.folder / "https" / CERTIFICATE

    def ask(
        self,
        path: str,
        *,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        encrypted: bool = True,
        source: str = "127.0.0.2",
    ) -> Answer:
        """Ask for a page, or send a form, as a phone at ``source`` that trusts this certificate alone."""
        if encrypted:
            trust = ssl.create_default_context(cafile=str(self.certificate))
            phone: http.client.HTTPConnection = http.client.HTTPSConnection(
                "localhost", self.https_port, context=trust, timeout=PATIENCE_SECONDS, source_address=(source, 0)
            )
        else:
            phone = http.client.HTTPConnection(
                "127.0.0.1", self.plain_port, timeout=PATIENCE_SECONDS, source_address=(source, 0)
            )
        body = None if form is None else urlencode(form)
        kind = {} if form is None else {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            phone.request("GET" if form is None else "POST", path, body, kind | (headers or {}))
            answer = phone.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())
        finally:
            phone.close()

    def log_in(
        self,
        password: str = PASSWORD,
        *,
        encrypted: bool = True,
        source: str = "127.0.0.2",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Open the login page and send the form."""
        page = self.ask("/login", encrypted=encrypted, source=source)
        cookie = page.cookies()[0].partition(";")[0]
        form = hidden(page.text) | {"name": NAME, "password": password}
        return self.ask(
            "/login", form=form, headers={"Cookie": cookie} | (headers or {}), encrypted=encrypted, source=source
        )


@contextmanager
def running(data: Path, https_port: int = 0, host: str = "127.0.0.1") -> Iterator[Panel]:
    """Start a panel with one user, its encrypted address on that port or a free one; it is killed afterwards."""
    (data / "panel").mkdir()
    (data / "panel/schedule.yaml").write_text(SCHEDULE, encoding="utf-8")
    Users(data / "panel/users.json").set_password(NAME, PASSWORD)
    plain, https = free_port(), https_port or free_port()
    (data / "settings.toml").write_text(f"[panel]\nhttps_port = {https}\n", encoding="utf-8")
    where = ["--data", str(data), "--runtime", str(data), "--settings", str(data / "settings.toml")]
    process = subprocess.Popen(
        [sys.executable, "-m", "web", *where, "--host", host, "--port", str(plain)],
        cwd=CHECKOUT,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield Panel(process, data / "panel", plain, https)
    finally:
        process.kill()
        process.communicate()


def until(panel: Panel, words: str) -> str:
    """Wait for the line of the log that holds ``words``."""
    assert panel.process.stderr is not None
    said = []
    with_an_end = Timer(PATIENCE_SECONDS, panel.process.kill)
    with_an_end.start()
    try:
        for line in panel.process.stderr:
            said.append(line)
            if words in line:
                return line
    finally:
        with_an_end.cancel()
    raise AssertionError(f"never said {words!r}: {''.join(said)}")
