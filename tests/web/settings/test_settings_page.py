"""The settings: what there is, what is locked and why, and on whose terms everything is used."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from box.settings import Audio, Contact, Gpio, Limits, Settings
from tests.web.house import House
from web.settings.about import purposes
from web.settings.locked import locked_groups

PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"


def test_it_shows_what_everything_is_now(house: House) -> None:
    """The name, the voice as a person calls it, the volume."""
    page = house.logged_in().get("/settings/").text
    assert [
        value for value in ("警苑小区", "晓晓（女声）", "80%") if f'<span class="value">{value}</span>' in page
    ] == [
        "警苑小区",
        "晓晓（女声）",
        "80%",
    ]


@pytest.mark.parametrize("role", ["editor", "installer"])
def test_who_may_not_change_it_sees_it(house: House, role: str) -> None:
    """Without a way to a page that would refuse them."""
    page = house.logged_in_as(role).get("/settings/").text  # type: ignore[arg-type] - two of the roles
    assert "80%" in page
    assert "/settings/volume/" not in page


def test_every_setting_of_the_installers_is_shown_with_its_key(house: House) -> None:
    """None is hidden, whatever is added to the file; each group says why it is locked, and the page where."""
    page = house.logged_in().get("/settings/locked").text
    for table in msgspec.structs.fields(Settings):
        if table.name == "contacts":
            continue  # there is none here; those that are there are in the next test
        for field in msgspec.structs.fields(type(getattr(Settings(), table.name))):
            assert f"<small>{field.name}</small>" in page, field.name
    assert page.count('class="fine"') >= 4
    assert str(house.folder / "settings.toml") in page


def test_a_setting_is_told_in_words(house: House) -> None:
    """With its unit; what is not named is said to be so."""
    settings = Settings(
        audio=Audio(device="plughw:0,0", loudspeaker="horn", sentence_pause_ms=400),
        gpio=Gpio(amplifier_pin=17),
        limits=Limits(loudest_percent=70, emergency_at_night=True),
        contacts=(Contact(name="消防主机", pin=5, message="fire", priority="emergency", occasion="火警"),),
    )
    with house.app.test_request_context():
        groups = [group for group in locked_groups(settings) if group.key != "heard"]  # it has a device of its own
        told = {row.key: row.value for group in groups for row in group.rows}
    assert [row.key for group in groups if group.key == "contacts" for row in group.rows if row.name == row.key] == []
    wanted = {
        "device": "plughw:0,0",
        "loudspeaker": "号角",
        "sentence_pause_ms": "400 毫秒",
        "amplifier_pin": "17",
        "button_pin": "没有指定",
        "loudest_percent": "70%",
        "quiet_hours": "21:30-06:30",
        "longest_minutes_per_day": "120 分钟",
        "emergency_at_night": "是",
        "pin": "5",
        "rest_pin": "没有指定",
        "normally": "断开",
        "priority": "应急广播",
        "ends": "播完这一遍再停",
        "test_every_days": "没有开",
        "gap_seconds": "10 秒",
    }
    assert {key: told[key] for key in wanted} == wanted


def test_what_the_microphone_takes_is_said_not_to_be_kept(house: House) -> None:
    """Where its setting is, and in both languages: whoever lives there may ask."""
    for language, words in (("zh", "话筒里的声音一点也不存"), ("en", "nothing of what the microphone takes is stored")):
        page = house.logged_in().get("/settings/locked", headers={"Accept-Language": language}).text
        assert words in page


def test_about_names_every_library_that_is_used(house: House) -> None:
    """As ``pyproject.toml`` has them, each with what it is for, its version and its licence."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    lines = [*project["dependencies"], *optional["pins"], *optional["neural"]]
    with house.app.test_request_context():
        assert set(purposes()) == {re.split(r"[<>=; ]", line)[0] for line in lines}
    page = house.logged_in().get("/settings/about").text
    assert re.search(r"小喇叭 \d+\.\d+\.\d+", page)
    assert re.search(r"flask \d[\d.]+<small>网页</small></dt><dd>BSD-3-Clause</dd>", page)


def test_about_has_the_licence_of_every_voice(house: House) -> None:
    """The network's terms, and for a voice that was added, its own."""
    folder = house.folder / "voices" / "baker"
    folder.mkdir(parents=True)
    files = "".join(
        f'[files.{part}]\nfile = "{part}.bin"\nsha256 = "{"0" * 64}"\n' for part in ("model", "lexicon", "tokens")
    )
    head = 'name = "baker"\ntitle = "标贝"\nlicence = "data for non-commercial use only"\nkind = "vits"\n'
    (folder / "voice.toml").write_text(head + files, encoding="utf-8")
    phone = house.logged_in()
    page = phone.get("/settings/about").text
    assert "data for non-commercial use only" in page
    assert "微软的在线服务" in page
    assert "标贝" in phone.get("/settings/voice/").text


def test_a_voice_that_is_in_no_list_is_still_shown_as_the_one_in_use(house: House) -> None:
    """The network has voices that this version does not know."""
    text = house.file.read_text(encoding="utf-8").replace("zh-CN-XiaoxiaoNeural", "zh-CN-XiaomoNeural")
    house.file.write_text(text, encoding="utf-8")
    house.desk.look()
    phone = house.logged_in()
    assert "zh-CN-XiaomoNeural" in phone.get("/settings/").text
    assert 'value="zh-CN-XiaomoNeural" checked' in phone.get("/settings/voice/").text
