"""The folders import one another only as the architecture has it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Folder → ours that it may import. A module of ``speaker`` named in full is that module alone.
MAY_IMPORT = {
    "box": set[str](),
    "programme": {"box"},
    "tts": {"programme", "box"},
    "speaker": {"programme", "box"},
    "keeping": {"box"},
    "web": {
        "programme",
        "tts",
        "box",
        "keeping",
        "speaker.client",
        "speaker.condition",
        "speaker.protocol",
        "speaker.record",
        "speaker.airing",
        "speaker.forecast",
        "speaker.heard",
        "speaker.trust.states",
        "speaker.words",
        "fleet.hub.client",
        "fleet.hub.protocol",
        "fleet.hub.urgent_protocol",
        "fleet.hub.devices",
        "fleet.hub.inbox",
        "fleet.wire.accounts",
        "fleet.wire.documents",
        "fleet.wire.names",
        "fleet.wire.topics",
        "fleet.agent.standing",
        "fleet.agent.states",
    },
    "fleet": {
        "box",
        "programme",
        "tts.ffmpeg",
        "tts.wave_file",
        "speaker.client",
        "speaker.condition",
        "speaker.protocol",
        "speaker.record",
        "speaker.airing",
        "speaker.trust.states",
        "speaker.socket.door",
        "speaker.socket.peers",
        "speaker.words",
    },
    "cli": {"box", "programme", "tts", "speaker", "web", "keeping", "fleet"},
}
OURS = set(MAY_IMPORT)

# The speaker must stay small, and have nothing of what an attacker meets: no YAML, no web, no voice, no decoder.
SPEAKER_NEVER = {
    "ruamel", "flask", "waitress", "werkzeug", "jinja2", "edge_tts", "aiohttp", "pydub", "pypinyin", "segno", "argon2",
    "http", "urllib", "ssl", "numpy", "yaml", "pydantic", "requests",
}  # fmt: skip
CLOCK = "box/clock.py"


def files_of(folder: str) -> list[Path]:
    """Return the modules of a folder."""
    return sorted((ROOT / folder).rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    """Yield the full name of every module that a file imports, at its top or later."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_allowed(name: str, allowed: set[str]) -> bool:
    """Tell whether ``name`` is one of the modules allowed, or inside one."""
    return any(name == one or name.startswith(f"{one}.") for one in allowed)


@pytest.mark.parametrize("folder", sorted(OURS))
def test_a_folder_imports_only_those_it_may(folder: str) -> None:
    """No folder imports one beside it other than as the table says."""
    allowed = MAY_IMPORT[folder] | {folder}
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files_of(folder)
        for name in imports_of(path)
        if name.split(".")[0] in OURS and not is_allowed(name, allowed)
    ]
    assert wrong == []


def test_the_speaker_reaches_no_yaml_no_network_and_no_voice() -> None:
    """Whatever the speaker imports, directly or through our own modules, is none of what it must not have."""
    seen, todo, wrong = set[Path](), files_of("speaker"), list[str]()
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        for name in imports_of(path):
            if name.split(".")[0] in SPEAKER_NEVER:
                wrong.append(f"{path.relative_to(ROOT)}: {name}")
            for module in (name, name.rpartition(".")[0]):
                file = ROOT / (module.replace(".", "/") + ".py")
                if module.split(".")[0] in OURS and file.is_file():
                    todo.append(file)
    assert wrong == []


def test_only_the_fleet_speaks_mqtt_and_signs() -> None:
    """A box that joins nothing loads neither library: what is imported as it runs reaches them through no module."""
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for folder in OURS - {"fleet"}
        for path in files_of(folder)
        for name in imports_of(path)
        if name.split(".")[0] in {"paho", "cryptography"}
    ]
    assert wrong == []


def test_only_the_clock_asks_the_time() -> None:
    """Nothing but ``box/clock.py`` calls the machine's wall clock: the clock is handed in."""
    asked = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in OURS
        for path in files_of(folder)
        if path != ROOT / CLOCK
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in asked
    ]
    assert wrong == []


def test_every_pin_of_the_run_lock_is_in_the_test_lock() -> None:
    """The launcher takes an environment made for the tests as one for running: it holds the same versions."""

    def pins(name: str) -> set[str]:
        lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
        return {line.rstrip(" \\") for line in lines if "==" in line and not line.startswith(" ")}

    assert pins("run.txt") <= pins("test.txt")


@pytest.mark.parametrize("name", ["run.txt", "neural.txt", "test.txt"])
def test_a_lock_has_hashes_and_no_addresses(name: str) -> None:
    """What is installed is what was locked, from whichever registry the machine uses."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert text.count("==") <= text.count("--hash=sha256:")
