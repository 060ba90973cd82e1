"""Who is logged out while they wait, as by a restore that brings other users, is led to the login, not kept waiting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from tests.e2e.visits import PHONE
from tests.web.house import NAME, PASSWORD, House, new_house
from web.jobs import Finish


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[House, str]]:
    """Serve a panel whose work waits until the test does it, with its address."""
    house = new_house(tmp_path)
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield house, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_page_that_waits_leads_to_the_login_and_on(browser: Browser, served: tuple[House, str]) -> None:
    """And from there on to where the work ends."""
    house, address = served
    phone = house.logged_in()
    cookie = phone.client.get_cookie("xiaolaba")
    assert cookie is not None
    job = house.jobs.submit("正在恢复", lambda _report: Finish(page="/login"), back="/")
    context = browser.new_context(base_url=address, locale="zh-CN", **PHONE)
    context.add_cookies([{"name": "xiaolaba", "value": cookie.value, "url": address}])
    page = context.new_page()
    page.goto(f"/work/{job.id}")
    expect(page.get_by_text("请稍等")).to_be_visible()
    house.users.set_password(NAME, PASSWORD)  # a new password ends every session
    expect(page.get_by_label("您的名字")).to_be_visible()
    house.jobs.run_waiting()
    page.get_by_label("您的名字").fill(NAME)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="警苑小区")).to_be_visible()
    context.close()
