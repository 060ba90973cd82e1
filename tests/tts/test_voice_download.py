"""Downloading a voice from a server that breaks off, changes its mind, or was never there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tts.voice_store.download import MOST_ATTEMPTS, DownloadFailed, download

CONTENT = bytes(range(256)) * 4_000


@dataclass
class Behaviour:
    """How the server answers; ``asked`` is what it was asked, a range or nothing."""

    content: bytes = CONTENT
    validator: str | None = '"one"'
    breaks_after: list[int] = field(default_factory=list)
    ranges: bool = True
    length: bool = True
    status: int = 200
    location: str | None = None
    asked: list[str | None] = field(default_factory=list)


def handler_of(behaviour: Behaviour) -> type[BaseHTTPRequestHandler]:
    """Return what answers so."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            behaviour.asked.append(asked)
            if behaviour.location and self.path == "/moved":
                self._head(302, {"Location": behaviour.location})
                return
            if behaviour.status != 200:
                self._head(behaviour.status, {"Content-Length": "0"})
                return
            start = self._start(asked)
            total = len(behaviour.content)
            if start >= total > 0 and asked:
                self._head(416, {"Content-Range": f"bytes */{total}", "Content-Length": "0"})
                return
            said = {"ETag": behaviour.validator} if behaviour.validator else {}
            if behaviour.length:
                said["Content-Length"] = str(total - start)
            if start:
                said["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
            self._head(206 if start else 200, said)
            end = start + behaviour.breaks_after.pop(0) if behaviour.breaks_after else total
            self.wfile.write(behaviour.content[start:end])

        def _start(self, asked: str | None) -> int:
            if not asked or not behaviour.ranges or self.headers.get("If-Range") != behaviour.validator:
                return 0
            return int(asked.removeprefix("bytes=").rstrip("-"))

        def _head(self, status: int, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """Run a server that behaves so; give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_of(behaviour)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(60)


class Waits:
    """Counts what was waited; nobody does."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        """Take the wait."""
        self.seconds.append(seconds)


def fetched(url: str, kept: Path, told: list[tuple[int, int | None]] | None = None) -> bytes:
    """Return what is downloaded."""
    report = (lambda there, total: told.append((there, total))) if told is not None else (lambda there, total: None)
    return download(url, kept, report, Waits()).read_bytes()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reach the server of the test directly, whatever this machine needs for the rest of the world."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_a_file_comes_whole_with_progress(tmp_path: Path) -> None:
    """The last report has all of it."""
    told: list[tuple[int, int | None]] = []
    with serving(Behaviour()) as server:
        assert fetched(f"{server}/voice.tar.bz2", tmp_path, told) == CONTENT
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_what_broke_off_goes_on_from_there(tmp_path: Path) -> None:
    """Twice dropped, asked three times, no byte twice."""
    behaviour = Behaviour(breaks_after=[100_000, 200_000])
    with serving(behaviour) as server:
        assert fetched(f"{server}/voice", tmp_path) == CONTENT
    assert behaviour.asked == [None, "bytes=100000-", "bytes=300000-"]


def test_a_later_run_goes_on_too(tmp_path: Path) -> None:
    """What one run kept, the next one takes up."""
    behaviour = Behaviour(breaks_after=[70_000, *[0] * MOST_ATTEMPTS])
    with serving(behaviour) as server:
        with pytest.raises(DownloadFailed) as failed:
            fetched(f"{server}/voice", tmp_path)
        assert "会保留" in failed.value.sentence.zh
        behaviour.breaks_after.clear()
        behaviour.asked.clear()
        assert fetched(f"{server}/voice", tmp_path) == CONTENT
        assert behaviour.asked == ["bytes=70000-"]
        assert fetched(f"{server}/voice", tmp_path) == CONTENT
    assert behaviour.asked == ["bytes=70000-", f"bytes={len(CONTENT)}-"]


def test_another_file_under_the_same_address_is_begun_anew(tmp_path: Path) -> None:
    """Halves of two files are never put together."""
    behaviour = Behaviour(breaks_after=[70_000, *[0] * MOST_ATTEMPTS])
    with serving(behaviour) as server:
        with pytest.raises(DownloadFailed):
            fetched(f"{server}/voice", tmp_path)
        behaviour.breaks_after.clear()
        behaviour.content, behaviour.validator = b"new" * 50_000, '"two"'
        assert fetched(f"{server}/voice", tmp_path) == b"new" * 50_000


@pytest.mark.parametrize(("validator", "ranges"), [(None, True), ('"one"', False), ('W/"weak"', True)])
def test_where_it_can_not_go_on_it_begins_anew(tmp_path: Path, validator: str | None, *, ranges: bool) -> None:
    """A server without ranges, or that can't tell one file from another, gives it whole."""
    behaviour = Behaviour(breaks_after=[100_000], validator=validator, ranges=ranges)
    with serving(behaviour) as server:
        assert fetched(f"{server}/voice", tmp_path) == CONTENT


def test_a_length_that_is_not_told_is_taken_as_it_ends(tmp_path: Path) -> None:
    """The checksum is the judge then."""
    with serving(Behaviour(length=False)) as server:
        assert fetched(f"{server}/voice", tmp_path) == CONTENT


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refusal_is_told_at_once(tmp_path: Path, status: int) -> None:
    """Asking again would change nothing."""
    behaviour = Behaviour(status=status)
    with serving(behaviour) as server, pytest.raises(DownloadFailed) as failed:
        fetched(f"{server}/voice", tmp_path)
    assert str(status) in failed.value.sentence.zh
    assert len(behaviour.asked) == 1


def test_a_server_that_is_busy_is_asked_again_with_growing_waits(tmp_path: Path) -> None:
    """For a while."""
    waits = Waits()
    behaviour = Behaviour(status=503)
    with serving(behaviour) as server, pytest.raises(DownloadFailed):
        download(f"{server}/voice", tmp_path, lambda there, total: None, waits)
    assert len(behaviour.asked) == MOST_ATTEMPTS
    assert waits.seconds == sorted(waits.seconds)


def test_a_redirection_is_followed_but_not_out_of_http(tmp_path: Path) -> None:
    """Releases are kept elsewhere than their address says; a local file is no elsewhere."""
    with serving(Behaviour()) as other, serving(Behaviour(location=f"{other}/voice")) as server:
        assert fetched(f"{server}/moved", tmp_path / ".") == CONTENT
    with serving(Behaviour(location="file:///etc/passwd")) as server, pytest.raises(DownloadFailed):
        fetched(f"{server}/moved", tmp_path)


def test_nobody_at_the_other_end_is_a_sentence(tmp_path: Path) -> None:
    """What to do is in it."""
    with pytest.raises(DownloadFailed) as failed:
        fetched("http://127.0.0.1:1/voice", tmp_path)
    assert "请检查网络" in failed.value.sentence.zh
