"""Recording in the page, in a real browser; over plain HTTP, which has no microphone, the phone's recorder is used."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web.house import NAME, PASSWORD, House, new_house
from tts.recordings_formats import HEAD_BYTES, format_of

# What a phone's browser does with a microphone, here with one that beeps; the second name is that of a machine in the
# house, which a browser trusts no more than any other.
_FLAGS = [
    "--no-sandbox",
    "--host-resolver-rules=MAP xiaolaba.local 127.0.0.1",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]

PATIENCE_MS = 90_000

pytestmark = pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium here")


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object, **__: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run one browser for all tests of this file."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        yield running
        running.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[House, int]]:
    """Serve a panel on the loopback interface; yield it and its port."""
    house = new_house(tmp_path)
    house.users.set_password(NAME, PASSWORD)
    server = make_server("127.0.0.1", 0, house.app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield house, server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def message_page(browser: Browser, address: str) -> Page:
    """Log in at ``address`` and open a message."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/login")
    page.fill("[name=name]", NAME)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main button")
    page.goto(f"{address}/messages/stay")
    return page


def test_over_plain_http_the_phones_recorder_is_used(browser: Browser, served: tuple[House, int]) -> None:
    """The browser gives no microphone there: no button pretends that it does, and the file chooser is."""
    page = message_page(browser, f"http://xiaolaba.local:{served[1]}")
    assert page.evaluate("navigator.mediaDevices === undefined")
    assert not page.is_visible("form.bring .record")
    assert page.is_visible("form.bring input[type=file]")
    page.context.close()


def test_where_the_browser_allows_it_the_page_records(browser: Browser, served: tuple[House, int]) -> None:
    """One tap begins, the seconds are counted, another ends, and what was recorded is on its way to be cleaned."""
    house, port = served
    page = message_page(browser, f"http://localhost:{port}")
    page.click("form.bring .record")
    expect(page.locator("form.bring .record")).to_contain_text(re.compile("正在录 [1-9][0-9]* 秒"), timeout=PATIENCE_MS)
    with page.expect_navigation():
        page.click("form.bring .record")
    assert "/work/" in page.url
    [came] = (house.folder / "recordings" / "incoming").iterdir()
    kind = format_of(came.read_bytes()[:HEAD_BYTES])
    assert kind is not None
    assert kind.ending == "webm"
    page.context.close()
