"""The memory of the clock on the storage."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from speaker.trust.memory import Memory, MemoryFile
from speaker.trust.states import Proof
from tests.fakes import SetClock

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def test_what_was_written_is_read(tmp_path):
    """Whole; and nothing where nothing was written."""
    file = MemoryFile(tmp_path / "clock.json", SetClock(NOON))
    assert file.read() == Memory()
    memory = Memory(seen=NOON, boot="a", proof=Proof.CHIP, offset_seconds=1.5, chips={"rtc0": True}, marker=NOON)
    file.write(memory)
    assert file.read() == memory


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 200,
        b'{"seen": "yesterday"}',
        b"[]",
        b'{"proof": "hearsay"}',
        b'{"seen": "6026-03-02T04:00:00Z"}',
        b'{"seen": "9999-12-31T23:59:59Z"}',
        b'{"checked": "2026-03-02T04:00:00"}',
        b'{"slack_seconds": 1205123456789}',
        b'{"slack_seconds": -1.5}',
    ],
)
def test_a_damaged_memory_is_put_aside(tmp_path, content):
    """With its time, as it was; nothing is known then, so the clock needs a new proof."""
    path = tmp_path / "clock.json"
    path.write_bytes(content)
    assert MemoryFile(path, SetClock(NOON)).read() == Memory()
    assert (tmp_path / "clock.json.damaged-20260302T040000Z").read_bytes() == content
    assert not path.exists()
