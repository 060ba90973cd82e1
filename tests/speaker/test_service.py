"""The speaker's process: starts, serves, and ends in an orderly way."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from box.clock import SystemClock
from box.folders import Folders
from programme.publication import encode_publication
from speaker.airing import Outcome, Reason
from speaker.protocol import Done
from tests.patient import PatientClient
from tests.speaker.fakes import a_message, a_publication
from tests.speaker.intake.test_publications import wav

ROOT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60


class Installation:
    """A data folder with a publication, and settings without a card."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clock = ["--assume-clock"]
        self.folders = Folders(root / "data", root / "run")
        self.settings = root / "settings.toml"
        self.settings.write_text('[limits]\nquiet_hours = ""\n', encoding="utf-8")
        (root / "asound.conf").write_text("", encoding="utf-8")
        self.folders.clips.mkdir(parents=True)
        clip = wav(48_000 * 60)
        name = hashlib.sha256(clip).hexdigest()
        (self.folders.clips / f"{name}.wav").write_bytes(clip)
        message = msgspec.structs.replace(a_message("home", seconds=60), clip=name)
        self.folders.publication.write_bytes(encode_publication(a_publication(messages=(message,))))

    def command(self) -> list[str]:
        """Return the process's command line."""
        folders = self.folders
        where = ["--data", str(folders.data), "--runtime", str(folders.runtime), "--settings", str(self.settings)]
        return [sys.executable, "-m", "speaker", *where, "--record-without-card", *self.clock]

    def environment(self, notify: Path) -> dict[str, str]:
        """Return its environment: no sound card, and somebody to notify."""
        return {**os.environ, "ALSA_CONFIG_PATH": str(self.root / "asound.conf"), "NOTIFY_SOCKET": str(notify)}

    @contextmanager
    def running(self):
        """Run it; it is ready when the block begins."""
        path = self.root / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
            notices.bind(str(path))
            notices.settimeout(PATIENCE_SECONDS)
            with subprocess.Popen(
                self.command(), cwd=ROOT, env=self.environment(path), stderr=subprocess.PIPE, text=True
            ) as process:
                try:
                    while b"READY=1" not in notices.recv(1024):
                        pass
                    yield process
                finally:
                    process.kill()
                    process.communicate()

    def refusal(self) -> str:
        """Run it where it can't start; return what it says."""
        done = subprocess.run(
            self.command(),
            cwd=ROOT,
            env=self.environment(self.root / "nobody"),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture
def installation(tmp_path):
    """Give an installation that does not run."""
    return Installation(tmp_path)


def test_it_serves_and_ends_at_a_signal(installation):
    """What sounds is recorded as shut down; a kept publication is on air at once after the next start."""
    client = PatientClient(installation.folders.socket)
    with installation.running() as process:
        patient_until = SystemClock().monotonic() + PATIENCE_SECONDS
        while not client.status().revision and SystemClock().monotonic() < patient_until:
            pass
        assert client.status().card == "recorder"
        assert isinstance(client.play(broadcast="morning"), Done)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0
        assert not installation.folders.socket.exists()
    installation.folders.publication.unlink()
    (installation.root / "notify").unlink()
    with installation.running() as process:
        status = client.status()
        assert status.revision == "r1"
        (row,) = client.records().airings
        assert (row.outcome, row.reason) == (Outcome.CUT, Reason.SHUT_DOWN)
        assert "另一个播音程序" in installation.refusal()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0


def test_it_does_not_start_with_settings_that_are_broken(installation):
    """The limits are in them: nothing sounds, and one sentence says what to mend."""
    installation.settings.write_text("[limits]\nloudest_percent = 500\n", encoding="utf-8")
    assert "settings.toml" in installation.refusal()


def test_it_says_so_where_the_storage_refuses(installation):
    """In both languages, with what the system says: a file where its room should be stands for a storage that fails."""
    installation.folders.speaker.write_bytes(b"")
    said = installation.refusal()
    assert "存储卡" in said
    assert "check whether it is full or failing" in said


def test_a_kill_in_the_middle_is_on_record(installation):
    """The next life closes the row as interrupted."""
    client = PatientClient(installation.folders.socket)
    with installation.running() as process:
        patient_until = SystemClock().monotonic() + PATIENCE_SECONDS
        while not isinstance(client.play(broadcast="morning"), Done):
            assert SystemClock().monotonic() < patient_until
        process.kill()
        process.wait()
    (installation.root / "notify").unlink()
    with installation.running():
        (row,) = client.records().airings
        assert (row.outcome, row.reason) == (Outcome.CUT, Reason.INTERRUPTED)
