"""The real edge-tts client against the service's protocol: whole, or a named error in time."""

from __future__ import annotations

import gc
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from edge_tts.drm import DRM

from tests.fakes import SetClock
from tests.slowness import is_within
from tests.tts.edge_server import Behaviour, EdgeServer
from tts.child import RenderChild
from tts.edge import MOST_BYTES, Edge
from tts.engines import EngineError, EngineUnavailable, SpeechNotWhole
from tts.library import ClipLibrary
from tts.studio import ChildStudio
from tts.wave_file import whole_frames

VOICE = "zh-CN-XiaoxiaoNeural"
PATIENCE_SECONDS = 60.0
DEADLINES_SECONDS = (1.5, 6.0, 24.0)  # a busy machine may need more of it to come as far as the stall

pytestmark = [
    pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a test certificate with"),
    # The client's loop ends before TLS's good-bye is answered. In the child the process ends with it; here the
    # transport is left to the garbage collector, which complains.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]


@pytest.fixture(scope="module")
def mp3(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return two seconds of sound in the service's format."""
    path = tmp_path_factory.mktemp("mp3") / "tone.mp3"
    tone = ["-f", "lavfi", "-i", "sine=frequency=300:duration=2"]
    service = ["-ar", "24000", "-ac", "1", "-b:a", "48k", "-write_xing", "0", "-id3v2_version", "0"]
    subprocess.run(["ffmpeg", "-v", "error", *tone, *service, str(path)], check=True, timeout=60)
    return path.read_bytes()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeServer]:
    """Run one service for all tests of this file."""
    with EdgeServer(tmp_path_factory.mktemp("service"), Behaviour()) as running:
        yield running


@pytest.fixture
def service(server: EdgeServer, mp3: bytes) -> EdgeServer:
    """Return the service as it is when nothing is wrong."""
    server.behaviour = Behaviour(audio=mp3)
    return server


@pytest.fixture(autouse=True)
def clock_without_skew() -> Iterator[None]:
    """Let the client forget the skew of the test before: it keeps it in its class."""
    DRM.clock_skew_seconds = 0.0
    yield
    DRM.clock_skew_seconds = 0.0
    gc.collect()


def engine(server: EdgeServer, deadline_seconds: float = PATIENCE_SECONDS) -> Edge:
    """Return the engine as a box behind a proxy has it."""
    return Edge(deadline_seconds=deadline_seconds, proxy=server.proxy, ca_file=server.ca_file)


def test_what_the_service_says_whole_arrives_byte_for_byte(service: EdgeServer, mp3: bytes, tmp_path: Path) -> None:
    """The file holds the very bytes of the stream."""
    assert engine(service).speak("请居民注意。", VOICE, tmp_path).read_bytes() == mp3
    assert "XiaoxiaoNeural" in service.behaviour.seen[0]


def test_a_long_text_is_cut_at_sentences_and_joined(server: EdgeServer, mp3: bytes, tmp_path: Path) -> None:
    """No turn gets more than the service takes, and no sentence is torn or lost."""
    server.behaviour = Behaviour(audio=mp3)
    sentence = "只要还有一粒米，不往人多地方挤。"
    assert engine(server).speak(sentence * 200, VOICE, tmp_path).read_bytes() == mp3 * len(server.behaviour.seen)
    spoken = [ssml.split("'>")[-1].split("</prosody>")[0] for ssml in server.behaviour.seen]
    assert len(spoken) == 3
    assert "".join(spoken) == sentence * 200
    assert all(piece.endswith("。") and len(piece.encode()) <= MOST_BYTES for piece in spoken)


def test_a_clock_that_is_wrong_by_an_hour_is_corrected_once(server: EdgeServer, mp3: bytes, tmp_path: Path) -> None:
    """A 403 that tells the service's time is answered with another token, and the speech comes."""
    server.behaviour = Behaviour(audio=mp3, skew_seconds=3600)
    assert engine(server).speak("请居民注意。", VOICE, tmp_path).read_bytes() == mp3
    assert server.behaviour.handshakes == 2


CASES = [
    pytest.param({"status": 403}, EngineUnavailable, "403", id="403 for ever"),
    pytest.param({"status": 429}, EngineUnavailable, "429", id="too many requests"),
    pytest.param({"status": 503}, EngineUnavailable, "503", id="out of order"),
    pytest.param({"ends": "silent"}, SpeechNotWhole, "没有读完整", id="no audio"),
    pytest.param({"ends": "dropped"}, SpeechNotWhole, "没有读完整", id="dropped in the stream"),
    pytest.param({"ends": "1011"}, SpeechNotWhole, "没有读完整", id="closed with 1011"),
    pytest.param({"ends": "stalled-in-handshake"}, EngineUnavailable, "没有回应", id="stalled in the handshake"),
    pytest.param({"ends": "stalled-before"}, EngineUnavailable, "没有回应", id="stalled before the stream"),
    pytest.param({"ends": "stalled-within"}, SpeechNotWhole, "没有读完整", id="stalled in the stream"),
]


@pytest.mark.parametrize(("fails", "error_type", "says"), CASES)
def test_every_failure_is_a_named_error_in_time(
    service: EdgeServer, tmp_path: Path, fails: dict[str, object], error_type: type[EngineError], says: str
) -> None:
    """However the service fails, the error has its name, nothing is left in the folder, and the deadline holds."""
    service.behaviour = Behaviour(audio=service.behaviour.audio, **fails)  # type: ignore[arg-type]  # the table is plain data
    for deadline_seconds in DEADLINES_SECONDS if "stalled" in str(fails) else (PATIENCE_SECONDS,):
        begun = time.monotonic()
        with pytest.raises(EngineError) as failed:
            engine(service, deadline_seconds).speak("请居民注意。", VOICE, tmp_path)
        assert is_within(time.monotonic() - begun, deadline_seconds + 1)
        assert list(tmp_path.iterdir()) == []
        if says in failed.value.sentence.zh:
            break
    assert says in failed.value.sentence.zh
    assert isinstance(failed.value, error_type)


def test_a_drop_in_a_later_piece_spoils_the_whole(server: EdgeServer, mp3: bytes, tmp_path: Path) -> None:
    """Speech of which only the first piece came is not whole, although the client raises nothing."""
    server.behaviour = Behaviour(audio=mp3, ends="1011", dropped_in_turn=2)
    with pytest.raises(SpeechNotWhole):
        engine(server).speak("只要还有一粒米，不往人多地方挤。" * 200, VOICE, tmp_path)


def test_a_certificate_nobody_vouches_for_is_named(server: EdgeServer, tmp_path: Path) -> None:
    """A certificate of another host, as in a network that wants a login, is not believed."""
    other = tmp_path / "other"
    other.mkdir()
    with EdgeServer(other, Behaviour()) as stranger, pytest.raises(EngineUnavailable) as failed:
        Edge(deadline_seconds=PATIENCE_SECONDS, proxy=stranger.proxy).speak("请居民注意。", VOICE, tmp_path)
    assert "证书" in failed.value.sentence.zh


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:1", "http://no-such-host.invalid:80"])
def test_no_network_is_named(proxy: str, tmp_path: Path) -> None:
    """A refused connection and a name that is not known are an engine that can't be reached."""
    with pytest.raises(EngineUnavailable) as failed:
        Edge(deadline_seconds=PATIENCE_SECONDS, proxy=proxy).speak("请居民注意。", VOICE, tmp_path)
    assert "请检查网络" in failed.value.sentence.zh


def test_the_good_voice_through_the_child_becomes_a_clip(service: EdgeServer, tmp_path: Path) -> None:
    """The whole way: child, real client, service, mixdown, library."""
    studio = ChildStudio(
        library=ClipLibrary(tmp_path / "clips"),
        renderer=RenderChild(),
        clock=SetClock(datetime(2020, 1, 17, 8, 0, tzinfo=UTC)),
        chance=lambda: 0.5,
        proxy=service.proxy,
        ca_file=service.ca_file,
    )
    clip = studio.clip("请居民注意。", VOICE)
    assert (clip.engine, clip.stand_in) == ("edge-tts", False)
    assert clip.frames / 48_000 == pytest.approx(2, abs=0.2)
    assert whole_frames(studio.path(clip)) == clip.frames
