"""What systemd is told, over a real datagram socket."""

from __future__ import annotations

import os
import socket

import pytest

from box.notify import Notifier


@pytest.fixture
def systemd(tmp_path):
    """Yield a socket like the one systemd listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.settimeout(60)
        yield sock


def test_ready_status_and_stopping_arrive(systemd):
    """Each call is one datagram in the words of sd_notify."""
    notifier = Notifier({"NOTIFY_SOCKET": systemd.getsockname()})
    notifier.ready()
    notifier.status("警苑小区 07:30\n下一次")
    notifier.stopping()
    heard = [systemd.recv(4096).decode() for _ in range(3)]
    assert heard == ["READY=1", "STATUS=警苑小区 07:30 下一次", "STOPPING=1"]


def test_an_abstract_address_is_understood():
    """A name that begins with @ is an address without a file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind("")  # the kernel picks an abstract name
        sock.settimeout(60)
        Notifier({"NOTIFY_SOCKET": "@" + sock.getsockname()[1:].decode()}).ready()
        assert sock.recv(64) == b"READY=1"


@pytest.mark.parametrize(
    ("variables", "interval"),
    [
        ({"WATCHDOG_USEC": "10000000"}, 5.0),
        ({"WATCHDOG_USEC": "10000000", "WATCHDOG_PID": str(os.getpid())}, 5.0),
        ({"WATCHDOG_USEC": "10000000", "WATCHDOG_PID": str(os.getpid() + 1)}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_only_where_it_watches_this_process(systemd, variables, interval):
    """The interval is half of what systemd allows, and without a watchdog nothing is sent."""
    notifier = Notifier({"NOTIFY_SOCKET": systemd.getsockname(), **variables})
    assert notifier.watchdog_interval_seconds == interval
    notifier.watchdog()
    notifier.ready()
    heard = systemd.recv(64)
    assert heard == (b"READY=1" if interval is None else b"WATCHDOG=1")


def test_without_systemd_nothing_is_sent():
    """In a terminal every call does nothing."""
    notifier = Notifier({})
    notifier.ready()
    notifier.watchdog()
    notifier.stopping()


def test_a_systemd_that_is_gone_is_logged_and_harms_nothing(tmp_path, caplog):
    """A notice that nobody takes is a warning, not the end of the speaker."""
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready()
    assert "READY=1" in caplog.text
