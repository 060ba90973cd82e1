"""Forces the amplifier's relay off: what systemd runs after the speaker ended, also when it was killed.

The Pi's kernel keeps an output driven after its process is gone, so a killed speaker would leave the amplifier
humming: ``python -m speaker.pins.relay_off --settings FILE --data DIR``. The pin is the one that the speaker had.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from box.clock import SystemClock
from box.folders import Folders
from box.sentences import XiaolabaError, language_of
from box.settings import Gpio, Settings, read_settings
from box.settings_in_force import settings_in_force
from speaker.pins.board import Pins, open_pins


def relay_off(gpio: Gpio, factory: object | None = None) -> Pins:
    """Drive the amplifier's pin to off, where one is named, and return it: let go of, it would float."""
    return open_pins(Gpio(amplifier_pin=gpio.amplifier_pin, amplifier_active_high=gpio.amplifier_active_high), factory)


def main() -> None:
    """Read the settings, force the relay off, and end the process: 0 done, 1 not."""
    parser = argparse.ArgumentParser(prog="speaker.pins.relay_off", description="force the amplifier relay off")
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="where the speaker keeps what the settings last were")
    arguments = parser.parse_args()
    try:
        pins = relay_off(_settings(arguments.settings, arguments.data).gpio)
    except XiaolabaError as error:
        sys.exit(error.sentence.text(language_of(os.environ)))
    for alarm in pins.alarms:
        sys.stderr.write(f"{alarm.zh} · {alarm.en}\n")
    sys.stderr.flush()
    # Not sys.exit: on the way out gpiozero would turn the pin into an input, which leaves the relay to float.
    os._exit(1 if pins.alarms else 0)


def _settings(path: Path, data: Path | None) -> Settings:
    if data is None:
        return read_settings(path)
    return settings_in_force(path, Folders(data, data).speaker, SystemClock()).settings


if __name__ == "__main__":
    main()
