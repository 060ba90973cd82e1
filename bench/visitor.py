"""Somebody who uses the panel: sets it up, logs in from many devices, looks at its pages."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from threading import Thread

from bench.failed import BenchFailed

NAME = "王书记"
PASSWORD = "bench-bench-bench"  # noqa: S105 - of a panel that lives for two minutes
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """A browser with cookies of its own."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str) -> str:
        """Return a page. Raises BenchFailed where the panel does not give it."""
        return self._read(urllib.request.Request(self._base + path))  # noqa: S310 - http, our own

    def post(self, path: str, **fields: str) -> str:
        """Fill in the form at ``path`` and send it; return the page that follows."""
        found = _TOKEN.search(self.get(path))
        if found is None:
            raise BenchFailed(f"面板的 {path} 没有表单", f"the panel has no form at {path}")
        form = urllib.parse.urlencode({**fields, "csrf_token": found[1]}).encode()
        request = urllib.request.Request(self._base + path, data=form, headers={"Origin": self._base})  # noqa: S310
        return self._read(request)

    def _read(self, request: urllib.request.Request) -> str:
        try:
            with self._opener.open(request, timeout=30) as reply:
                page: str = reply.read().decode("utf-8")
                return page
        except urllib.error.HTTPError as error:
            raise BenchFailed(
                f"面板拒绝了 {request.full_url}（{error.code}）", f"the panel refused {request.full_url}: {error.code}"
            ) from error


def set_up(port: int, code: str) -> None:
    """Make the first user with the set-up code."""
    Visitor(port).post("/first-visit", code=code, name=NAME, password=PASSWORD, again=PASSWORD)


def log_in_from(devices: int, port: int) -> None:
    """Log in from that many devices at once, each of which then looks at the pages."""
    failures: list[BenchFailed] = []

    def visit() -> None:
        visitor = Visitor(port)
        try:
            visitor.post("/login", name=NAME, password=PASSWORD)
            for path in ("/", "/messages"):
                visitor.get(path)
        except BenchFailed as error:
            failures.append(error)

    threads = [Thread(target=visit) for _ in range(devices)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
