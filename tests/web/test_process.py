"""The panel as a process: it comes up, says when it can't, and ends at once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.running import free_port
from tests.web.house import SCHEDULE

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_ends_at_once_when_it_is_told_to(tmp_path: Path, ending: signal.Signals) -> None:
    """The health check is answered by the process itself; a signal ends it with 0, in seconds."""
    port = free_port()
    with _panel(tmp_path, "--port", str(port)) as panel:
        assert panel.stderr is not None
        assert f"port {port}" in panel.stderr.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            assert answer.read() == b"ok\n"
        panel.send_signal(ending)
        assert panel.wait(60) == 0
    assert (tmp_path / "panel" / "secret").stat().st_mode & 0o777 == 0o600


def test_a_port_in_use_is_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    """No traceback: what is wrong and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _panel(tmp_path, "--port", str(port)) as panel:
            _, said = panel.communicate(timeout=60)
    assert panel.returncode == 1
    assert len(said.splitlines()) == 1
    assert f"{port} 端口" in said
    assert "--port" in said


def test_broken_settings_are_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    """The installer's file is named."""
    (tmp_path / "settings.toml").write_text("[panel]\nport = 'eighty'\n")
    with _panel(tmp_path) as panel:
        _, said = panel.communicate(timeout=60)
    assert panel.returncode == 1
    assert len(said.splitlines()) == 1
    assert "settings.toml" in said


def test_three_hundred_that_never_finish_keep_nobody_out(tmp_path: Path) -> None:
    """Half a request each, held open: the next visitor is answered (bare waitress was dead after 150)."""
    port = free_port()
    with _panel(tmp_path, "--port", str(port)) as panel, ExitStack() as slow:
        assert panel.stderr is not None
        assert f"port {port}" in panel.stderr.readline()
        for number in range(300):
            knocking = slow.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            body = b"Content-Length: 60000\r\n\r\nname=" if number % 2 else b""
            knocking.sendall(b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n" + body)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=60) as answer:
            assert answer.status == 200


@contextmanager
def _panel(data: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    (data / "panel").mkdir()
    (data / "panel" / "schedule.yaml").write_text(SCHEDULE, encoding="utf-8")
    command = [sys.executable, "-m", "web", "--data", str(data), "--runtime", str(data), "--host", "127.0.0.1"]
    panel = subprocess.Popen(
        [*command, "--settings", str(data / "settings.toml"), *more],
        cwd=CHECKOUT,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield panel
    finally:
        panel.kill()
        panel.communicate()
