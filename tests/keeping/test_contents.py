"""Everything that the panel keeps is in a backup, or was left out on purpose."""

from __future__ import annotations

import re
from pathlib import Path

from keeping.contents import LEFT_OUT, PARTS, part_of

ROOT = Path(__file__).resolve().parent.parent.parent
_ROOM = r"panel_folder|folders\.panel|self\.panel"
_NAMED = re.compile(rf"(?:{_ROOM}) / \"([^\"]+)\"")
_NAMED_IN_WEB = re.compile(rf"(?:{_ROOM}|\bfolder) / \"([^\"]+)\"")  # pages have it as their house's folder


def test_every_file_of_the_room_was_decided_on() -> None:
    """Who gives the panel another file says here whether a backup has it."""
    named = {
        name
        for folder in ("box", "web", "cli", "tts")
        for path in (ROOT / folder).rglob("*.py")
        for name in (_NAMED_IN_WEB if folder == "web" else _NAMED).findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 10
    assert named - {".restore-ready"} <= {part.name for part in PARTS} | set(LEFT_OUT)


def test_no_name_is_a_way_out() -> None:
    """Whatever a member is called, it is in the room, visible, and no more than two folders deep."""
    for member in ("../schedule.yaml", "/schedule.yaml", "schedule.yaml/", "history//a.yaml", "history/.. /a.yaml", ""):
        assert part_of(member) is None
    assert part_of("history/...yaml") is None or not {"..", "."} & set(Path("history/...yaml").parts)
