"""Preparing a machine that only records what is asked of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from box.folders import share
from box.settings import Settings, read_settings
from cli.installation import InstallFailed, Places
from cli.prepare import make_users, prepare
from tests.cli.a_machine import FakeMachine


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return an installation below an empty root."""
    return Places(tmp_path / "root")


def test_everything_is_put_in_place(places: Places) -> None:
    """Settings of root's, a room for each user, and the target switched on by a link: no systemd need run."""
    machine = FakeMachine(groups=["audio"])
    prepare(share(), places, machine, again=False)
    assert machine.owners[places.settings] == ("root", "root", 0o644)
    assert machine.owners[places.data / "speaker"] == ("xiaolaba-speaker", "xiaolaba", 0o2750)
    assert machine.owners[places.data / "panel"] == ("xiaolaba-panel", "xiaolaba", 0o2750)
    assert machine.owners[places.data / "fleet"] == ("xiaolaba-fleet", "xiaolaba", 0o2750)
    [link] = places.root.glob("etc/systemd/system/*/*")
    assert str(link.readlink()) == "/usr/lib/systemd/system/xiaolaba.target"
    assert machine.words("systemctl") == []


def test_the_starter_programme_is_a_draft(places: Places) -> None:
    """It is the panel's to edit; nothing is published."""
    machine = FakeMachine()
    prepare(share(), places, machine, again=False)
    programme = places.data / "panel/schedule.yaml"
    assert machine.owners[programme] == ("xiaolaba-panel", "xiaolaba", 0o640)
    assert sorted(path.name for path in (places.data / "panel").iterdir()) == ["schedule.yaml"]


def test_an_upgrade_keeps_what_people_wrote_and_switched(places: Places) -> None:
    """Settings and programme stay, and a service that was switched off is not switched on."""
    machine = FakeMachine()
    prepare(share(), places, machine, again=False)
    places.settings.write_text("[limits]\nloudest_percent = 50\n", encoding="utf-8")
    (places.data / "panel/schedule.yaml").write_text("hers", encoding="utf-8")
    for link in places.enabling_links():
        link.unlink()
    prepare(share(), places, machine, again=True)
    assert "50" in places.settings.read_text(encoding="utf-8")
    assert (places.data / "panel/schedule.yaml").read_text(encoding="utf-8") == "hers"
    assert not any(link.is_symlink() for link in places.enabling_links())


def test_users_are_made_once_in_the_groups_that_are_there() -> None:
    """The speaker is in audio, and in gpio where the machine has that group; the panel in neither."""
    machine = FakeMachine(groups=["audio"])
    make_users(machine)
    make_users(machine)
    made = ["xiaolaba-speaker", "xiaolaba-panel", "xiaolaba-fleet", "xiaolaba-hub"]
    assert [words[-1] for words in machine.words("useradd")] == made
    assert {words[-2:] for words in machine.words("usermod")} == {("audio", "xiaolaba-speaker")}


def test_who_is_not_root_is_told_before_anything_is_done(places: Places) -> None:
    """Nothing is written."""
    with pytest.raises(InstallFailed, match="sudo"):
        prepare(share(), places, FakeMachine(root=False), again=False)
    assert not places.root.exists()


def test_the_starter_settings_are_valid_and_change_nothing(places: Places) -> None:
    """Every line is a comment or an empty table: the defaults hold."""
    prepare(share(), places, FakeMachine(), again=False)
    assert read_settings(places.settings) == Settings()
