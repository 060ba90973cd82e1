"""The whole thing, as a person starts it: real processes, no sound card, a programme of one word."""

from __future__ import annotations

import json
import signal
import socket
import wave
from pathlib import Path

import pytest

from tests.running import HALF_A_DAY_OFF, done, free_port, running, write
from tests.slowness import is_within

ONE_WORD = f"""\
version: 1
zone: 警苑小区
timezone: Asia/Shanghai
voice: cmn-latn-pinyin
messages:
  hello: {{title: 你好, text: 你好。}}
broadcasts:
  morning: {{at: "{HALF_A_DAY_OFF}", messages: [hello], chime: false}}
"""
BROKEN = ONE_WORD.replace("broadcasts:", "broadcast:")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with the programme of one word."""
    folder = tmp_path / "data"
    write(folder, ONE_WORD)
    return folder


def test_run_airs_the_first_broadcast_once_and_ends_in_time(data: Path) -> None:
    """Without a card it is recorded, at any hour; the set-up code is printed; SIGTERM ends all in under 2 s."""
    port = free_port()
    with running(data, port) as run:
        run.until("on duty")
        said = "".join(run.said)
        assert "no sound card" in said
        assert "no pins" in said
        assert "on trust" in said
        assert "airing the first broadcast" in said
        assert "aired" in run.until("first airing:")
        status = json.loads(done("--data", str(data), "status", "--json").stdout)
        assert status["card"] == "recorder"
        second = done("--data", str(data), "run", "--port", str(free_port()))
        assert second.returncode == 1
        assert second.stderr.count("\n") == 1
        rows = json.loads(done("--data", str(data), "log", "--json").stdout)
        assert [(row["origin"], row["outcome"]) for row in rows] == [("first-airing", "aired")]
        assert is_within(run.end(signal.SIGTERM), 2.0)
        assert run.process.returncode == 0
        assert run.process.stdout is not None
        out = run.process.stdout.read()
    assert f"http://127.0.0.1:{port}/" in out
    assert "set-up code" in out
    [recording] = (data / "air").rglob("*.wav")
    with wave.open(str(recording)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (48_000, 1, 2)
        assert sound.getnframes() >= rows[0]["frames_played"] > 0

    with running(data, free_port()) as run:
        run.until("on duty")
        assert "airing the first broadcast" not in "".join(run.said)
        assert "rendering" not in "".join(run.said)
        assert is_within(run.end(signal.SIGINT), 2.0)
        assert run.process.returncode == 0


def test_a_port_in_use_is_told_before_anything_starts(data: Path) -> None:
    """One sentence, exit code 1, and nothing rendered."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        refused = done("--data", str(data), "run", "--host", "127.0.0.1", "--port", str(other.getsockname()[1]))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "--port" in refused.stderr
    assert not (data / "panel/on-air.json").exists()


def test_a_broken_programme_with_nothing_before_it_is_wrong_input(data: Path) -> None:
    """Its faults are told with their lines; there is nothing to go on with."""
    write(data, BROKEN)
    refused = done("--data", str(data), "run", "--host", "127.0.0.1", "--port", str(free_port()))
    assert refused.returncode == 2
    assert "schedule.yaml:7:" in refused.stderr


def test_a_broken_programme_leaves_the_last_good_one_on_air(data: Path) -> None:
    """Its faults are told, and the box goes on with what was published."""
    assert done("--data", str(data), "publish").returncode == 0
    write(data, BROKEN)
    with running(data, free_port()) as run:
        run.until("on duty")
        assert "schedule.yaml:7:" in "".join(run.said)
        assert is_within(run.end(signal.SIGTERM), 2.0)


def test_an_interrupt_while_rendering_ends_it_at_once(data: Path) -> None:
    """Whoever changes their mind does not wait for the voice."""
    with running(data, free_port()) as run:
        run.until("rendering")
        assert is_within(run.end(signal.SIGINT), 2.0)
