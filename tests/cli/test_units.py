"""The units: what they promise about restarts and confinement."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from box.folders import INSTALLED_CLOCK_SETTER, share
from box.guarded import copy_of
from fleet.enrol.membership import MEMBERSHIP
from speaker.pins.board import NOTE
from web.pulse import ASK_SECONDS, PATIENCE_SECONDS

UNITS = share() / "systemd"
SERVICES = ("xiaolaba-speaker.service", "xiaolaba-panel.service", "xiaolaba-fleet.service", "xiaolaba-hub.service")


class Repeats(dict[str, str]):
    """Keeps every value of a key that is repeated, as systemd does."""

    def __setitem__(self, key: str, value: object) -> None:
        """Add to what is there, while the parser hands in lists."""
        if key in self and isinstance(value, list):
            value = [*self[key], *value]
        super().__setitem__(key, value)  # type: ignore[assignment]  # lists while parsing, text afterwards


def service(name: str, section: str = "Service") -> dict[str, str]:
    """Return a section of a unit, repeated keys joined by newlines."""
    parser = configparser.RawConfigParser(strict=False, dict_type=Repeats, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    parser.read(UNITS / name, encoding="utf-8")
    return dict(parser[section])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_started_again_for_ever(name: str) -> None:
    """No count of crashes makes systemd give up: the box is alone in its courtyard."""
    assert service(name)["Restart"] == "always"
    assert service(name, "Unit")["StartLimitIntervalSec"] == "0"


def test_the_speaker_has_no_network_and_only_its_devices() -> None:
    """A Unix socket, the sound card and the pins: that is all it reaches."""
    speaker = service("xiaolaba-speaker.service")
    assert speaker["RestrictAddressFamilies"] == "AF_UNIX"
    assert speaker["PrivateNetwork"] == "yes"
    assert speaker["DevicePolicy"] == "closed"
    assert speaker["DeviceAllow"].split("\n") == ["char-alsa rw", "char-gpiochip rw"]
    assert "PrivateDevices" not in speaker


def test_a_card_that_comes_after_the_speaker_is_within_its_reach() -> None:
    """The kernel's sound core is there before the speaker starts: without it the device rule would allow nothing."""
    unit = service("xiaolaba-speaker.service", "Unit")
    assert "modprobe@snd.service" in unit["Wants"].split()
    assert "modprobe@snd.service" in unit["After"].split()


def test_the_relay_goes_off_whatever_ended_the_speaker() -> None:
    """After SIGKILL and the watchdog too: the kernel would keep the pin driven."""
    speaker = service("xiaolaba-speaker.service")
    assert speaker["ExecStopPost"] == f"-/usr/bin/python3 -I -S /usr/lib/xiaolaba/relay-off /run/xiaolaba/{NOTE}"
    assert speaker["Type"] == "notify"
    assert int(speaker["WatchdogSec"]) > 0


def test_what_drives_the_relay_off_has_time_on_a_slow_board() -> None:
    """Much may start there at the same time. A speaker that hangs is waited for no longer than before."""
    speaker = service("xiaolaba-speaker.service")
    assert int(speaker["TimeoutStopSec"]) >= 30  # more than 5 s were measured on an emulated board
    assert int(speaker["TimeoutAbortSec"]) <= 5


def test_a_panel_that_hangs_is_started_anew() -> None:
    """Nobody is there to pull the plug. It is given minutes, and asks itself more often than that."""
    panel = service("xiaolaba-panel.service")
    assert int(panel["WatchdogSec"]) > 2 * (ASK_SECONDS + PATIENCE_SECONDS)
    assert panel["Restart"] == "always"


def test_neither_waits_for_the_clock_or_the_network() -> None:
    """An offline box must not stay mute for ever: nothing is required but what is ours."""
    for name in SERVICES:
        assert not {"Requires", "Requisite", "BindsTo"} & set(service(name, "Unit"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """Every key and value is known to the systemd of this machine."""
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8")
        # The program of an installation is not here: any program does for the check.
        for program in ("/opt/xiaolaba/venv/bin/python", "/usr/bin/python3", "/usr/bin/xiaolaba"):
            text = text.replace(program, "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert [line for line in done.stderr.splitlines() if "xiaolaba" in line] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("xiaolaba-speaker.service", 1.0),
        ("xiaolaba-panel.service", 1.5),
        ("xiaolaba-fleet.service", 1.5),
        ("xiaolaba-hub.service", 1.5),
        ("xiaolaba-clock.service", 1.6),
        ("xiaolaba-restart.service", 1.0),
        ("xiaolaba-checkup.service", 2.8),  # it looks as root, who may read all and become each user
        ("xiaolaba-copy.service", 4.3),  # it mounts a stick, which nobody can who has no rights
        ("xiaolaba-stick@.service", 5.0),  # as the one before; and it sees the machine's addresses
    ],
)
def test_a_service_is_confined(name: str, most: float) -> None:
    """Its exposure, as systemd reckons it from 0 to 10 (a bare unit has 9.2), is small."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNITS / name)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found, done.stderr
    assert float(found.group(1)) <= most


def test_the_hub_starts_only_where_this_box_is_one() -> None:
    """A box that is none has the unit, the user and nothing more; the room of one that is, is nobody else's."""
    assert service("xiaolaba-hub.service", "Unit")["ConditionPathExists"] == "/var/lib/xiaolaba/hub/hub.json"
    hub = service("xiaolaba-hub.service")
    assert (hub["User"], hub["StateDirectoryMode"]) == ("xiaolaba-hub", "0700")
    assert hub["CapabilityBoundingSet"] == ""


def test_a_stick_is_looked_at_by_root_who_can_little_else() -> None:
    """For as long as it is in; it reaches disks and no other device, and nothing of the network."""
    unit = service("xiaolaba-stick@.service")
    assert unit["ExecStart"] == "/usr/bin/xiaolaba stick /dev/%i"
    assert "CAP_SYS_RAWIO" not in unit["CapabilityBoundingSet"]
    assert (unit["DevicePolicy"], unit["DeviceAllow"], unit["IPAddressDeny"]) == ("closed", "block-sd rw", "any")
    assert service("xiaolaba-stick@.service", "Unit")["BindsTo"] == "dev-%i.device"
    rules = (share() / "packaging/stick.rules").read_text(encoding="utf-8")
    assert 'KERNEL=="sd*"' in rules
    assert 'ENV{ID_BUS}=="usb"' in rules


def test_only_the_speaker_may_ask_for_the_clock_to_be_set() -> None:
    """Its helper is root with that one right and no network; a compromised panel can't reach it."""
    listens = service("xiaolaba-clock.socket", "Socket")
    assert (listens["SocketUser"], listens["SocketMode"]) == ("xiaolaba-speaker", "0600")
    assert listens["ListenDatagram"] == str(INSTALLED_CLOCK_SETTER)
    helper = service("xiaolaba-clock.service")
    assert helper["CapabilityBoundingSet"] == "CAP_SYS_TIME"
    assert helper["RestrictAddressFamilies"] == "AF_UNIX"
    assert helper["DeviceAllow"] == "char-rtc rw"


def test_the_agent_runs_where_the_box_has_joined_a_hub_and_nowhere_else() -> None:
    """A box that never joins anything has no third process; one that joins needs no root to start it."""
    membership = Path("/var/lib/xiaolaba/fleet") / MEMBERSHIP
    joins = [str(membership), str(copy_of(membership)), "/var/lib/xiaolaba/panel/join-ticket.json"]
    conditions = service("xiaolaba-fleet.service", "Unit")["ConditionPathExists"].split("\n")
    assert conditions == [f"|{path}" for path in joins]
    assert service("xiaolaba-fleet.path", "Path")["PathExists"].split("\n") == joins
    agent = service("xiaolaba-fleet.service")
    assert agent["SocketBindDeny"] == "any"
    assert agent["SocketBindAllow"] == "ipv4:tcp"  # without it paho, which makes its pair of sockets so, ends at once


def test_the_agent_of_a_box_that_has_left_is_not_started_again() -> None:
    """It ends with 0 then. Conditions are no help: systemd asks none before the restart of a service that has ended."""
    assert service("xiaolaba-fleet.service")["RestartPreventExitStatus"] == "0"
