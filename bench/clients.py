"""Several people at once, each with a connection of her own, and how long each answer took them."""

from __future__ import annotations

import http.client
import re
import time
import urllib.parse
from collections.abc import Callable, Sequence
from threading import Barrier, Thread

from bench.failed import BenchFailed
from bench.visitor import NAME, PASSWORD
from box.clock import SystemClock

LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 120.0
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_clock = SystemClock()


class Client:
    """A browser that keeps its connection and its cookie; ``took_ms`` is of its last question."""

    def __init__(self, port: int) -> None:
        self.took_ms = 0.0
        self._host = f"127.0.0.1:{port}"
        self._connection = http.client.HTTPConnection(self._host, timeout=60)
        self._cookie = ""

    def get(self, path: str) -> str:
        """Return a page; what it took counts."""
        return self._ask("GET", path, None)[1]

    def post(self, path: str, fields: dict[str, str]) -> tuple[str, str]:
        """Send a form; return where it leads and what it says. What the answer took counts, not what follows it."""
        return self._ask("POST", path, urllib.parse.urlencode(fields))

    def log_in(self) -> None:
        """Log in, as everybody does who measures here."""
        self.post("/login", {**self.hidden("/login"), "name": NAME, "password": PASSWORD})

    def close(self) -> None:
        """Hang up; the next question dials again."""
        self._connection.close()

    def hidden(self, path: str) -> dict[str, str]:
        """Return the hidden fields of a page."""
        return dict(_HIDDEN.findall(self.get(path)))

    def _ask(self, method: str, path: str, form: str | None) -> tuple[str, str]:
        headers = {"Cookie": self._cookie, "Origin": f"http://{self._host}"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = _clock.monotonic()
        self._connection.request(method, path, form, headers)
        answer = self._connection.getresponse()
        page = answer.read().decode("utf-8", "replace")
        self.took_ms = (_clock.monotonic() - began) * 1000
        if answer.status >= 400:
            raise BenchFailed(
                f"面板拒绝了 {method} {path}（{answer.status}）", f"the panel refused {method} {path}: {answer.status}"
            )
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("xiaolaba="):
                self._cookie = value.partition(";")[0]
        return answer.getheader("Location") or "", page

    def await_work(self, path: str) -> None:
        """Return when the job that ``path`` shows is over. Raises BenchFailed where it never is."""
        until = _clock.monotonic() + PATIENCE_SECONDS
        while _clock.monotonic() < until:
            if '"over":true' in self.get(f"{path}/state").replace(" ", ""):
                return
            time.sleep(LOOK_SECONDS)
        raise BenchFailed(f"{path} 一直没有做完", f"{path} was never over")


def at_once(clients: Sequence[Client], visit: Callable[[int, Client], list[float]]) -> list[float]:
    """Let all begin together; return what ``visit`` measured, of all of them. Raises what one of them raised."""
    ready, found, failures = Barrier(len(clients)), list[float](), list[Exception]()

    def begin(number: int, client: Client) -> None:
        try:
            ready.wait()
            found.extend(visit(number, client))
        except (BenchFailed, OSError, http.client.HTTPException) as error:
            failures.append(error)

    threads = [Thread(target=begin, args=one) for one in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return found
