"""The network voice at its worst: a name that is never resolved, a service that answers for ever. A stand-in speaks."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from box.clock import SystemClock
from programme.publication import decode_publication
from speaker.airing import Outcome
from speaker.protocol import Done
from tests.card.virtual import VirtualCard
from tests.faults.courtyard import ONE_WORD, Courtyard, Person, until
from tests.slowness import is_within
from tests.tts.edge_server import Behaviour, EdgeServer

NETWORK_VOICE = ONE_WORD.replace("cmn-latn-pinyin", "zh-CN-XiaoxiaoNeural")
MOST_SECONDS = 90.0  # of which the voice has 20
pytestmark = pytest.mark.slow


@pytest.fixture
def yard(tmp_path: Path, virtual_card: VirtualCard) -> Iterator[Courtyard]:
    """Give a courtyard that is on air by the plain voice, and then wants the good one."""
    with Courtyard(tmp_path, virtual_card.environment) as one:
        one.publish()
        yield one


def saves_by_a_stand_in(yard: Courtyard, person: Person) -> None:
    """Save while the voice hangs: the panel answers all the time, and in the end a stand-in is on air."""
    begun = SystemClock().monotonic()
    ended: list[str] = []
    saving = Thread(target=lambda: ended.append(person.save("网络不好时改的话。")[0]))
    saving.start()
    while saving.is_alive():
        assert yard.panel_answers(30.0)
        saving.join(1.0)
    assert ended == ["done"]
    assert is_within(SystemClock().monotonic() - begun, MOST_SECONDS)
    until(lambda: decode_publication(yard.folders.publication.read_bytes()).messages[0].text == "网络不好时改的话。")
    on_air = decode_publication(yard.folders.publication.read_bytes()).messages[0]
    assert on_air.stand_in
    assert on_air.stand_in_why is not None
    until(yard.taken)
    assert isinstance(yard.client.play(message="hello"), Done)
    until(lambda: yard.airings()[-1].outcome is Outcome.AIRED)


def want_the_good_voice(yard: Courtyard) -> None:
    """Change the programme by hand to the network's voice."""
    yard.folders.programme.write_text(NETWORK_VOICE, encoding="utf-8")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a test certificate with")
@pytest.mark.parametrize("ends", ["stalled-before", "stalled-within", "trickling"])
def test_a_service_that_answers_for_ever_is_given_up(yard: Courtyard, tmp_path: Path, ends: str) -> None:
    """Accepted and then silent, silent in the middle, a few bytes at a time: the deadline is the child's."""
    folder = tmp_path / "service"
    folder.mkdir()
    with EdgeServer(folder, Behaviour(audio=b"\xff" * 6000, ends=ends)) as server:
        yard.speaker()
        want_the_good_voice(yard)
        yard.panel(HTTPS_PROXY=server.proxy, SSL_CERT_FILE=str(server.ca_file))
        saves_by_a_stand_in(yard, yard.person())
        assert server.behaviour.handshakes > 0


def test_a_resolver_that_hangs_holds_nothing_up(yard: Courtyard, tmp_path: Path) -> None:
    """The panel has a name server that never answers, in a mount namespace of its own."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("another resolver can be given to a process by root only")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        try:
            silent.bind(("127.0.0.77", 53))
        except OSError as error:
            pytest.skip(f"no name server can be put up here: {error}")
        resolver = tmp_path / "resolv.conf"
        resolver.write_text("nameserver 127.0.0.77\noptions timeout:30 attempts:5\n", encoding="ascii")
        yard.speaker()
        want_the_good_voice(yard)
        yard.panel(under=["unshare", "-m", "sh", "-c", f'mount --bind {resolver} /etc/resolv.conf && exec "$@"', "sh"])
        saves_by_a_stand_in(yard, yard.person())
        silent.setblocking(False)
        assert silent.recv(512)  # it was asked
