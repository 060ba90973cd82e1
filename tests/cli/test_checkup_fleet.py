"""What doctor says of the hub."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from box.folders import Folders
from box.sentences import Sentence
from cli.checkup_fleet import check_up_fitting, check_up_fleet
from fleet.agent.standing import Standing, write_standing
from fleet.agent.states import State
from tests.fakes import SetClock
from tts.unfitted import UNFITTED, UnfittedFile

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
STANDING = Standing(
    state=State.JOINED,
    name="panlong-4",
    zone="盘龙苑",
    hub="192.168.1.9",
    joined=NOW - timedelta(days=9),
    since=NOW - timedelta(days=2),
)


def found(tmp_path: Path, **changes: object) -> list[tuple[str, str]]:
    """Return state and English of what is found for such a standing."""
    folders = Folders(tmp_path, tmp_path / "run")
    folders.fleet.mkdir(exist_ok=True)
    write_standing(folders.fleet, replace(STANDING, **changes))
    return [(finding.state, finding.what.en) for finding in check_up_fleet(folders, NOW)]


def test_a_box_that_joined_nothing_is_told_nothing(tmp_path: Path) -> None:
    """It works as it always did."""
    assert check_up_fleet(Folders(tmp_path, tmp_path / "run"), NOW) == []


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({}, "good", "online since"),
        ({"missing": 3}, "good", "3 clips still to come"),
        ({"state": State.OFFLINE, "since": NOW - timedelta(minutes=5)}, "note", "not reached since"),
        ({"state": State.OFFLINE}, "wrong", "not reached since"),
        ({"state": State.DAMAGED, "trouble": Sentence("坏了", "add it once more")}, "wrong", "add it once more"),
        ({"trouble": Sentence("满了", "the storage is full")}, "wrong", "the storage is full"),
    ],
)
def test_the_standing_is_told(tmp_path: Path, changes: dict[str, object], state: str, words: str) -> None:
    """A router that is restarted alarms nobody; two days without the hub do."""
    [(found_state, en)] = found(tmp_path, **changes)
    assert found_state == state
    assert words in en


def test_what_storage_has_damaged_is_told_for_a_week(tmp_path: Path) -> None:
    """The last good copy counts, and the card is failing."""
    room = tmp_path / "fleet"
    room.mkdir()
    (room / "key.pem.damaged-20260301T040000Z").write_bytes(b"?")
    (room / "records.json.damaged-20260201T040000Z").write_bytes(b"?")
    told = [en for state, en in found(tmp_path) if state == "wrong"]
    assert told == ["files of the fleet were damaged on the storage and put aside: key.pem"]


def test_what_could_not_be_fitted_to_the_loudspeaker_is_told(tmp_path: Path) -> None:
    """Once for all of it, with the first titles and why; nothing where all could be."""
    folders = Folders(tmp_path, tmp_path / "run")
    folders.panel.mkdir()
    assert check_up_fitting(folders) == []
    unfitted = UnfittedFile(folders.panel / UNFITTED, SetClock(NOW))
    for number in range(5):
        unfitted.failed(f"k{number}", f"c{number}", f"通知{number}", Sentence("超时", "it took too long"))
    (finding,) = check_up_fitting(folders)
    assert finding.state == "note"
    assert "有 5 篇" in finding.what.zh
    assert "“通知0”、“通知1”、“通知2”等（超时）" in finding.what.zh
