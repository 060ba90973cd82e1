"""插播: recorded or typed on the phone, heard there, on air in seconds; an emergency is held for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from programme.bulletins import decode_bulletins
from tests.e2e.acts import press, silence, spoken, until_at
from tests.e2e.courtyard import Courtyard
from tests.e2e.inspection import shoot
from tests.e2e.visits import Visits

WORDS = "请大家注意，三号楼下面正在修水管，请从东门进出，车辆请停到院子外面，修好以后再通知大家。"


def air(page: Page, courtyard: Courtyard) -> None:
    """Put on air, as loud as can be, what she has before her; the card then sounds the very samples that she heard."""
    bulletin = decode_bulletins((courtyard.folders.panel / "bulletins.json").read_bytes()).messages[-1]
    page.get_by_label("最响").check()
    press(page, "现在播出")
    expect(page.get_by_text("开始播了。")).to_be_visible()
    expect(page.locator(".hero.now")).to_be_visible()
    shoot(page, "zh/phone/today.show, sounding")
    expect(page.locator(".hero.now")).to_have_count(0)
    assert courtyard.samples(bulletin.clip) in courtyard.card.recorded()


def test_a_recording_made_in_the_page_is_aired(visits: Visits, courtyard: Courtyard) -> None:
    """Touch to begin, touch to end; it is uploaded by itself, cleaned, heard, and sounded."""
    page = visits.phone()
    page.goto("/say/")
    record = page.get_by_role("button", name="在这里录音")
    record.click()
    counting = page.get_by_role("button", name=re.compile("正在录 ([7-9]|[1-9][0-9]) 秒"))
    counting.click()
    until_at(page, "/say/b-")
    expect(page.get_by_role("heading", name="听一听再播")).to_be_visible()
    air(page, courtyard)


def test_a_recording_from_the_phone_is_aired(visits: Visits, courtyard: Courtyard, tmp_path: Path) -> None:
    """What the phone's own recorder made, with what it says written beside it: the records have the words."""
    page = visits.phone()
    page.goto("/say/")
    page.set_input_files("input[name=sound]", spoken(WORDS, tmp_path / "录音.m4a"))
    page.get_by_label("录音里说了什么").fill(WORDS)
    press(page, "上传，先听一听")
    until_at(page, "/say/b-")
    air(page, courtyard)
    page.goto("/records")
    page.locator("summary", has_text="请大家注意").first.click()
    expect(page.locator("details[open] .said").last).to_contain_text(WORDS)


def test_what_was_typed_outlives_a_wifi_that_drops(visits: Visits) -> None:
    """The browser shows its own page of misfortune; when she is back, her words are."""
    page = visits.phone()
    page.goto("/say/")
    page.get_by_label("要播的话").fill(WORDS)
    page.context.set_offline(True)
    press(page, "先听一听")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/say/")
    page.context.set_offline(False)
    page.goto("/say/")
    expect(page.get_by_label("要播的话")).to_have_value(WORDS)


def test_an_emergency_is_held_for(visits: Visits, courtyard: Courtyard) -> None:
    """A short press does nothing but say so; held for two seconds it sounds, and is on record with its reason."""
    page = visits.phone()
    page.goto("/say/")
    page.get_by_label("要播的话").fill("煤气泄漏，请马上下楼。")
    press(page, "先听一听")
    until_at(page, "/say/b-")
    page.get_by_role("link", name="这是应急广播…").click()
    page.get_by_label(re.compile("事由")).fill("三号楼煤气泄漏")
    button = page.locator("button[data-hold]")
    press_for(page, 30)
    expect(button).to_have_text("请按住不放，满两秒再松手")
    shoot(page, "zh/phone/say.ask_emergency, let go")
    press_for(page, 2_300)
    expect(page.get_by_text("应急广播开始播了。")).to_be_visible()
    expect(page.locator(".hero.now.alarm")).to_be_visible()
    shoot(page, "zh/phone/today.show, emergency")
    silence(page)
    page.goto("/records")
    expect(page.get_by_text("事由：三号楼煤气泄漏").first).to_be_visible()


def press_for(page: Page, milliseconds: int) -> None:
    """Hold the button for so long."""
    box = page.locator("button[data-hold]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(milliseconds)
    page.mouse.up()
