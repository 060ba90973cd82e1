"""A courtyard that people have used: something of everything that a page can show, made as they would make it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import urlsplit

from msgspec.structs import replace
from playwright.sync_api import Page, expect

from box.durable import replace_file
from box.folders import Folders
from programme.shared import encode_shared
from tests.e2e.acts import invite, press, spoken, until_at
from tests.programme.test_together import NOTICE, SHARED
from tests.speaker.intake.a_panel import wav

EDITOR = "小陈"
BULLETIN = "各位居民，今天下午两点到五点停水，请提前存水。"


def live_in(page: Page, other: Page, folder: Path, folders: Folders) -> dict[str, str]:
    """Use everything once; return what stands in addresses for what was made, by the names of the routes."""
    _put_aside(page)
    _open_to_residents(page)
    return {
        "entry_id": _from_the_community(page, folders),
        "shared_broadcast": "c-morning",
        "bulletin_id": _prepared(page),
        "take_id": _recorded(page, folder),
        "job_id": _failed(page, folder),
        **_proposed(page, other),
        **_linked(page),
    }


def _from_the_community(page: Page, folders: Folders) -> str:
    """Lay something of a hub's there, as the agent does, and wait until the panel has put it on air."""
    clip = wav(48_000)
    message = replace(NOTICE, clip=hashlib.sha256(clip).hexdigest(), frames=48_000)
    (folders.fleet / "clips").mkdir(parents=True, exist_ok=True)
    (folders.fleet / "clips" / f"{message.clip}.wav").write_bytes(clip)
    replace_file(folders.fleet / "shared.json", encode_shared(replace(SHARED, messages=(message,))))
    for _ in range(60):
        page.goto("/messages/")
        if page.locator(f"#m-{message.id}").count():
            break
        page.wait_for_timeout(500)
    page.goto(f"/shared/{message.id}")
    page.get_by_label("要播的话").fill("警苑小区的居民请注意，改到下午三点。")
    press(page, "交给社区")
    expect(page.locator(".note.good")).to_be_visible()
    return message.id


def _open_to_residents(page: Page) -> None:
    page.goto("/settings/residents/")
    press(page, "打开居民页")
    expect(page.locator(".note.good")).to_be_visible()


def _prepared(page: Page) -> str:
    page.goto("/say/")
    page.get_by_label("要播的话").fill(BULLETIN)
    press(page, "先听一听")
    until_at(page, "/say/b-")
    return _last_part(page)


def _recorded(page: Page, folder: Path) -> str:
    for name in ("早.m4a", "晚.wav"):
        page.goto("/recordings/")
        page.set_input_files("input[name=sound] >> nth=-1", spoken("大家早上好，今天天气很好。", folder / name))
        press(page, "上传，先听一听")
        until_at(page, "/recordings/heard/")
        if name == "早.m4a":
            press(page, "留下")
    return _last_part(page)


def _failed(page: Page, folder: Path) -> str:
    """Bring something that is no recording: the work ends with a sentence, on a page that stays."""
    (folder / "假的.m4a").write_bytes(b"this is no sound at all " * 100)
    page.goto("/recordings/")
    page.set_input_files("input[name=sound] >> nth=-1", folder / "假的.m4a")
    press(page, "上传，先听一听")
    expect(page.get_by_text("没有做成")).to_be_visible()
    return _last_part(page)


def _put_aside(page: Page) -> None:
    """Copy a message and put the copy aside, so that there is something to get back."""
    page.goto("/messages/today")
    press(page, "复制一份")
    until_at(page, "/messages/m-")
    page.goto(re.sub(r"[?#].*", "", page.url) + "/archive")
    press(page, "收起来")
    expect(page.get_by_role("button", name="撤销，拿回来")).to_be_visible()


def _proposed(page: Page, other: Page) -> dict[str, str]:
    """Have somebody else write what waits for the secretary."""
    invite(page, other, EDITOR, "editor")
    other.goto("/messages/hotline")
    other.get_by_label("要播的话").fill("家里有困难，请拨打 12345，白天夜里都有人接。")
    press(other, "送审")
    until_at(other, "/messages")
    expect(other.locator(".note.good")).to_be_visible()
    return {"message_id": "hotline"}


def _linked(page: Page) -> dict[str, str]:
    page.goto("/schedule/")
    mark = page.locator("a[href*='/schedule/exceptions/']", has_text="高考").first.get_attribute("href") or ""
    return {"mark": mark.rsplit("/", 1)[-1], "broadcast_id": "morning"}


def _last_part(page: Page) -> str:
    return re.sub(r"[?#].*", "", urlsplit(page.url).path.rstrip("/").rsplit("/", 1)[-1])
