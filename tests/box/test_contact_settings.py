"""The contacts in the installer's settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from box.settings import MOST_CONTACTS, SettingsInvalid, parse_settings

FILE = Path("/etc/xiaolaba/settings.toml")
WHOLE = """
[[contacts]]
name = "消防主机"
pin = 5
rest_pin = 6
message = "fire"
priority = "emergency"
occasion = "消防主机报火警"
gap_seconds = 15
most_repeats = 20
ends = "at-once"
debounce_ms = 100
test_every_days = 30
[[contacts]]
name = "门卫按钮"
pin = 16
message = "home"
"""


def test_contacts_are_read_with_their_defaults() -> None:
    """A button needs no more than its name, its pin and what it has said."""
    fire, button = parse_settings(FILE, WHOLE.encode()).contacts
    assert (fire.rest_pin, fire.priority, fire.ends, fire.most_repeats) == (6, "emergency", "at-once", 20)
    assert (button.normally, button.pull, button.priority, button.debounce_ms) == ("open", "up", "page", 50)


@pytest.mark.parametrize(
    ("was", "becomes", "names"),
    [
        ('occasion = "消防主机报火警"', 'occasion = " "', "occasion"),
        ("rest_pin = 6", "rest_pin = 5", "rest_pin"),
        ("rest_pin = 6", 'rest_pin = 6\nnormally = "closed"', "rest_pin"),
        ("pin = 16", "pin = 40", "contacts"),
        ("门卫按钮", "消防主机", "name"),
        ("门卫按钮", r"a\nb", "name"),
        ("pin = 16", "pin = 16\nrepaet = true", "repaet"),
        ("gap_seconds = 15", "gap_seconds = 0", "gap_seconds"),
    ],
)
def test_a_mistake_is_named(was: str, becomes: str, names: str) -> None:
    """None is guessed: an emergency without its occasion, a rest side that is none, a name twice, a slip of a key."""
    assert was in WHOLE
    with pytest.raises(SettingsInvalid) as error:
        parse_settings(FILE, WHOLE.replace(was, becomes).encode())
    assert names in error.value.sentence.en


def test_there_are_not_more_than_the_header_has_room_for() -> None:
    """What is asked of each look stays small."""
    text = "".join(f'[[contacts]]\nname = "{n}"\npin = {n}\nmessage = "m"\n' for n in range(MOST_CONTACTS + 1))
    with pytest.raises(SettingsInvalid):
        parse_settings(FILE, text.encode())
