"""What ``doctor`` finds, on machines of every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from box.folders import INSTALLED_DATA, Folders
from cli.checkup import Probes, check_up
from speaker.client import SpeakerAway
from speaker.condition import Alarm, ClockStatus
from speaker.protocol import Status
from speaker.trust.states import Proof, Trust

WELL = Status(
    version="0.1.0",
    now=datetime(2026, 1, 17, 0, 0, tzinfo=UTC),
    zone="警苑小区",
    timezone="Asia/Shanghai",
    revision="0123456789abcdef",
    card="card",
    amplifier="none",
    quiet_now=False,
    quiet_hours="21:30-06:30",
    silenced=False,
    sounding=None,
    today=(),
    next_due=None,
    alarms=(),
)


def answering(**changes: Any) -> Callable[[], Status]:
    """Return a speaker that answers with that status."""
    fields = {name: getattr(WELL, name) for name in WELL.__struct_fields__}
    return lambda: Status(**{**fields, **changes})


def away() -> Status:
    """Be a speaker that is not there."""
    raise SpeakerAway("没有运行", "not running")


HEALTHY = Probes(
    which=lambda name: f"/usr/bin/{name}",
    exists=lambda path: True,
    free_bytes=lambda path: 10_000_000_000,
    clock_is_synchronised=lambda: True,
    unit_is_active=lambda unit: True,
    unit_has_failed=lambda unit: False,
    systemd_runs=lambda: True,
    status=answering(),
    has_lgpio=lambda: True,
)
INSTALLED = Folders(INSTALLED_DATA, Path("/run/xiaolaba"))


def wrong(probes: Probes, folders: Folders, settings: Path) -> set[str]:
    """Return the codes of what needs a person."""
    return {finding.code for finding in check_up(folders, settings, probes) if finding.state == "wrong"}


@pytest.mark.parametrize(
    ("clock", "synchronised", "state", "said"),
    [
        (ClockStatus(trust=Trust.SYNCHRONISED, proof=Proof.SYNCHRONISED), True, "good", "核对"),
        (ClockStatus(trust=Trust.KEPT, proof=Proof.CHIP), False, "good", "时钟模块"),
        (ClockStatus(trust=Trust.KEPT, proof=Proof.PERSON, wants_checking=True), False, "note", "很久没有核对"),
        (ClockStatus(trust=Trust.ASSUMED), False, "note", "没有核对"),
        (ClockStatus(trust=Trust.UNTRUSTED), False, "wrong", "DS3231"),
        (ClockStatus(trust=Trust.UNTRUSTED), True, "wrong", "systemd-timesyncd"),
    ],
)
def test_the_clock_is_as_far_believed_as_the_speaker_does(clock, synchronised, state, said):
    """It knows what proves it; an untrusted one needs a person, and the mend is told."""
    probes = replace(HEALTHY, status=answering(clock=clock), clock_is_synchronised=lambda: synchronised)
    (found,) = [one for one in check_up(INSTALLED, Path("/etc/xiaolaba/settings.toml"), probes) if one.code == "clock"]
    assert found.state == state
    assert said in found.what.zh + (found.mend.zh if found.mend else "")


def test_a_healthy_box_needs_nobody(tmp_path: Path) -> None:
    """Everything is good, installed and in a checkout."""
    assert wrong(HEALTHY, INSTALLED, tmp_path / "none") == set()
    assert wrong(HEALTHY, Folders(tmp_path, tmp_path), tmp_path / "none") == set()


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"which": lambda name: None}, {"espeak-ng", "ffmpeg"}),
        ({"free_bytes": lambda path: 1_000_000}, {"disk"}),
        ({"clock_is_synchronised": lambda: False, "status": away}, {"clock", "speaker"}),
        ({"unit_is_active": lambda unit: unit != "xiaolaba-speaker.service"}, {"xiaolaba-speaker.service"}),
        ({"unit_has_failed": lambda unit: unit == "xiaolaba-copy.service"}, {"xiaolaba-copy.service"}),
        ({"status": away}, {"speaker"}),
        ({"status": answering(card="missing")}, {"speaker"}),
        ({"status": answering(alarms=(Alarm(code="full", zh="满", en="full"),))}, {"alarm-full"}),
    ],
)
def test_what_is_wrong_with_an_installed_box_is_named(changes: dict[str, Any], codes: set[str], tmp_path: Path) -> None:
    """One thing at a time is broken, and that thing alone is found."""
    assert wrong(replace(HEALTHY, **changes), INSTALLED, tmp_path / "none") == codes


def test_in_a_checkout_a_speaker_that_does_not_run_is_no_fault(tmp_path: Path) -> None:
    """Nor is a clock that nobody has checked: ``run`` takes it on trust and says so."""
    probes = replace(HEALTHY, status=away, clock_is_synchronised=lambda: False)
    assert wrong(probes, Folders(tmp_path, tmp_path), tmp_path / "none") == set()


def test_units_that_are_not_there_are_found(tmp_path: Path) -> None:
    """An installation without its units would not start at the next boot."""
    probes = replace(HEALTHY, exists=lambda path: path.suffix not in {".service", ".target"})
    assert "xiaolaba.target" in wrong(probes, INSTALLED, tmp_path / "none")


def test_a_box_that_is_no_hub_lacks_no_hub(tmp_path: Path) -> None:
    """Its unit does not start there, and that is as it should be."""
    probes = replace(HEALTHY, unit_is_active=lambda unit: unit != "xiaolaba-hub.service")
    assert wrong(probes, INSTALLED, tmp_path / "none") == set()


def test_a_template_is_not_asked_how_it_ended(tmp_path: Path) -> None:
    """Systemd has no word on it but a complaint, seen in the middle of what doctor told."""
    asked: list[str] = []
    wrong(replace(HEALTHY, unit_has_failed=lambda unit: bool(asked.append(unit))), INSTALLED, tmp_path / "none")
    assert "xiaolaba-copy.service" in asked
    assert not [unit for unit in asked if "@." in unit]


def test_broken_settings_are_found_with_their_key(tmp_path: Path) -> None:
    """The limits can't be read: the file is named as what to mend."""
    settings = tmp_path / "settings.toml"
    settings.write_text("[limits]\nloudest_percent = 900\n", encoding="utf-8")
    findings = {finding.code: finding for finding in check_up(INSTALLED, settings, HEALTHY)}
    assert findings["settings"].state == "wrong"
    assert "loudest_percent" in findings["settings"].what.en


@pytest.mark.parametrize(("there", "state"), [(True, "good"), (False, "wrong")])
def test_named_pins_must_be_there(there: bool, state: str, tmp_path: Path) -> None:
    """A pin that is named on a machine without pins needs a person; none named is as the installer wants it."""
    settings = tmp_path / "settings.toml"
    settings.write_text("[gpio]\namplifier_pin = 17\n", encoding="utf-8")
    probes = replace(HEALTHY, exists=lambda path: there or path.name != "gpiochip0")
    findings = {finding.code: finding.state for finding in check_up(INSTALLED, settings, probes)}
    assert findings["pins"] == state


def test_without_the_library_for_the_pins_doctor_says_where_it_comes_from(tmp_path: Path) -> None:
    """Debian 13 has none, and a package may be installed there: where a pin is named, a person is needed."""
    settings = tmp_path / "settings.toml"
    settings.write_text("[gpio]\namplifier_pin = 17\n", encoding="utf-8")
    probes = replace(HEALTHY, has_lgpio=lambda: False)
    [found] = [finding for finding in check_up(INSTALLED, settings, probes) if finding.code == "pins"]
    assert found.state == "wrong"
    assert found.mend is not None
    assert "apt install python3-lgpio" in found.mend.en
    assert "pip install adafruit-lgpio" in found.mend.zh
    settings.write_text("", encoding="utf-8")
    [found] = [finding for finding in check_up(INSTALLED, settings, probes) if finding.code == "pins"]
    assert found.state == "note"


def test_everything_wrong_says_how_to_mend_it(tmp_path: Path) -> None:
    """Doctor's use is the second half of the sentence."""
    probes = replace(
        HEALTHY,
        which=lambda name: None,
        exists=lambda path: path == Path("/"),
        free_bytes=lambda path: 0,
        clock_is_synchronised=lambda: False,
        status=away,
    )
    findings = check_up(INSTALLED, tmp_path / "none", probes)
    assert all(finding.mend for finding in findings if finding.state == "wrong")
