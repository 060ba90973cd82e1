"""The client's questions, and what it says when nobody answers."""

from __future__ import annotations

import socket
from datetime import date
from threading import Thread

import pytest

from speaker.client import SpeakerAway, SpeakerClient, SpeakerUnclear
from speaker.protocol import AskRecords, Done, Play, Records, Stop
from speaker.socket.server import SocketServer
from tests.speaker.answers import REFUSED, STATUS, Answers


@pytest.fixture
def answers():
    """Return a station that answers."""
    return Answers()


@pytest.fixture
def client(tmp_path, answers):
    """Yield a client of a server that serves."""
    server = SocketServer(tmp_path / "run" / "s.sock", answers)
    server.start()
    yield SpeakerClient(tmp_path / "run" / "s.sock")
    server.close()


@pytest.fixture
def says(tmp_path):
    """Yield a server that answers every line with the same bytes and hangs up."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(tmp_path / "s.sock"))
    listener.listen(1)
    threads = []

    def start(answer: bytes) -> SpeakerClient:
        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        threads.append(Thread(target=serve))
        threads[-1].start()
        return SpeakerClient(tmp_path / "s.sock")

    yield start
    for thread in threads:
        thread.join()
    listener.close()


def test_a_play_carries_all_it_was_given(client, answers):
    """What is asked arrives field by field, and the row of the log comes back."""
    said = {"origin": "panel", "who": "王书记", "volume_percent": 60, "repeat": 2, "occasion": "停水"}
    reply = client.play(bulletin="b-1", **said)
    assert reply == Done(airing=7)
    assert answers.asked == [Play(bulletin="b-1", **said)]


def test_a_refusal_comes_back_as_one(client):
    """A limit that says no is an answer with its sentence, not an error."""
    assert client.play(message="stay-home", priority="emergency", occasion="停水") == REFUSED


def test_stop_status_and_records(client, answers):
    """The other three verbs return what the speaker says."""
    assert client.stop("王书记") == Done(airing=7)
    assert client.status() == STATUS
    assert client.records(first=date(2026, 3, 1), changed_after=12, most=5) == Records(airings=(), more=False)
    assert answers.asked[0] == Stop(who="王书记")
    assert answers.asked[2] == AskRecords(first=date(2026, 3, 1), changed_after=12, most=5)


def test_what_the_server_can_not_read_raises_its_sentence(client):
    """A name that the protocol does not allow comes back as the server's sentence."""
    with pytest.raises(SpeakerUnclear, match=r"broadcast"):
        client.play(broadcast="x" * 65)


def test_a_speaker_that_does_not_run_is_said_so(tmp_path):
    """No socket at all: the sentence says that it is not running."""
    with pytest.raises(SpeakerAway, match="没有运行"):
        SpeakerClient(tmp_path / "s.sock").status()


def test_a_socket_that_a_dead_speaker_left_is_said_so(tmp_path):
    """A file that nobody listens on is the same to a person."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(tmp_path / "s.sock"))
    with pytest.raises(SpeakerAway, match="没有运行"):
        SpeakerClient(tmp_path / "s.sock").status()


def test_a_silent_speaker_ends_in_time(tmp_path):
    """A speaker that takes the question and never answers is given up."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
        silent.bind(str(tmp_path / "s.sock"))
        silent.listen(1)
        with pytest.raises(SpeakerAway, match="没有回答"):
            SpeakerClient(tmp_path / "s.sock", timeout_seconds=0.05).status()


def test_the_answer_to_a_page_is_waited_for_longer(tmp_path):
    """It may have been begun: who is told that nobody answers, and asks again, would have it sound twice."""
    replies = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as slow:
        slow.bind(str(tmp_path / "s.sock"))
        slow.listen(2)
        client = SpeakerClient(tmp_path / "s.sock", timeout_seconds=0.05)
        asker = Thread(target=lambda: replies.append(client.play(message="home")))
        asker.start()
        connection, _ = slow.accept()
        with connection:
            assert connection.recv(4096)
            with pytest.raises(SpeakerAway, match="没有回答"):
                client.status()
            connection.sendall(b'{"do":"done","airing":7}\n')
            asker.join(60)
    assert replies == [Done(airing=7)]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", SpeakerAway),
        (b'{"do":"done"', SpeakerAway),
        (b"hello\n", SpeakerUnclear),
        (b'{"do":"done"}\n', SpeakerUnclear),
        (b'{"do":"is"}\n', SpeakerUnclear),
        (b'{"do":"refused","reason":"","zh":"a","en":"b"}\n', SpeakerUnclear),
        (b"\xff\xfe\n", SpeakerUnclear),
    ],
)
def test_an_answer_that_is_none_is_an_error_with_a_sentence(says, answer, error):
    """Half a line, no JSON, another schema, the answer to another question: none is taken for a status."""
    with pytest.raises(error):
        says(answer).status()
