"""What anybody has typed anywhere is shown as text, on every page that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.wire.accounts import DeviceState
from speaker.condition import Alarm
from tests.web.fakes import airing
from tests.web.house import NOON, House, new_house
from tests.web.voice.test_recordings import kept
from tests.web.zones.fake_hub import zone

EVIL = '"><script>alert(1)</script>'
NAME = EVIL[:20]  # a user's name has no more
SCHEDULE = f"""\
version: 1
zone: '{EVIL}'
timezone: Asia/Shanghai
voice: zh-CN-XiaoxiaoNeural
volume: 80
messages:
  stay:
    title: '{EVIL}'
    text: '{EVIL}你好'
    source: '{EVIL}'
    author: '{EVIL}'
  other:
    title: 别的
    text: 你好
broadcasts:
  morning:
    at: "07:30"
    messages: [stay, other]
exceptions:
  - {{from: 2026-06-07, to: 2026-06-09, reason: '{EVIL}', air: none}}
"""
# What an address is filled in with; a page whose address needs more is reached by no link here.
FILLED = {
    "message_id": "stay",
    "broadcast_id": "morning",
    "day": "2026-06-08",
    "device": "yard-3",
    "kind": "message",
    "entry": "stay",
}


@pytest.fixture
def evil_house(tmp_path: Path) -> House:
    """Give a house in which every name, text, title, reason and file is hostile."""
    house = new_house(tmp_path, SCHEDULE)
    house.users.set_password(NAME, "longhai-2020")
    house.publish()
    said = airing(1, NOON, title=EVIL, text=EVIL, who=EVIL, occasion=EVIL)
    state = DeviceState(online=True, sounding=EVIL, version=EVIL, alarms=(Alarm(code="x", zh=EVIL, en=EVIL),))
    house.make_hub().add(zone("yard-3", EVIL, NOON, state=state, waiting=(EVIL,)))
    house.speaker.airings = (said, airing(2, NOON, title=EVIL, text=EVIL, who=EVIL, outcome="missed", reason="card"))
    return house


def test_markup_in_any_field_is_text_on_every_page(evil_house: House) -> None:
    """Zone, title, text, source, writer, user, file name, token, reason, occasion: nowhere is it markup."""
    phone = evil_house.phone()
    phone.log_in(NAME, "longhai-2020")
    kept(evil_house, phone, name=EVIL.replace('"', "'") + ".m4a")
    phone.send("/tokens/", {"name": EVIL}, page="/tokens/")
    phone.send("/play", {"broadcast": EVIL}, page="/messages/stay")
    phone.change("other", title=EVIL, text=f"{EVIL}再见")
    evil_house.jobs.run_waiting()
    shown = 0
    for rule in evil_house.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not set(rule.arguments) <= set(FILLED) or rule.endpoint == "static":
            continue
        with evil_house.app.test_request_context():
            address = evil_house.app.url_for(rule.endpoint, **{name: FILLED[name] for name in rule.arguments})
        answer = phone.get(address)
        if answer.mimetype != "text/html":
            continue
        assert "<script>alert" not in answer.text, address
        shown += "&lt;script&gt;" in answer.text or "&#34;&gt;&lt;script" in answer.text
    assert shown >= 12, "the pages do show what was typed"
