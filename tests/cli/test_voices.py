"""``voices``: what is listed, and a voice added from a folder and from the network."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from box.storage import hash_of
from cli.__main__ import main
from tests.tts.made_voice import Made, make_files, make_voice
from tests.tts.test_voice_download import Behaviour, serving
from tts.wave_file import whole_frames


@pytest.fixture(autouse=True)
def english_and_direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English, and reach a server of the test directly."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def engine() -> None:
    """Skip where the optional engine is not there."""
    reason = "the optional engine sherpa-onnx is not installed (requirements/neural.txt)"
    pytest.importorskip("sherpa_onnx", reason=reason)


def test_the_voices_of_every_engine_are_listed_with_their_licence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A voice a line; those of this machine stand before the last resort."""
    make_voice(tmp_path / "panel/voices/made-echo")
    assert main(["--data", str(tmp_path), "voices"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "edge-tts" in lines[0]
    assert lines[-2].split() == ["made-echo", "sherpa-onnx", "回声", "CC0-1.0"]
    assert "GPL-3.0-or-later" in lines[-1]


def test_a_folder_that_holds_no_voice_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others are listed all the same."""
    (tmp_path / "panel/voices/empty").mkdir(parents=True)
    assert main(["--data", str(tmp_path), "voices"]) == 0
    assert "empty" in capsys.readouterr().err


@pytest.mark.usefixtures("engine")
def test_a_voice_is_added_and_speaks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the folder to the file; its licence is shown."""
    make_voice(tmp_path / "given")
    data = str(tmp_path / "data")
    assert main(["--data", data, "voices", "add", str(tmp_path / "given")]) == 0
    assert "CC0-1.0" in capsys.readouterr().err
    said = tmp_path / "said.wav"
    assert main(["--data", data, "say", "请注意", "--voice", "made-echo", "-o", str(said)]) == 0
    assert "sherpa-onnx made-echo" in capsys.readouterr().err
    assert whole_frames(said)


@pytest.mark.usefixtures("engine")
def test_a_voice_is_added_from_the_network_with_progress(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As it is published, dropped on the way, with the vocoder from another address; nothing is left of it."""
    names = make_files(tmp_path / "given", Made())
    vocoder = (tmp_path / "given" / names["vocoder"]).rename(tmp_path / "vocos-22khz-univ.onnx")
    archive = tmp_path / "matcha-icefall-zh-baker.tar.bz2"
    with tarfile.open(archive, "w:bz2") as tar:
        tar.add(tmp_path / "given", "matcha-icefall-zh-baker")
    voice = Behaviour(content=archive.read_bytes(), breaks_after=[300])
    data = tmp_path / "data"
    with serving(voice) as server, serving(Behaviour(content=vocoder.read_bytes())) as other:
        words = ["--data", str(data), "voices", "add", f"{server}/{archive.name}", "--sha256", hash_of(archive)]
        more = ["--vocoder", f"{other}/{vocoder.name}", "--vocoder-sha256", hash_of(vocoder)]
        assert main([*words, *more]) == 0
    said = capsys.readouterr().err
    assert "100%" in said
    assert "non-commercial" in said
    assert voice.asked == [None, "bytes=300-"]
    assert sorted(path.name for path in (data / "panel/voices").iterdir()) == [".lock", "matcha-icefall-zh-baker"]


@pytest.mark.usefixtures("engine")
def test_a_voice_that_ends_its_process_is_not_added(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The trial finds it, and the command goes on living to say so."""
    make_voice(tmp_path / "given", Made(metadata={}))
    assert main(["--data", str(tmp_path / "data"), "voices", "add", str(tmp_path / "given")]) == 1
    assert "not installed" in capsys.readouterr().err
    assert main(["--data", str(tmp_path / "data"), "voices"]) == 0
    assert "made-echo" not in capsys.readouterr().out


@pytest.mark.usefixtures("engine")
def test_plain_http_without_a_checksum_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody vouches for it."""
    assert main(["--data", str(tmp_path), "voices", "add", "http://127.0.0.1:1/voice.tar.bz2"]) == 1
    assert "--sha256" in capsys.readouterr().err


@pytest.mark.usefixtures("engine")
def test_a_place_that_does_not_exist_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its path in full."""
    assert main(["--data", str(tmp_path), "voices", "add", str(tmp_path / "nowhere")]) == 1
    assert "nowhere" in capsys.readouterr().err


def test_a_checksum_that_is_none_is_wrong_input(tmp_path: Path) -> None:
    """Exit code 2."""
    with pytest.raises(SystemExit) as ended:
        main(["--data", str(tmp_path), "voices", "add", "x", "--sha256", "abc"])
    assert ended.value.code == 2
