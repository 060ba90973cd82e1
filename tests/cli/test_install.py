"""Installing and removing, on a machine that only records what is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from box.folders import share
from box.settings import Settings, read_settings
from cli.install import install, make_users
from cli.installation import InstallFailed, Places
from cli.uninstall import uninstall


class FakeMachine:
    """Records programs and owners; a program that makes an environment makes its folder."""

    def __init__(self, *, root: bool = True, systemd: bool = False, groups: Sequence[str] = ()) -> None:
        self.root = root
        self.systemd = systemd
        self.groups = set(groups)
        self.users: set[str] = set()
        self.ran: list[tuple[str, ...]] = []
        self.owners: dict[Path, tuple[str, str, int]] = {}
        self.fails_at: str | None = None

    def is_root(self) -> bool:
        """Answer as it was made."""
        return self.root

    def systemd_runs(self) -> bool:
        """Answer as it was made."""
        return self.systemd

    def has_group(self, name: str) -> bool:
        """Tell of those there from the start or made since."""
        return name in self.groups

    def has_user(self, name: str) -> bool:
        """Tell of those made."""
        return name in self.users

    def run(self, words: Sequence[str]) -> None:
        """Record it, and do what shows."""
        self.ran.append(tuple(words))
        if self.fails_at and self.fails_at in words:
            raise InstallFailed("没有成功", "failed")
        if words[0] == "groupadd":
            self.groups.add(words[-1])
        if words[0] == "useradd":
            self.users.add(words[-1])
        if "venv" in words:
            (Path(words[-1]) / "bin").mkdir(parents=True, exist_ok=True)

    def own(self, path: Path, user: str, group: str, mode: int) -> None:
        """Record it; the path must be there."""
        assert path.exists()
        self.owners[path] = (user, group, mode)

    def words(self, program: str) -> list[tuple[str, ...]]:
        """Return what was run of that program."""
        return [words for words in self.ran if words[0].endswith(program)]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a checkout with a programme of its own and the real units."""
    folder = tmp_path / "source"
    (folder / "requirements").mkdir(parents=True)
    (folder / "schedule.yaml").write_text("version: 1\n", encoding="utf-8")
    (folder / "systemd").symlink_to(share() / "systemd")
    return folder


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return an installation below an empty root."""
    return Places(tmp_path / "root")


def test_everything_is_put_in_place_where_no_systemd_runs(source: Path, places: Places) -> None:
    """An image being built has the units enabled by links, settings of root's, and nothing is started."""
    machine = FakeMachine(groups=["audio"])
    install(source, places, machine)
    for link in places.enabling_links():
        assert link.resolve().is_file()
    assert machine.words("systemctl") == []
    assert machine.owners[places.settings] == ("root", "root", 0o644)
    assert machine.owners[places.data / "speaker"] == ("xiaolaba-speaker", "xiaolaba", 0o2750)
    assert machine.owners[places.data / "panel"] == ("xiaolaba-panel", "xiaolaba", 0o2750)
    assert str(places.command.readlink()) == "/opt/xiaolaba/venv/bin/xiaolaba"


def test_the_starter_programme_is_a_draft(source: Path, places: Places) -> None:
    """It is the panel's to edit; nothing is published."""
    machine = FakeMachine()
    install(source, places, machine)
    programme = places.data / "panel/schedule.yaml"
    assert machine.owners[programme] == ("xiaolaba-panel", "xiaolaba", 0o640)
    assert sorted(path.name for path in (places.data / "panel").iterdir()) == ["schedule.yaml"]


def test_where_systemd_runs_the_services_are_started(source: Path, places: Places) -> None:
    """Units are read anew, then the target is restarted: an upgrade takes effect."""
    machine = FakeMachine(systemd=True)
    install(source, places, machine)
    assert [words[1:] for words in machine.words("systemctl")] == [("daemon-reload",), ("restart", "xiaolaba.target")]


def test_installing_again_keeps_what_people_wrote(source: Path, places: Places) -> None:
    """Settings and programme stay; the code is made beside the one that runs, and takes its place."""
    machine = FakeMachine()
    install(source, places, machine)
    first = places.venv.resolve()
    places.settings.write_text("[limits]\nloudest_percent = 50\n", encoding="utf-8")
    (places.data / "panel/schedule.yaml").write_text("hers", encoding="utf-8")
    install(source, places, machine)
    assert "50" in places.settings.read_text(encoding="utf-8")
    assert (places.data / "panel/schedule.yaml").read_text(encoding="utf-8") == "hers"
    assert places.venv.resolve() != first
    assert not first.exists()


@pytest.mark.parametrize(("engine", "lock"), [(True, "neural.txt"), (False, "run.txt")])
def test_an_upgrade_keeps_the_optional_engine(source: Path, places: Places, *, engine: bool, lock: str) -> None:
    """Where the neural engine was installed the fresh environment has it too."""
    machine = FakeMachine()
    install(source, places, machine)
    if engine:
        (places.venv.resolve() / "lib/python3.11/site-packages/sherpa_onnx").mkdir(parents=True)
    machine.ran.clear()
    install(source, places, machine)
    assert [words[-1] for words in machine.ran if "--require-hashes" in words] == [str(source / "requirements" / lock)]


def test_an_upgrade_that_fails_leaves_the_code_that_runs(source: Path, places: Places) -> None:
    """No network in the middle of it: the old environment still counts, and is whole."""
    machine = FakeMachine()
    install(source, places, machine)
    first = places.venv.resolve()
    machine.fails_at = "--require-hashes"
    with pytest.raises(InstallFailed):
        install(source, places, machine)
    assert places.venv.resolve() == first
    assert first.is_dir()


def test_the_locked_packages_come_with_hashes_and_the_project_with_nothing(source: Path, places: Places) -> None:
    """The project itself is built from the checkout, with no index and no package beside the lock's."""
    machine = FakeMachine()
    install(source, places, machine)
    locked, project = [words for words in machine.ran if "pip" in words]
    assert {"--require-hashes", "--no-deps", "-r"} <= set(locked)
    assert {"--no-index", "--no-build-isolation", "--no-deps"} <= set(project)


def test_users_are_made_once_in_the_groups_that_are_there() -> None:
    """The speaker is in audio, and in gpio where the machine has that group; the panel in neither."""
    machine = FakeMachine(groups=["audio"])
    make_users(machine)
    make_users(machine)
    assert [words[-1] for words in machine.words("useradd")] == ["xiaolaba-speaker", "xiaolaba-panel"]
    assert {words[-2:] for words in machine.words("usermod")} == {("audio", "xiaolaba-speaker")}


def test_who_is_not_root_is_told_before_anything_is_done(source: Path, places: Places) -> None:
    """Nothing is written, neither by installing nor by removing."""
    machine = FakeMachine(root=False)
    with pytest.raises(InstallFailed, match="sudo"):
        install(source, places, machine)
    with pytest.raises(InstallFailed, match="sudo"):
        uninstall(places, machine)
    assert not places.root.exists()


@pytest.mark.parametrize("systemd", [True, False])
def test_removing_leaves_data_and_settings(source: Path, places: Places, systemd: bool) -> None:
    """Code, command, units and their links go; what people made stays. Removing twice is no error."""
    machine = FakeMachine(systemd=systemd)
    install(source, places, machine)
    uninstall(places, machine)
    left = sorted(str(path.relative_to(places.root)) for path in places.root.rglob("*") if not path.is_dir())
    assert left == ["etc/xiaolaba/settings.toml", "var/lib/xiaolaba/panel/schedule.yaml"]
    uninstall(places, machine)


def test_the_starter_settings_are_valid_and_change_nothing(source: Path, places: Places) -> None:
    """Every line is a comment or an empty table: the defaults hold."""
    install(source, places, FakeMachine())
    assert read_settings(places.settings) == Settings()
