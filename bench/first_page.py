"""A page as a slow phone opens it for the first time: what comes over the air, and when it can be used."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.failed import BenchFailed
from bench.visitor import NAME, PASSWORD

if TYPE_CHECKING:  # it has no wheel for an older Pi, where the other measurements are to go on
    from playwright.sync_api import Browser, StorageState

SLOWER = 6  # times, by the browser's own brake on the processor
QUIET_MS = 5000  # as Lighthouse has it: interactive is after the last long task before five quiet seconds
SLOW_KBIT = 35  # per second: a phone at the edge of the Wi-Fi
SLOW_LATENCY_MS = 40
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True}
_WATCH = """() => {
  window.longTasks = [];
  const keep = (list) => list.getEntries().forEach((one) => window.longTasks.push(one.startTime + one.duration));
  new PerformanceObserver(keep).observe({ type: 'longtask', buffered: true });
}"""
_INTERACTIVE = """() => {
  const page = performance.getEntriesByType('navigation')[0];
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const ready = Math.max(page.domContentLoadedEventEnd, paint ? paint.startTime : 0);
  return Math.max(ready, ...window.longTasks);
}"""


@dataclass(frozen=True)
class FirstPage:
    """One opening with nothing kept: bytes as they come over the air, requests, and ms until it can be used."""

    bytes: int
    requests: int
    interactive_ms: float


@dataclass(frozen=True)
class SlowPage:
    """One opening over a slow line: bytes as they come over the air, and seconds until all of it is there."""

    bytes: int
    seconds: float


def open_first(port: int, *, times: int, log_in: bool) -> list[FirstPage]:
    """Open the page at ``port`` so often, each time as a browser that was never there; ``log_in``: known there.

    Raises BenchFailed where there is no browser to open it with.
    """
    address = f"http://localhost:{port}"
    with _browser() as browser:
        cookies = _cookies(browser, address) if log_in else None
        return [_opened(browser, address, cookies) for _ in range(times)]


def open_slowly(port: int) -> list[SlowPage]:
    """Open Today and then the messages, known there, by a slow line, nothing being kept before. Raises BenchFailed."""
    address = f"http://localhost:{port}"
    with _browser() as browser:
        context = browser.new_context(**_PHONE, storage_state=_cookies(browser, address))
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        received: list[int] = []
        devtools.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
        devtools.send("Network.enable")
        pace = SLOW_KBIT * 1000 / 8
        line = {"offline": False, "latency": SLOW_LATENCY_MS, "downloadThroughput": pace, "uploadThroughput": pace}
        devtools.send("Network.emulateNetworkConditions", line)
        opened = []
        for path in ("/", "/messages/"):
            received.clear()
            page.goto(f"{address}{path}", wait_until="load")
            loaded_ms = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
            opened.append(SlowPage(sum(received), loaded_ms / 1000))
        return opened


@contextmanager
def _browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, _BROWSERS)), None)
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - see above
    except ModuleNotFoundError:
        program = None
    if program is None:
        raise BenchFailed("这台机器没有 chromium，测不了", "there is no chromium here to measure with")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        try:
            yield browser
        finally:
            browser.close()


def _cookies(browser: Browser, address: str) -> StorageState:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("[name=name]", NAME)
    page.fill("[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_url(f"{address}/")
    state = context.storage_state()
    context.close()
    return state


def _opened(browser: Browser, address: str, cookies: StorageState | None) -> FirstPage:
    context = browser.new_context(**_PHONE, storage_state=cookies)
    page = context.new_page()
    page.add_init_script(f"({_WATCH})()")
    devtools = context.new_cdp_session(page)
    received: list[int] = []
    devtools.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    devtools.send("Network.enable")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(f"{address}/", wait_until="load")
    page.wait_for_timeout(500)  # what a page asks for when it has come is part of it; its later questions are not
    first = (sum(received), len(received))
    page.wait_for_timeout(QUIET_MS)
    found = FirstPage(*first, page.evaluate(_INTERACTIVE))
    context.close()
    return found
