"""``docs/fleet.md`` says what another client needs: its vector is what this code makes, and no name is missing."""

from __future__ import annotations

import re
from pathlib import Path

from fleet.wire.accounts import DeviceState, Proposal, Report, What
from fleet.wire.documents import Announcement, Say, SharedProgramme
from fleet.wire.envelope import HEAD_BYTES, seal
from fleet.wire.keys import SigningKey
from fleet.wire.orders import read_order
from fleet.wire.rows import Rows
from fleet.wire.topics import PREFIX, Inward, Outward
from tests.fleet.wire.orders import NOW, TRUSTED

PAGE = (Path(__file__).resolve().parents[3] / "docs/fleet.md").read_text(encoding="utf-8")


def test_the_vector_is_what_is_made_and_taken() -> None:
    """Byte by byte."""
    said = dict(re.findall(r"^(public key|body|key id|signature) +(.+)$", PAGE, re.MULTILINE))
    key = SigningKey(bytes([2]) * 32)
    payload = seal(said["body"].encode(), key)
    assert key.public.raw.hex() == said["public key"]
    assert payload[:8].hex() == said["key id"]
    assert payload[8:HEAD_BYTES].hex() == said["signature"]
    taken = read_order(payload, Inward.URGENT, me="yard-3", trusted=TRUSTED, highest=lambda *_: 0, now=NOW)
    assert taken.order.counter == 1795593600000


def test_every_topic_and_field_is_told() -> None:
    """Whoever adds one writes it there."""
    for channel in Inward:
        assert f"`in/{channel}`" in PAGE
    for channel in Outward:
        assert f"`out/{channel}`" in PAGE
    assert f"`{PREFIX}/NAME/`" in PAGE
    for kind in (SharedProgramme, Announcement, Say, DeviceState, Report, Rows, Proposal):
        for name in kind.__struct_fields__:
            assert f"`{name}`" in PAGE, f"{kind.__name__}.{name}"
    for what in What:
        assert f"`{what}`" in PAGE
