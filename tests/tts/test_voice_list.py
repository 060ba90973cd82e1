"""The network service's list of voices: asked by the real client, kept, and there without a network."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.__main__ import main
from tests.fakes import SetClock
from tests.tts.edge_server import Behaviour, EdgeServer
from tts.child import RenderChild
from tts.engines import EngineError, EngineUnavailable
from tts.job import ListedVoice, ListingJob
from tts.voice_list import VoiceList
from tts.voices import EDGE, VOICES

ASKED = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
OURS = [voice.name for voice in VOICES if voice.engine == EDGE]

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a test certificate with")


def answer(*names: str) -> str:
    """Return what the service answers; more stands in it than is used."""
    voices = [{"ShortName": name, "Gender": "Female", "Locale": name[:5], "Status": "GA"} for name in names]
    return json.dumps([*voices, {"ShortName": "en-GB-SoniaNeural", "Gender": "Female", "Locale": "en-GB"}])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeServer]:
    """Run one service for all tests of this file."""
    with EdgeServer(tmp_path_factory.mktemp("service"), Behaviour()) as running:
        yield running


def list_at(path: Path, server: EdgeServer) -> VoiceList:
    """Return the list kept there, which asks that service by the real child."""
    clock = SetClock(ASKED)
    return VoiceList(path, lister=RenderChild(), clock=clock, proxy=server.proxy, ca_file=str(server.ca_file))


def test_the_list_is_asked_for_and_kept(server: EdgeServer, tmp_path: Path) -> None:
    """Its Chinese voices are there afterwards, with the day, by nothing but the file."""
    server.behaviour = Behaviour(voices=answer("zh-HK-HiuMaanNeural", *OURS))
    path = tmp_path / "panel/voice-list.json"
    asked = list_at(path, server).update()
    server.behaviour = Behaviour(status=503)
    kept = list_at(path, server).kept()
    assert kept == asked
    assert (kept.asked, len(kept.voices)) == (ASKED, len(OURS) + 1)
    assert [(voice.name, voice.title) for voice in kept.new()] == [("zh-HK-HiuMaanNeural", "HiuMaan（女声，粤语）")]
    assert kept.gone() == ()


def test_a_voice_that_the_service_has_no_more_is_known(server: EdgeServer, tmp_path: Path) -> None:
    """It is one that we list by ourselves."""
    server.behaviour = Behaviour(voices=answer(*OURS[1:]))
    assert [voice.name for voice in list_at(tmp_path / "list.json", server).update().gone()] == OURS[:1]


def test_a_wrong_clock_is_corrected_once(server: EdgeServer, tmp_path: Path) -> None:
    """As with speech: a refusal that tells the time is answered with another token."""
    server.behaviour = Behaviour(voices=answer(*OURS), skew_seconds=3600)
    assert len(list_at(tmp_path / "list.json", server).update().voices) == len(OURS)
    assert server.behaviour.handshakes == 2


CASES = [
    pytest.param({"status": 403}, "403", id="403 for ever"),
    pytest.param({"status": 429}, "429", id="too many requests"),
    pytest.param({"status": 503}, "503", id="out of order"),
    pytest.param({"voices": "<html>please log in</html>"}, "看不懂", id="a page instead of a list"),
    pytest.param({"voices": '{"error": 1}'}, "看不懂", id="another kind of answer"),
    pytest.param({"voices": answer()}, "看不懂", id="no Chinese voice"),
    pytest.param({"voices": answer("zh-CN-../../etc/passwdNeural")}, "看不懂", id="a name that is none"),
]


@pytest.mark.parametrize(("fails", "says"), CASES)
def test_a_failure_has_a_name_and_the_list_before_stays(
    server: EdgeServer, tmp_path: Path, fails: dict[str, object], says: str
) -> None:
    """However the service fails, what was kept is kept."""
    server.behaviour = Behaviour(voices=answer(*OURS))
    voices = list_at(tmp_path / "list.json", server)
    before = voices.update()
    server.behaviour = Behaviour(**fails)  # type: ignore[arg-type]  # the table is plain data
    with pytest.raises(EngineUnavailable) as failed:
        voices.update()
    assert says in failed.value.sentence.zh
    assert voices.kept() == before


def test_a_service_that_is_silent_is_waited_for_no_longer_than_was_said(server: EdgeServer, tmp_path: Path) -> None:
    """The deadline holds."""
    server.behaviour = Behaviour(ends="stalled-before")
    job = ListingJob(work=str(tmp_path), seconds=0.5, proxy=server.proxy, ca_file=str(server.ca_file))
    with pytest.raises(EngineError) as failed:
        RenderChild(mixdown_seconds=60).voices(job)
    assert "没有回应" in failed.value.sentence.zh


def test_a_damaged_list_counts_as_none(server: EdgeServer, tmp_path: Path) -> None:
    """The voices that we know by ourselves are listed then."""
    (tmp_path / "list.json").write_text('{"asked": 1', encoding="utf-8")
    assert list_at(tmp_path / "list.json", server).kept() is None


def test_the_command_updates_and_lists_without_a_network(
    server: EdgeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``voices update`` asks; ``voices`` then asks nobody, and tells what is gone."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("HTTPS_PROXY", server.proxy)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))
    server.behaviour = Behaviour(voices=answer("zh-HK-HiuMaanNeural", *OURS[1:]))
    assert main(["--data", str(tmp_path), "voices", "update"]) == 0
    assert f"{len(OURS)} Chinese voices" in capsys.readouterr().err
    handshakes = server.behaviour.handshakes
    assert main(["--data", str(tmp_path), "voices"]) == 0
    said = capsys.readouterr()
    assert "zh-HK-HiuMaanNeural" in said.out
    assert f"has {OURS[0]} no more" in said.err
    server.behaviour.status = 503
    assert main(["--data", str(tmp_path), "voices", "update"]) == 1
    assert "503" in capsys.readouterr().err
    assert handshakes == 1


def test_names_come_sorted(server: EdgeServer, tmp_path: Path) -> None:
    """A list that says the same is the same file."""
    server.behaviour = Behaviour(voices=answer("zh-TW-YunJheNeural", "zh-HK-WanLungNeural"))
    found = list_at(tmp_path / "list.json", server).update().voices
    assert found == (
        ListedVoice(name="zh-HK-WanLungNeural", female=True),
        ListedVoice(name="zh-TW-YunJheNeural", female=True),
    )
