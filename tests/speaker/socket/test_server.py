"""The socket: what it answers, and that nobody can take it away from the others."""

from __future__ import annotations

import grp
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speaker.protocol import LONGEST_LINE_BYTES, AskRecords, AskStatus, Play, Stop, Unreadable
from speaker.socket.connection import Patience
from speaker.socket.door import DoorClosed, SpeakerAlreadyRuns
from speaker.socket.lines import request_in
from speaker.socket.peers import Peer, peer_of
from speaker.socket.server import SocketServer
from tests.speaker.answers import Answers

STATUS_LINE = b'{"do":"status"}\n'


@pytest.fixture
def path(tmp_path):
    """Where the socket will be."""
    return tmp_path / "run" / "s.sock"


@pytest.fixture
def answers():
    """Return a station that answers."""
    return Answers()


@pytest.fixture
def serve(path, answers):
    """Start a server that is closed after the test."""
    with ExitStack() as stack:

        def start(**options) -> SocketServer:
            server = SocketServer(path, answers, **options)
            server.start()
            stack.callback(server.close)
            return server

        yield start


@pytest.fixture
def connect(path):
    """Connect to the server; each connection is closed after the test."""
    with ExitStack() as stack:

        def connection() -> socket.socket:
            sock = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            sock.connect(str(path))  # before the time limit: with one, a full queue is an error and not a wait
            sock.settimeout(60)
            return sock

        yield connection


def reply_on(sock: socket.socket) -> dict:
    """Return the next reply, decoded; {} at the end of the connection."""
    line = b""
    while not line.endswith(b"\n"):
        chunk = sock.recv(1)
        if not chunk:
            return {}
        line += chunk
    return json.loads(line)


def is_hung_up(sock: socket.socket) -> bool:
    """Tell whether the server has hung up; waits until it has."""
    try:
        return sock.recv(1) == b""
    except ConnectionResetError:
        return True


def test_requests_on_one_connection_are_answered_in_order(serve, connect):
    """Two lines in one packet and one in pieces: three replies, in order."""
    serve()
    sock = connect()
    sock.sendall(STATUS_LINE + b'{"do":"stop","who":"x"}\n{"do":"rec')
    assert [reply_on(sock)["do"], reply_on(sock)["do"]] == ["is", "done"]
    sock.sendall(b'ords"}\n')
    assert reply_on(sock)["do"] == "are"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"hello",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"do":"status"',
        b'{"do":"reboot"}',
        b'{"do":"status","more":1}',
        b'{"do":"play"}',
        b'{"do":"play","broadcast":"a","message":"b"}',
        b'{"do":"play","broadcast":7}',
        b'{"do":"play","broadcast":""}',
        b'{"do":"play","message":"m","origin":"schedule"}',
        b'{"do":"play","message":"m","who":"\\u001b[2J"}',
        b'{"do":"stop","who":"a\\n"}',
        b'{"do":"play","message":"m","priority":"programme"}',
        b'{"do":"play","broadcast":"a","bulletin":"b"}',
        b'{"do":"play","bulletin":"b","repeat":11}',
        b'{"do":"play","bulletin":"b","volume_percent":101}',
        b'{"do":"play","bulletin":"b","priority":"emergency"}',
        b'{"do":"play","bulletin":"b","priority":"emergency","occasion":"  "}',
        b'{"do":"play","bulletin":"b","occasion":"\\u001b[2J"}',
        b'{"do":"records","most":501}',
        b'{"do":"records","first":"yesterday"}',
        b"[" * 50_000,
    ],
)
def test_what_is_no_request_gets_a_sentence_and_the_next_is_answered(serve, connect, answers, line):
    """Not JSON, an unknown verb, a wrong field: a sentence in both languages, and the connection goes on."""
    serve()
    sock = connect()
    sock.sendall(line + b"\n" + STATUS_LINE)
    reply = reply_on(sock)
    assert reply["do"] == "unreadable"
    assert reply["zh"]
    assert reply["en"]
    assert reply_on(sock)["do"] == "is"
    assert answers.asked == [AskStatus()]


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_line_is_a_request_or_has_its_sentence(line):
    """No bytes end in a traceback."""
    assert isinstance(request_in(line), Play | Stop | AskStatus | AskRecords | Unreadable)


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_line_that_is_too_long_is_refused_and_the_connection_ended(serve, connect, answers, end):
    """Memory is bounded: one byte over the limit, with or without its end, is a sentence and the end."""
    serve()
    sock = connect()
    sock.sendall(b" " * (LONGEST_LINE_BYTES + 1) + end)
    reply = reply_on(sock)
    assert reply["do"] == "unreadable"
    assert str(LONGEST_LINE_BYTES) in reply["en"]
    assert is_hung_up(sock)
    assert answers.asked == []


def test_the_longest_line_that_is_allowed_is_answered(serve, connect):
    """A line of just the limit is read whole."""
    serve()
    sock = connect()
    sock.sendall(b'{"do":"status"}'.ljust(LONGEST_LINE_BYTES) + b"\n")
    assert reply_on(sock)["do"] == "is"


def test_who_is_filled_in_from_the_peer(serve, connect, answers):
    """A request that does not say who asks carries the user's name; one that says keeps it."""
    serve()
    sock = connect()
    sock.sendall(b'{"do":"play","message":"m"}\n{"do":"stop"}\n{"do":"stop","who":"\xe7\x8e\x8b"}\n')
    for _ in range(3):
        reply_on(sock)
    own = Peer(os.getuid(), frozenset()).name
    assert answers.asked == [Play(message="m", who=own), Stop(who=own), Stop(who="王")]


def test_a_fault_behind_the_socket_is_a_refusal_and_the_server_lives(serve, connect):
    """An exception in an answer reaches the log and the peer, and nobody else."""
    server = serve()
    sock = connect()
    sock.sendall(b'{"do":"play","message":"fault"}\n' + STATUS_LINE)
    assert reply_on(sock)["do"] == "refused"
    assert reply_on(sock)["do"] == "is"
    assert server.is_serving


def test_a_peer_that_does_not_finish_its_line_is_hung_up_on(serve, connect):
    """Half a request holds its place only as long as a line may take."""
    serve(patience=Patience(line=0.05, idle=60))
    sock = connect()
    sock.sendall(b'{"do":')
    assert is_hung_up(sock)


def test_a_silent_peer_is_hung_up_on(serve, connect):
    """A connection on which nothing is asked ends."""
    serve(patience=Patience(line=60, idle=0.05))
    assert is_hung_up(connect())


def test_a_peer_that_does_not_take_its_replies_is_hung_up_on(serve, connect):
    """Requests without end, replies never read: the reply that stays unsent ends it, and others are served."""
    serve(patience=Patience(line=0.05, idle=60))
    deaf = connect()
    with pytest.raises(OSError, match=r"[Bb]roken|reset"):
        while True:
            deaf.sendall(STATUS_LINE * 100)
    other = connect()
    other.sendall(STATUS_LINE)
    assert reply_on(other)["do"] == "is"


def test_silent_and_half_speaking_peers_delay_nobody(serve, connect):
    """With peers that wait, and one in the middle of a line, a question is answered at once."""
    serve()
    held = [connect() for _ in range(10)]
    held[0].sendall(b'{"do":')
    sock = connect()
    sock.sendall(STATUS_LINE)
    assert reply_on(sock)["do"] == "is"


def test_a_flood_of_connections_leaves_the_server_answering(serve, connect):
    """Of too many connections the oldest gives way, so that who comes after the flood is served."""
    server = serve(most_connections=4)
    flood = [connect() for _ in range(200)]
    sock = connect()
    sock.sendall(STATUS_LINE)
    assert reply_on(sock)["do"] == "is"
    assert all(is_hung_up(one) for one in flood[:196])
    assert server.is_serving


def test_only_its_owner_may_open_the_socket_where_there_is_no_group(serve, path):
    """Without the group the folder is 0700 and the socket 0600."""
    serve(group="no-such-group-here")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_socket_that_was_left_behind_is_replaced(serve, connect, path):
    """A dead process's file is in nobody's way."""
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))
    serve()
    sock = connect()
    sock.sendall(STATUS_LINE)
    assert reply_on(sock)["do"] == "is"


def test_a_second_speaker_is_told_so_and_the_first_goes_on(serve, connect, path):
    """Two speakers on one socket: one sentence for the second, nothing lost for the first."""
    serve()
    with pytest.raises(SpeakerAlreadyRuns, match="已经在运行"):
        SocketServer(path, Answers()).start()
    sock = connect()
    sock.sendall(STATUS_LINE)
    assert reply_on(sock)["do"] == "is"


def test_after_close_the_file_is_gone_and_a_new_server_may_start(path):
    """An orderly end leaves no socket and no lock that is held."""
    for _ in range(2):
        server = SocketServer(path, Answers())
        server.start()
        server.close()
        assert not path.exists()
        assert not server.is_serving


def test_close_hangs_up(path):
    """Who is connected when the speaker ends is not left waiting."""
    server = SocketServer(path, Answers())
    server.start()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.connect(str(path))
        sock.sendall(STATUS_LINE)
        reply_on(sock)
        server.close()
        assert is_hung_up(sock)


def test_a_folder_that_is_a_link_is_refused(path, tmp_path):
    """A runtime folder that somebody prepared in /tmp is not walked into."""
    (tmp_path / "elsewhere").mkdir()
    path.parent.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DoorClosed, match="不是本程序的"):
        SocketServer(path, Answers()).start()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_in_the_sockets_place_is_a_sentence(path):
    """What is not a socket is not deleted."""
    path.parent.mkdir()
    path.write_text("mine")
    with pytest.raises(DoorClosed, match="打不开"):
        SocketServer(path, Answers()).start()
    assert path.read_text() == "mine"


def test_a_path_that_is_too_long_is_a_sentence(tmp_path):
    """A path that no socket can have is said to be too long."""
    with pytest.raises(DoorClosed, match="太长"):
        SocketServer(tmp_path / ("x" * 120), Answers()).start()


@pytest.mark.parametrize(
    ("peer", "group", "allowed"),
    [
        (Peer(0, frozenset()), None, True),
        (Peer(1000, frozenset()), None, True),
        (Peer(1001, frozenset({50})), 50, True),
        (Peer(1001, frozenset({51, 1001})), 50, False),
        (Peer(1001, frozenset({50})), None, False),
    ],
)
def test_root_the_owner_and_the_group_may_use_it(peer, group, allowed):
    """Whoever else the kernel names is turned away."""
    assert peer.may_use(1000, group) is allowed


def test_the_kernel_names_the_peer():
    """The credentials are those of the process at the other end, its further groups among them."""
    left, right = socket.socketpair()
    with left, right:
        peer = peer_of(left)
    assert peer.uid == os.getuid()
    assert peer.groups == {os.getgid(), *os.getgroups()}


SERVE_WITHOUT_CHOWN = """
import grp, os, sys
from pathlib import Path
from speaker.socket.server import SocketServer

os.setgroups([])
os.setgid(grp.getgrnam("audio").gr_gid)
os.setuid(65534)

def refuse(*arguments):
    raise PermissionError(1, "Operation not permitted")

os.chown = refuse
server = SocketServer(Path(sys.argv[1]), print, group="audio")
server.start()
state = Path(sys.argv[1]).stat()
print(oct(state.st_mode & 0o777), state.st_gid == os.getgid())
server.close()
"""


@pytest.mark.skipif(os.getuid() != 0, reason="becoming another user needs root")
def test_a_process_of_the_group_shares_its_socket_without_a_chown():
    """The unit's sandbox forbids chown; its process has the group already, and so have its files."""
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, 65534, grp.getgrnam("audio").gr_gid)
        child = subprocess.run(
            [sys.executable, "-c", SERVE_WITHOUT_CHOWN, f"{folder}/run/s.sock"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert child.stdout.strip() == "0o660 True", child.stderr


PYTHON_FOR_ALL = shutil.which("python3", path="/usr/bin:/usr/local/bin")
ASK_AS_ANOTHER = """
import socket, sys
with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
    sock.settimeout(60)
    try:
        sock.connect(sys.argv[1])
        sock.sendall(b'{"do":"status"}\\n')
        print(sock.recv(64)[:12])
    except PermissionError:
        print("no permission")
"""


@pytest.mark.skipif(os.getuid() != 0, reason="becoming another user needs root")
@pytest.mark.skipif(PYTHON_FOR_ALL is None, reason="the other user needs a Python outside root's home")
@pytest.mark.parametrize(("groups", "heard"), [([], "no permission"), (["audio"], 'b\'{"do":"is","\'')])
def test_a_member_of_the_group_gets_in_and_another_user_does_not(groups, heard):
    """The real thing: modes, owner and credentials with a second user, in and out of the group."""
    with tempfile.TemporaryDirectory() as open_folder:  # pytest's own folders are closed to other users
        Path(open_folder).chmod(0o755)
        path = Path(open_folder) / "run" / "s.sock"
        server = SocketServer(path, Answers(), group="audio")
        server.start()
        try:
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o750
            assert stat.S_IMODE(path.stat().st_mode) == 0o660
            child = subprocess.run(
                [PYTHON_FOR_ALL, "-I", "-c", ASK_AS_ANOTHER, str(path)],
                user=65534,
                group=65534,
                extra_groups=groups,
                cwd="/",
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            server.close()
    assert child.stdout.strip() == heard, child.stderr
