"""Drives the amplifier's relay off: what systemd runs after the speaker has ended, also when it was killed.

The Pi's kernel keeps an output driven after its process is gone, so a killed speaker would leave the amplifier humming.
Two seconds are promised, and a slow board needs more only to start Python with gpiozero: so this is a script by
itself, ``python3 -I -S relay_off.py NOTE``, that loads nothing of ours or of a library's and asks the kernel directly
(its GPIO character device, version 2: linux/gpio.h). NOTE is what the speaker wrote down before it took the pin: the
number of the chip, the line on it, and the level that is off. Without a note it has never had one.
"""

import fcntl
import os
import struct
import sys

_GET_LINE = 0xC250B407  # GPIO_V2_GET_LINE_IOCTL: _IOWR(0xB4, 0x07, struct gpio_v2_line_request)
_OUTPUT = 1 << 3  # GPIO_V2_LINE_FLAG_OUTPUT
_VALUES = 2  # GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES
_LARGEST_NOTE_BYTES = 64


def request_for(line: int, level: int) -> bytes:
    """Return the kernel's ``gpio_v2_line_request`` for one line, as an output that is at ``level`` at once."""
    attributes = struct.pack("=IIQQ", _VALUES, 0, level, 1) + bytes(9 * 24)
    config = struct.pack("=QI20x", _OUTPUT, 1) + attributes
    return struct.pack("=I252x32s", line, b"xiaolaba") + config + struct.pack("=II20xi", 1, 0, 0)


def noted(text: str) -> tuple[int, int, int]:
    """Return the chip, the line and the level in a note. Raises ValueError for anything else."""
    chip, line, level = map(int, text.split())
    if not (0 <= chip < 64 and 0 <= line < 1024 and level in {0, 1}):
        raise ValueError(text)
    return chip, line, level


def main(note: str) -> int:
    """Do it; 0 done, or nothing to do; 1 not done, with a word on standard error."""
    try:
        with open(note, encoding="ascii") as file:  # noqa: PTH123 - pathlib takes as long to load as all of this
            chip, line, level = noted(file.read(_LARGEST_NOTE_BYTES))
    except FileNotFoundError:
        return 0
    except (OSError, ValueError) as error:
        sys.stderr.write(f"功放引脚的记录读不出来 · the note of the amplifier's pin can't be read: {error}\n")
        return 1
    try:
        # Not closed: the process ends, and whoever lets go of a line may find it an input.
        fcntl.ioctl(os.open(f"/dev/gpiochip{chip}", os.O_RDWR), _GET_LINE, bytearray(request_for(line, level)))
    except OSError as error:
        sys.stderr.write(f"功放关不掉（GPIO {line}） · the amplifier can't be driven off: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
