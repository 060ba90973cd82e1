"""What is for other yards: rendered once, or once for each yard that is named, and handed over as a whole."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from programme.community import Yard, decode_community
from programme.model import Broadcast, DayException, Message, Programme
from tests.tts.test_publishing import AWAY, Press
from tts.community import CommunityFile, is_for_others
from tts.rendered import MessageNotRendered, Rendered
from tts.studio import ChildStudio
from tts.voices import EDGE, ESPEAK

DAY = date(2026, 6, 7)
YARDS = (Yard("yard-3", "三号院", ("east",)), Yard("yard-9", "九号院", ()))
PROGRAMME = Programme(
    zone="大石社区",
    messages=(
        Message(id="own", title="本院", text="本院的事。"),
        Message(id="water", title="停水", text="今天停水。", zones=("all",)),
        Message(id="name", title="{zone}停电", text="{zone}今天停电。", zones=("all",)),
        Message(id="east", title="东区", text="东区的事。", zones=("group:east",)),
        Message(id="far", title="远处", text="远处的事。", zones=("yard-77",)),
    ),
    broadcasts=(
        Broadcast(id="morning", at=time(7, 30), messages=("own", "water")),
        Broadcast(id="noon", at=time(12, 0), messages=("water", "name"), zones=("all",)),
    ),
)


def file_of(press: Press, folder: Path) -> CommunityFile:
    """Return the file, made by the press's studio and recordings."""
    studio = ChildStudio(library=press.library, renderer=press.renderer, clock=press.clock, chance=lambda: 0.5)
    return CommunityFile(folder / "community.json", Rendered(studio, press.takes, None), press.clock)


def test_each_yard_has_its_words_and_none_has_what_is_ours(tmp_path: Path) -> None:
    """What names the yard is rendered for each; what is for nobody there is not rendered at all."""
    press = Press(tmp_path)
    file = file_of(press, tmp_path)
    assert not file.exists()
    made = file.make(PROGRAMME, "r1", YARDS, press.told.append)
    assert made == decode_community((tmp_path / "community.json").read_bytes())
    assert (made.hub, made.revision) == ("大石社区", "r1")
    messages = {one.id: one for one in made.messages}
    assert list(messages) == ["water", "name", "east"]
    assert messages["water"].said is not None
    assert messages["water"].said.text == "今天停水。"
    assert {name: one.text for name, one in messages["name"].by_yard.items()} == {
        "yard-3": "三号院今天停电。",
        "yard-9": "九号院今天停电。",
    }
    assert messages["name"].by_yard["yard-3"].title == "三号院停电"
    assert [one.id for one in made.broadcasts] == ["noon"]
    assert (press.told[0].done, press.told[-1].total) == (0, 4)


def test_what_can_not_be_rendered_leaves_what_was_handed_over(tmp_path: Path) -> None:
    """And says which message it is."""
    press = Press(tmp_path)
    file = file_of(press, tmp_path)
    file.make(PROGRAMME, "r1", YARDS, press.told.append)
    before = (tmp_path / "community.json").read_bytes()
    press.renderer.failures = {EDGE: AWAY, ESPEAK: AWAY}
    other = Programme(zone="z", messages=(Message(id="new", title="新", text="新的话。", zones=("all",)),))
    with pytest.raises(MessageNotRendered, match="新"):
        file.make(other, "r2", YARDS, press.told.append)
    assert (tmp_path / "community.json").read_bytes() == before


@pytest.mark.parametrize(
    ("programme", "is_it"),
    [
        (Programme(zone="z", messages=PROGRAMME.messages[:1]), False),
        (Programme(zone="z", messages=(Message(id="a", title="a", text="a", zones=("here",)),)), False),
        (Programme(zone="z", messages=(Message(id="a", title="a", text="a", zones=("here", "yard-3")),)), True),
        (PROGRAMME, True),
        (Programme(zone="z", exceptions=(DayException(first=DAY, last=DAY, reason="高考", zones=("all",)),)), True),
    ],
)
def test_whether_anything_is_for_others(programme: Programme, is_it: bool) -> None:
    """A box that is no hub has nothing, and no file is ever made."""
    assert is_for_others(programme) == is_it
