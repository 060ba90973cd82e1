"""One of the two processes dead, hung, starved or started twice: the other one goes on and says so."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.tone import publish_tone
from box.clock import SystemClock
from speaker.airing import Outcome
from speaker.protocol import Done
from speaker.record import Airing
from tests.card.virtual import VirtualCard
from tests.faults.courtyard import Courtyard, until
from tests.faults.memory import ShortMemory
from tests.running import HALF_A_DAY_OFF, done


@pytest.fixture
def memory() -> Iterator[ShortMemory]:
    """Give a control group whose memory can be made short."""
    if os.geteuid() != 0:
        pytest.skip("a control group can be made by root only")
    one = ShortMemory.make()
    if one is None:
        pytest.skip("this machine lets no control group limit memory")
    yield one
    one.remove()


@pytest.mark.parametrize("fault", ["dead", pytest.param("hung", marks=pytest.mark.slow)])
def test_the_speaker_sounds_on_whatever_the_panel_does(
    courtyard: Courtyard, virtual_card: VirtualCard, fault: str
) -> None:
    """What is due while the panel is dead or hung is aired whole and on time."""
    panel = courtyard.panel()
    now = SystemClock().now()
    publish_tone(courtyard.folders, 9_600, now)
    first = int(now.timestamp()) + 3
    courtyard.speaker("bench.dense_speaker", "--first", str(first), "--count", "100", "--every", "2")
    panel.kill() if fault == "dead" else panel.hang()
    assert not courtyard.panel_answers(0.5)
    since = SystemClock().now()

    def aired() -> list[Airing]:
        return [row for row in courtyard.airings() if row.outcome is Outcome.AIRED and row.due and row.due > since]

    def on_time() -> list[Airing]:
        return [row for row in aired() if row.lateness_ms is not None and abs(row.lateness_ms) < 500]

    until(lambda: len(aired()) >= 2 and bool(on_time()))
    assert len(virtual_card.events("START")) >= len(aired())


@pytest.mark.parametrize("fault", ["dead", pytest.param("hung", marks=pytest.mark.slow)])
def test_the_panel_says_that_the_speaker_is_away_and_shows_the_plan(courtyard: Courtyard, fault: str) -> None:
    """Every page comes in time; she can still change words, which the speaker takes when it is back."""
    courtyard.publish()
    person = courtyard.person()
    speaker = courtyard.speaker()
    courtyard.panel()
    until(courtyard.taken)
    speaker.kill() if fault == "dead" else speaker.hang()
    today = courtyard.visitor().get("/")
    assert {"dead": "播音程序没有运行", "hung": "播音程序没有回答"}[fault] in today
    assert HALF_A_DAY_OFF in today
    assert person.save("喇叭不在时改的话。")[0] == "done"
    courtyard.speaker() if fault == "dead" else speaker.go_on()
    until(courtyard.taken)
    assert isinstance(courtyard.client.play(message="hello"), Done)
    until(lambda: courtyard.airings()[-1].outcome is Outcome.AIRED)
    assert courtyard.airings()[-1].said[0].text == "喇叭不在时改的话。"


def test_a_second_copy_ends_with_a_sentence_and_the_first_goes_on(courtyard: Courtyard) -> None:
    """Of the speaker, also one with a socket of its own on the same data, and of the panel."""
    courtyard.publish()
    courtyard.speaker()
    courtyard.panel()
    elsewhere = ("--runtime", str(courtyard.folder / "run-too"))
    copies = (
        courtyard.speaker(wait=False),
        courtyard.speaker("speaker", *elsewhere, wait=False),
        courtyard.panel(wait=False),
    )
    for again in copies:
        until(lambda again=again: again.popen.poll() is not None)  # type: ignore[misc]  # the loop's own
        assert again.popen.returncode == 1
        assert "Traceback" not in again.said
    assert isinstance(courtyard.client.play(message="hello"), Done)
    assert courtyard.panel_answers()


def test_a_render_that_memory_is_too_short_for_fails_with_a_sentence_and_nothing_else_does(
    courtyard: Courtyard, memory: ShortMemory
) -> None:
    """The kernel kills the child that renders: the words before stay on air, the panel answers, and later it works."""
    courtyard.publish()
    person = courtyard.person()
    courtyard.speaker()
    panel = courtyard.panel()
    memory.take_in(panel.popen.pid)
    memory.limit(memory.used() + 40 * 1024 * 1024)
    state, told = person.save("内存不够时改的话。")
    assert state == "failed"
    assert "再试" in told
    assert memory.kills() > 0
    assert panel.popen.poll() is None
    assert person.words() == "你好。"
    assert courtyard.taken()
    memory.limit(None)
    assert person.save("内存够了再改的话。")[0] == "done"


def test_the_clips_of_the_version_before_sound_until_they_are_made_anew(courtyard: Courtyard) -> None:
    """After an update: what is on air goes on, publishing renders by today's recipe, the old clips stay for a while."""
    courtyard.publish()
    folders = courtyard.folders
    [old] = folders.clips.glob("*.json")
    sidecar = json.loads(old.read_bytes())
    sidecar["recipe"]["mixdown"] -= 1
    before = folders.clips / f"{'0' * 64}.json"
    before.write_text(json.dumps(sidecar), encoding="utf-8")
    old.unlink()
    on_air = json.loads(folders.publication.read_bytes())
    folders.publication.write_text(json.dumps({**on_air, "sound": "box/0.9"}), encoding="utf-8")
    courtyard.speaker()
    until(courtyard.taken)
    assert isinstance(courtyard.client.play(message="hello"), Done)
    until(lambda: [row.outcome for row in courtyard.airings()] == [Outcome.AIRED])
    assert done("--data", str(folders.data), "publish").returncode == 0
    assert json.loads(folders.publication.read_bytes())["sound"] != "box/0.9"
    assert old.exists()
    assert before.exists()
    assert Path(folders.clips / f"{sidecar['sha256']}.wav").exists()
