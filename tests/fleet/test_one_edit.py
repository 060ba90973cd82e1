"""One edit at the hub, over all that is real there: ``run``, panel, voice, hub, Mosquitto; and two yards elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from box.clock import SystemClock
from box.folders import folders_at
from fleet.flac import decompress
from fleet.hub.founding import found
from fleet.hub.room import HubRoom, HubSettings
from fleet.wire.documents import SharedProgramme
from tests.fleet.hub.a_hub import PIN, AHub, eventually
from tests.fleet.hub.light_agent import LightAgent, joined
from tests.running import free_port, running, write

pytestmark = pytest.mark.slow  # a real voice, four processes, and the first airing

PROGRAMME = """\
version: 1
zone: 大石社区
timezone: Asia/Shanghai
voice: cmn-latn-pinyin
messages:
  own: {title: 本院, text: 本院。}
broadcasts:
  morning: {at: "07:30", messages: [own], chime: false}
"""
SHARED = PROGRAMME.replace(
    "broadcasts:\n",
    "  water: {title: 停水, text: '{zone}停水。', zones: [all]}\n"
    "broadcasts:\n"
    "  noon: {at: '12:00', messages: [water], zones: [all]}\n",
)


def said_by(agent: LightAgent) -> str:
    """Return the words that the device was last told to say."""
    took = agent.took(SharedProgramme)
    does = took[-1].does if took else None
    return does.messages[0].message.text if isinstance(does, SharedProgramme) and does.messages else ""


def test_one_edit_reaches_all_in_their_own_words(tmp_path: Path) -> None:
    """The file is saved; each yard has a clip that says its own name, signed, and bit by bit what was rendered."""
    data = tmp_path / "data"
    write(data, PROGRAMME)
    folders = folders_at(data, {})
    settings = HubSettings(hosts=("127.0.0.1",), broker_port=free_port(), https_port=free_port())
    found(HubRoom(folders.hub), settings, PIN, SystemClock())
    hub = AHub(folders, settings)
    with running(data, free_port(), at_most_seconds=300) as run:
        run.until("on duty")
        eventually(folders.hub_socket.exists, "the hub is there")
        eventually(lambda: hub.client.zones().hub.broker, "and its broker")
        agents = [joined(tmp_path / name, hub, name, zone) for name, zone in (("a", "三号院"), ("b", "九号院"))]
        write(data, SHARED)
        for agent, words in zip(agents, ("三号院停水。", "九号院停水。"), strict=True):
            eventually(lambda agent=agent, words=words: said_by(agent) == words, f"{agent.name} has its words", 60)
            programme = agent.took(SharedProgramme)[-1].does
            assert isinstance(programme, SharedProgramme)
            assert programme.hub == "大石社区"
            assert programme.broadcasts[0].messages == ("c-water",)
            (message,) = programme.messages
            status, content, _ = agent.fetch(f"/audio/{message.travels.sha256}")
            assert status == 200
            (tmp_path / "clip.flac").write_bytes(content)
            frames = decompress(tmp_path / "clip.flac", message.message.clip, tmp_path / "clip.wav")
            assert frames == message.message.frames
        write(data, PROGRAMME)
        for agent in agents:
            eventually(lambda agent=agent: said_by(agent) == "", f"{agent.name} is told that it is over", 60)
            agent.close()
