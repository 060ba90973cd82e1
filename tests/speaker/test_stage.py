"""The stage: a script's clips, opened by the chime it names, and an emergency by what nothing else may use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from box.folders import Folders
from box.settings import Limits
from programme.chimes import Chime
from programme.model import Broadcast
from programme.timetable import cues_on
from speaker.airing import Priority, Silence, Sound
from speaker.limits import HardLimits
from speaker.script import Script, script_of_broadcast, script_of_cue, script_of_message
from speaker.stage import Stage
from tests.speaker.fakes import a_broadcast, a_message, a_publication

DAY = date(2026, 3, 2)


def with_chime(name: str, at: str, chime: bool | Chime) -> Broadcast:
    """Return a broadcast of two messages that opens with ``chime``."""
    return msgspec.structs.replace(a_broadcast(name, at, messages=("home", "more")), chime=chime)


PUBLICATION = a_publication(
    with_chime("usual", "07:30", True),
    with_chime("door", "08:30", Chime.DING_DONG),
    with_chime("harp", "09:30", Chime.HARP),
    with_chime("silent", "10:30", False),
    messages=(a_message("home"), a_message("more")),
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return the stage of a speaker that has just been installed."""
    folder = tmp_path_factory.mktemp("stage")
    return Stage(Folders(folder, folder / "run"), HardLimits(Limits()))


def opening(stage: Stage, script: Script | None) -> str:
    """Return the file that sounds first."""
    assert script is not None
    first = stage.rundown(script).items[0]
    assert isinstance(first, Sound)
    return first.path.stem


def test_each_cue_opens_with_the_chime_its_broadcast_names(stage: Stage) -> None:
    """One of three, or the first message at once."""
    openings = [opening(stage, script_of_cue(PUBLICATION, cue)) for cue in cues_on(PUBLICATION, DAY)]
    assert [name.rsplit("-", 1)[0] for name in openings[:3]] == ["chime-bells", "chime-ding-dong", "chime-harp"]
    assert openings[3] == PUBLICATION.messages[0].clip


@pytest.mark.parametrize("name", ["usual", "door", "harp", "silent"])
def test_only_an_emergency_has_the_signal_and_it_has_no_chime(stage: Stage, name: str) -> None:
    """Whatever the broadcast opens with by itself; as a page it opens with a chime in any case."""
    emergency = script_of_broadcast(PUBLICATION, name, DAY, Priority.EMERGENCY)
    assert opening(stage, emergency).startswith("emergency-")
    page = script_of_broadcast(PUBLICATION, name, DAY, Priority.PAGE)
    assert opening(stage, page).startswith("chime-")


def test_a_message_alone_opens_with_the_usual_chime(stage: Stage) -> None:
    """And with the signal where it is an emergency."""
    assert opening(stage, script_of_message(PUBLICATION, "home", DAY, Priority.PAGE)).startswith("chime-bells-")
    emergency = script_of_message(PUBLICATION, "home", DAY, Priority.EMERGENCY)
    assert opening(stage, emergency).startswith("emergency-")


@pytest.mark.parametrize("pause_seconds", [0, 1, 7])
def test_the_programmes_pause_lies_between_two_messages(stage: Stage, pause_seconds: int) -> None:
    """In a cue and in a page alike; none where it is 0."""
    publication = msgspec.structs.replace(PUBLICATION, pause_seconds=pause_seconds)
    (*_, cue) = cues_on(publication, DAY)
    for script in (script_of_cue(publication, cue), script_of_broadcast(publication, "silent", DAY, Priority.PAGE)):
        assert script is not None
        silences = [item for item in stage.rundown(script).items if isinstance(item, Silence)]
        assert silences == ([Silence(pause_seconds * 48_000)] if pause_seconds else [])


def test_every_signal_is_in_the_speakers_own_folder(stage: Stage, tmp_path: Path) -> None:
    """Nothing that the panel can write is needed for one to sound."""
    Stage(Folders(tmp_path, tmp_path / "run"), HardLimits(Limits()))
    assert len(list((tmp_path / "speaker").glob("chime-*.wav"))) == 3
    assert len(list((tmp_path / "speaker").glob("emergency-*.wav"))) == 1
