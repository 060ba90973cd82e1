"""The note of the amplifier's pin, and what drives it off when the speaker is dead.

That the kernel understands the request is shown by ``tests/faults/test_amplifier_off.py``, by its own header.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from box.settings import Gpio
from speaker.pins import relay_off
from speaker.pins.board import NOTE, open_pins
from speaker.pins.relay_off import noted, request_for


class NoPins:
    """A factory of chip 4 that has no pin."""

    chip = 4


@pytest.mark.parametrize(
    ("gpio", "note"),
    [
        (Gpio(amplifier_pin=17), "4 17 0\n"),
        (Gpio(amplifier_pin=5, amplifier_active_high=False), "4 5 1\n"),
        (Gpio(lamp_pin=27), None),
        (Gpio(), None),
    ],
)
def test_the_pin_is_noted_before_it_is_taken(tmp_path: Path, gpio: Gpio, note: str | None) -> None:
    """With its chip and the level that is off; where no pin is named there is no note."""
    pins = open_pins(gpio, work_folder=tmp_path, own_factory=NoPins)
    pins.close()
    file = tmp_path / NOTE
    assert (file.read_text() if file.exists() else None) == note


def test_a_pin_that_is_the_amplifiers_no_more_is_noted_no_more(tmp_path: Path) -> None:
    """The folder stays while the speaker is restarted with other settings; a button may hang on that pin now."""
    open_pins(Gpio(amplifier_pin=17), work_folder=tmp_path, own_factory=NoPins).close()
    open_pins(Gpio(button_pin=17), work_folder=tmp_path, own_factory=NoPins).close()
    assert not (tmp_path / NOTE).exists()


def test_where_the_pin_can_not_be_noted_it_is_not_taken(tmp_path: Path) -> None:
    """It could not be driven off by another: an alarm, and tried again."""
    (tmp_path / NOTE).mkdir()
    pins = open_pins(Gpio(amplifier_pin=17), work_folder=tmp_path, own_factory=NoPins)
    assert [alarm.code for alarm in pins.alarms] == ["amplifier-pin"]
    pins.close()


@pytest.mark.parametrize("text", ["", "0", "0 17", "0 17 2", "0 17 1 1", "a 17 0", "-1 17 0", "64 17 0", "0 9999 0"])
def test_what_is_no_note_moves_no_pin(text: str) -> None:
    """Not even one near it."""
    with pytest.raises(ValueError, match=r".*"):
        noted(text)


def test_a_note_names_chip_line_and_level() -> None:
    """As the speaker wrote them."""
    assert noted("4 17 1\n") == (4, 17, 1)


def test_a_request_has_the_kernels_size() -> None:
    """The number of the ioctl says it: 592 bytes."""
    assert len(request_for(17, 1)) == 592 == (relay_off._GET_LINE >> 16) & 0x3FFF


@pytest.mark.parametrize(("note", "status"), [(None, 0), ("rubble", 1), ("63 17 0\n", 1)])
def test_it_ends_with_a_status_systemd_understands(tmp_path: Path, note: str | None, status: int) -> None:
    """No note is nothing to do; a note that is none, and a chip that is not there, are a sentence and 1."""
    file = tmp_path / NOTE
    if note is not None:
        file.write_text(note)
    child = subprocess.run(
        [sys.executable, "-I", "-S", relay_off.__file__, str(file)], capture_output=True, text=True, check=False
    )
    assert child.returncode == status
    assert bool(child.stderr) == bool(status)
    assert "Traceback" not in child.stderr


def test_it_loads_nothing_but_what_the_interpreter_has(tmp_path: Path) -> None:
    """What it imports is there before any file is read, so that a slow board takes no seconds for it."""
    words = [sys.executable, "-I", "-S", "-X", "importtime", relay_off.__file__, str(tmp_path / NOTE)]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stderr
    loaded = {line.rpartition("|")[2].strip() for line in told.splitlines() if line.startswith("import time:")}
    assert not loaded & {"re", "argparse", "pathlib", "gpiozero", "lgpio", "logging", "typing", "enum"}
