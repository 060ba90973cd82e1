"""A folder of files that mean harm: nothing outside is read, nothing stays behind, and the studio goes on working."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.slowness import is_within
from tests.tts.canary import Canary, watching
from tests.tts.hostile_files import Hostile, hostile_files
from tests.tts.phone_files import Speech, speech
from tests.tts.test_phone_formats import takes_in
from tts.engines import RecordingRefused
from tts.ffmpeg import decode_foreign
from tts.recordings import Takes

IN_TIME_SECONDS = 30.0  # each took 0.4 to 3 s here


@dataclass(frozen=True)
class Siege:
    """The studio, the files that come to it, and what they must not reach."""

    takes: Takes
    folder: Path
    files: list[Hostile]
    said: Speech
    canary: Canary


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    """Make the files once; what they lead to is good speech, which would be taken if it were read."""
    base = tmp_path_factory.mktemp("siege")
    said = speech(base)
    secret = base / "secret.wav"
    shutil.copyfile(said.path, secret)
    (base / "hostile").mkdir()
    with watching(secret) as canary:
        files = hostile_files(base / "hostile", speech=said.path, secret=secret, port=canary.port)
        yield Siege(takes_in(base), base, files, said, canary)


def handed_in(siege: Siege, file: Path) -> None:
    """Hand a file in as the panel does, and forget it if it was taken."""
    with file.open("rb") as came:
        take = siege.takes.receive(siege.takes.set_down(came), who="?")
    siege.takes.drop(take.id)


def stayed(siege: Siege) -> list[Path]:
    """Return what is in the recordings' folder."""
    return [path for path in (siege.folder / "recordings").rglob("*") if path.is_file()]


def test_the_canary_notices(siege: Siege) -> None:
    """It can tell: reading the file and calling at the port are both seen, each once."""
    assert siege.canary.touched() == []
    siege.canary.path.read_bytes()
    socket.create_connection(("127.0.0.1", siege.canary.port), timeout=60).close()
    assert siege.canary.touched() == ["file", "port"]
    assert siege.canary.touched() == []


def test_the_playlists_are_dangerous(siege: Siege) -> None:
    """A bare ffmpeg, which guesses, follows them: the test below would notice."""
    hls = siege.folder / "hostile" / "concat.mp3"
    subprocess.run(["ffmpeg", "-nostdin", "-v", "quiet", "-safe", "0", "-i", hls, "-f", "null", "-"], check=True)
    assert siege.canary.touched() == ["file"]


def test_every_file_gets_a_sentence_and_nothing_outside_is_read(siege: Siege) -> None:
    """Of each it is said why it is refused; what is good is taken, whatever it is called; none takes long."""
    siege.canary.touched()
    wrong = []
    for file in siege.files:
        begun = time.monotonic()
        try:
            handed_in(siege, file.path)
            answer: str | None = None
        except RecordingRefused as error:
            answer = error.sentence.zh
        took = time.monotonic() - begun
        right = answer is None if file.refused is None else file.refused in (answer or "")
        touched = siege.canary.touched()
        if not right or touched or not is_within(took, IN_TIME_SECONDS):
            wrong.append((file.path.name, file.refused, answer, touched, took))
    assert wrong == []


def test_nothing_stays_behind(siege: Siege) -> None:
    """Neither of what was refused nor of what was dropped, and no work is left in the library."""
    for file in siege.files[:3]:
        with pytest.raises(RecordingRefused):
            handed_in(siege, file.path)
    assert stayed(siege) == []
    left = [path for path in (siege.folder / "clips").rglob("*") if path.is_file()]
    assert {path.suffix for path in left if path.name != ".lock"} <= {".wav", ".json"}
    assert {path.parent.name for path in left} == {"clips"}


def test_the_studio_still_takes_a_good_recording(siege: Siege) -> None:
    """After all of them the next person's recording is cleaned and kept as ever."""
    for file in siege.files[::10]:
        try:
            handed_in(siege, file.path)
        except RecordingRefused:
            continue
    with siege.said.path.open("rb") as came:
        take = siege.takes.receive(siege.takes.set_down(came), who="王书记")
    assert siege.takes.keep(take.id, "通知").seconds == pytest.approx(siege.said.sounding_seconds, abs=0.3)
    siege.takes.archive(take.id)
    shutil.rmtree(siege.folder / "recordings" / "archive")


def test_of_a_bomb_no_more_is_made_than_a_recording_may_be_long(siege: Siege) -> None:
    """Four hours in 33 kB come out as what was asked for, in little time."""
    target = siege.folder / "decoded.raw"
    before = os.times().children_user
    assert decode_foreign(siege.folder / "hostile" / "bomb.flac", "flac", target, most_seconds=301)
    assert target.stat().st_size <= 301.1 * 48_000 * 2
    assert os.times().children_user - before < 30
