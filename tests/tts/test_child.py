"""The rendering child: what it makes, and that it is killed whole when it takes too long."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from tests.faults.courtyard import until
from tests.slowness import is_within
from tts.child import RenderChild
from tts.engines import EngineError, EngineUnavailable, SpeechNotWhole, TextRefused
from tts.job import Failed, Job, error_of, failed
from tts.treatment import Treatment
from tts.voices import EDGE, ESPEAK, ESPEAK_VOICE
from tts.wave_file import whole_frames

PROJECT = Path(__file__).resolve().parent.parent.parent


def job(folder: Path, **changed: object) -> Job:
    """Return a job for espeak, or one that differs from it."""
    plain = Job(
        engine=ESPEAK,
        voice=ESPEAK_VOICE,
        spoken="请注意",
        seconds=20.0,
        work=str(folder),
        target=str(folder / "clip.wav"),
    )
    return msgspec.structs.replace(plain, **changed)


@pytest.fixture
def silent_server() -> Iterator[str]:
    """Run a proxy that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: list[socket.socket] = []

        def take() -> None:
            try:
                taken.append(server.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=take)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(60)
        for connection in taken:
            connection.close()


def at_work_in(folder: Path) -> list[str]:
    """Return the processes, but ourselves, that have a file of the folder open."""
    found = []
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if link.parts[2] != str(os.getpid()) and link.readlink().is_relative_to(folder):
                found.append(link.parts[2])
    return found


def test_a_job_becomes_a_whole_clip(tmp_path: Path) -> None:
    """The frames that are told are those of the file."""
    frames = RenderChild().render(job(tmp_path))
    assert frames == whole_frames(tmp_path / "clip.wav")


def test_an_engines_failure_comes_back_as_the_same_error(tmp_path: Path) -> None:
    """Kind and sentences pass between the processes."""
    with pytest.raises(TextRefused) as refused:
        RenderChild().render(job(tmp_path, spoken="请看𠮷"))
    assert "𠮷" in refused.value.sentence.zh


def test_the_network_voice_that_is_away_is_named(tmp_path: Path) -> None:
    """The real client in the real child, with nobody at the other end."""
    with pytest.raises(EngineUnavailable) as away:
        RenderChild().render(job(tmp_path, engine=EDGE, voice="zh-CN-XiaoxiaoNeural", proxy="http://127.0.0.1:1"))
    assert "请检查网络" in away.value.sentence.zh


def test_a_child_that_hangs_is_killed_at_its_deadline(tmp_path: Path, silent_server: str) -> None:
    """However patient the engine is, the parent is not, and nothing of it lives on."""
    hanging = job(tmp_path, engine=EDGE, voice="zh-CN-XiaoxiaoNeural", proxy=silent_server, seconds=300.0)
    begun = time.monotonic()
    with pytest.raises(SpeechNotWhole) as late:
        RenderChild(mixdown_seconds=-298.0).render(hanging)
    assert is_within(time.monotonic() - begun, 4)
    assert "超时" in late.value.sentence.zh
    until(lambda: not at_work_in(tmp_path))  # who is killed takes an instant to be gone


@pytest.mark.parametrize("content", [b"", b"{", b'{"engine": 1}'])
def test_a_job_that_is_none_ends_the_child_without_an_outcome(content: bytes) -> None:
    """It fails, and writes nothing that could be taken for a result."""
    done = subprocess.run(
        [sys.executable, "-m", "tts.render_child"],
        input=content,
        capture_output=True,
        cwd=PROJECT,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert done.stdout == b""


def test_a_child_that_crashes_is_an_error_with_a_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The sentence is for people; what the child complained of goes to the log."""
    crashing = RenderChild(command=("/bin/sh", "-c", "echo out of memory >&2; kill -KILL $$"))
    with pytest.raises(SpeechNotWhole) as broken:
        crashing.render(job(tmp_path))
    assert "意外中断" in broken.value.sentence.zh
    assert "out of memory" in caplog.text


def test_what_the_child_started_is_killed_with_it(tmp_path: Path) -> None:
    """A program that hangs beneath the child does not outlive it."""
    with pytest.raises(SpeechNotWhole):
        RenderChild(command=("/bin/sh", "-c", "sleep 60 & sleep 60"), mixdown_seconds=-19.8).render(job(tmp_path))
    until(lambda: not at_work_in(tmp_path))  # who is killed takes an instant to be gone


def test_more_than_an_outcome_is_not_taken_for_one(tmp_path: Path) -> None:
    """A child that writes without end fills neither memory nor this process's patience."""
    with pytest.raises(SpeechNotWhole):
        RenderChild(command=("/bin/sh", "-c", "head -c 1000000 /dev/zero")).render(job(tmp_path))


def test_an_engine_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """No other engine speaks in its place without a word."""
    with pytest.raises(EngineUnavailable) as missing:
        RenderChild().render(job(tmp_path, engine="sherpa"))
    assert "sherpa" in missing.value.sentence.zh


@pytest.mark.parametrize("error_type", [EngineUnavailable, SpeechNotWhole, TextRefused])
def test_errors_survive_the_passage(error_type: type[EngineError]) -> None:
    """Each kind is itself again on the other side."""
    outcome = failed(error_type("中文", "English"))
    assert isinstance(outcome, Failed)
    back = error_of(outcome)
    assert (type(back), back.sentence) == (error_type, ("中文", "English"))


@pytest.mark.parametrize("module", ["pydub", "pypinyin", "edge_tts", "aiohttp"])
def test_the_parent_never_imports_what_is_large(module: str) -> None:
    """Who builds the studio has none of the child's packages in memory."""
    code = f"import sys, tts.build; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False, timeout=60).returncode == 0


def test_the_pause_between_sentences_is_what_the_installer_set(tmp_path: Path) -> None:
    """A sentence at a time: half a second more between two of three is a second more in all."""
    lengths = []
    for number, pause_ms in enumerate((300, 800)):
        folder = tmp_path / str(number)
        folder.mkdir()
        spoken = "请注意。今天停水！晚上来水；……"
        lengths.append(
            RenderChild().render(job(folder, spoken=spoken, treatment=Treatment(sentence_pause_ms=pause_ms)))
        )
    assert lengths[1] - lengths[0] == 48_000
