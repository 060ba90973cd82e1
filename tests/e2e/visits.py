"""Devices on which the panel is opened, and what went wrong on them beside the pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError

from tests.e2e.acts import PATIENCE_MS
from tests.e2e.courtyard import HOST, Courtyard

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}


class Visits:
    """Opens the panel on one device after the other, each with cookies of its own; ``end`` tells what went wrong."""

    def __init__(self, browser: Browser, courtyard: Courtyard) -> None:
        self.courtyard = courtyard
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._troubles: list[str] = []

    def phone(self, *, known: bool = True, locale: str = "zh-CN", scripts: bool = True) -> Page:
        """Return a page on a phone, with the secretary logged in if ``known``."""
        return self._open(known=known, locale=locale, java_script_enabled=scripts, **PHONE)

    def desk(self, *, known: bool = True) -> Page:
        """Return a page in a window on a desk."""
        return self._open(known=known, locale="zh-CN", **DESKTOP)

    def end(self) -> None:
        """Close everything. Fails where a script failed, or anybody else's machine was asked for something."""
        for context in self._contexts:
            context.close()
        assert not self._troubles, self._troubles

    def _open(self, *, known: bool, **options: Any) -> Page:
        cookies = {"storage_state": self.courtyard.cookies} if known else {}
        context = self._browser.new_context(base_url=self.courtyard.address, **options, **cookies)
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        self._contexts.append(context)
        return context.new_page()

    def _console(self, message: ConsoleMessage) -> None:
        # What the panel refuses in words, and a Wi-Fi that is gone, are reported too, and are no failure of a script.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self._troubles.append(f"{message.page.url if message.page else ''}: {message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self._troubles.append(str(error.error))

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != HOST:
            self._troubles.append(f"a request to {request.url}")
