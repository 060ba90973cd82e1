"""The installer's settings: ``settings.toml``, out of the panel's reach."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from box.sentences import XiaolabaError

Percent = Annotated[int, Meta(ge=0, le=100)]
Loudspeaker = Literal["horn", "box", "flat"]
Pin = Annotated[int, Meta(ge=0, le=27)]  # the BCM numbers of the 40-pin header
_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z"
MOST_CONTACTS = 8
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKLY = rf"^({'|'.join(WEEKDAYS)}) ([01]\d|2[0-3]):[0-5]\d\Z"


class SettingsInvalid(XiaolabaError):
    """``settings.toml`` can't be used; nothing sounds until it can, because the limits are in it."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: a key that is not known is a fault, not a silent default."""


class Audio(Section, frozen=True, kw_only=True):
    """``[audio]``. A ``device`` (an ALSA name) that is named and can't be opened is an alarm with retries.

    ``loudspeaker`` says which band is worth rendering: of a horn, of a loudspeaker in a box, or all of it.
    ``sentence_pause_ms`` is for a courtyard that echoes: 0 leaves the voice its own pauses.
    """

    device: str | None = None
    lead_in_ms: Annotated[int, Meta(ge=0, le=5000)] = 500  # codecs and amplifiers swallow 24-441 ms (read)
    tail_ms: Annotated[int, Meta(ge=0, le=5000)] = 200
    loudspeaker: Loudspeaker = "box"
    sentence_pause_ms: Annotated[int, Meta(ge=0, le=3000)] = 0


class Gpio(Section, frozen=True, kw_only=True):
    """``[gpio]``, BCM numbers. A pin that is not named is not missed."""

    amplifier_pin: Pin | None = None
    amplifier_active_high: bool = True
    lamp_pin: Pin | None = None
    button_pin: Pin | None = None


class Contact(Section, frozen=True, kw_only=True):
    """``[[contacts]]``: a dry contact (a fire panel's relay, a guard's button) and the message that it has said.

    ``normally`` is how the contact on ``pin`` is at rest. ``pull`` is where the pin is drawn while it is open: "up",
    the contact goes to ground; "down", to 3.3 V; "none", by a resistor or an input board outside, where a low pin is a
    closed contact. ``rest_pin`` supervises the wires: the other side of a change-over contact, closed at rest.

    While it is active the message is said again ``gap_seconds`` after each end, ``most_repeats`` times in all. ``ends``
    is what the return to rest does to words that sound. ``test_every_days`` reminds of a test; 0 never does.
    """

    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=_ONE_LINE)]
    pin: Pin
    message: Annotated[str, Meta(min_length=1, max_length=64)]
    rest_pin: Pin | None = None
    normally: Literal["open", "closed"] = "open"
    pull: Literal["up", "down", "none"] = "up"
    priority: Literal["page", "emergency"] = "page"
    occasion: Annotated[str, Meta(max_length=60, pattern=_ONE_LINE)] = ""
    repeat: bool = True
    gap_seconds: Annotated[int, Meta(ge=1, le=600)] = 10
    most_repeats: Annotated[int, Meta(ge=1, le=200)] = 30
    ends: Literal["after-message", "at-once"] = "after-message"
    debounce_ms: Annotated[int, Meta(ge=10, le=5000)] = 50
    test_every_days: Annotated[int, Meta(ge=0, le=400)] = 0

    def __post_init__(self) -> None:
        """Hold together what depends on one another."""
        if self.priority == "emergency" and not self.occasion.strip():
            raise ValueError("an emergency needs its `occasion`: say why it sounds")
        if self.rest_pin is not None and (self.normally == "closed" or self.rest_pin == self.pin):
            raise ValueError(
                '`rest_pin` is the other side of a contact that is `normally = "open"`, on a pin of its own'
            )


class Heard(Section, frozen=True, kw_only=True):
    """``[heard]``: a microphone near the loudspeaker, by its ALSA name, that tells whether an airing was heard.

    Off while no ``device`` is named. ``self_test`` is when a quiet signal sounds each week ("mon 10:00", local to the
    limits' time zone) to be listened to; never, where it is not given.
    """

    device: Annotated[str, Meta(min_length=1, max_length=200, pattern=_ONE_LINE)] | None = None
    self_test: Annotated[str, Meta(pattern=_WEEKLY)] | None = None
    self_test_percent: Percent = 30

    def __post_init__(self) -> None:
        """Hold the self-test to a microphone: without one it would only be noise."""
        if self.self_test is not None and self.device is None:
            raise ValueError("`self_test` needs the `device` that listens to it")


class Limits(Section, frozen=True, kw_only=True):
    """``[limits]``: what holds whoever asks. ``quiet_hours`` may cross midnight; empty means none.

    ``page_gap_seconds`` is how long after a page none may sound again, whoever asks; an emergency may.
    """

    timezone: str = "Asia/Shanghai"
    quiet_hours: str = "21:30-06:30"
    loudest_percent: Percent = 100
    longest_minutes: Annotated[int, Meta(ge=1, le=240)] = 20
    longest_minutes_per_day: Annotated[int, Meta(ge=1, le=1440)] = 120
    page_gap_seconds: Annotated[int, Meta(ge=0, le=3600)] = 0
    emergency_at_night: bool = False

    def quiet(self) -> tuple[time, time] | None:
        """Return the start and end of the quiet hours, local to ``timezone``, or None. Raises ValueError."""
        if not self.quiet_hours:
            return None
        start, end = (time.fromisoformat(part.strip()) for part in self.quiet_hours.partition("-")[::2])
        if start.tzinfo is not None or end.tzinfo is not None:
            raise ValueError("`quiet_hours` are local to `timezone`: leave out the offset")
        return start, end


class Panel(Section, frozen=True, kw_only=True):
    """``[panel]``: where the panel listens. ``https_port`` is for the encrypted address; 0 is off.

    ``announce`` says whether the box tells the LAN its name (mDNS).
    """

    host: str = "0.0.0.0"  # noqa: S104 - the secretary's phone is on the LAN
    port: Annotated[int, Meta(ge=1, le=65535)] = 8080
    https_port: Annotated[int, Meta(ge=0, le=65535)] = 0
    announce: bool = True


class Settings(Section, frozen=True, kw_only=True):
    """The whole file; every table may be missing."""

    audio: Audio = Audio()
    gpio: Gpio = Gpio()
    limits: Limits = Limits()
    panel: Panel = Panel()
    heard: Heard = Heard()
    contacts: Annotated[tuple[Contact, ...], Meta(max_length=MOST_CONTACTS)] = ()

    def __post_init__(self) -> None:
        """Hold each contact to a name of its own, by which it is known on record."""
        names = [contact.name for contact in self.contacts]
        if len(set(names)) < len(names):
            raise ValueError("two `contacts` have the same `name`")


def unbound(contacts: Iterable[Contact], messages: Collection[str]) -> tuple[Contact, ...]:
    """Return the contacts whose message is none of ``messages``."""
    return tuple(contact for contact in contacts if contact.message not in messages)


def read_settings(path: Path) -> Settings:
    """Return the settings in ``path``, or the defaults where there is no such file.

    Raises SettingsInvalid naming the key, for a file that is broken in any way: limits are never guessed.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsInvalid(f"设置文件读不出来：{path}（{error}）", f"{path} can't be read: {error}") from error
    return parse_settings(path, content)


def parse_settings(path: Path, content: bytes) -> Settings:
    """Return the settings in ``content``, which is that of ``path``. Raises SettingsInvalid naming the key."""
    try:
        settings = msgspec.convert(tomllib.loads(content.decode("utf-8")), Settings)
        settings.limits.quiet()
        ZoneInfo(settings.limits.timezone)
    except UnicodeDecodeError as error:
        raise SettingsInvalid(f"设置文件读不出来：{path}（{error}）", f"{path} can't be read: {error}") from error
    except (ValueError, LookupError, OSError, RecursionError) as error:  # OSError: a folder among the time zones
        raise SettingsInvalid(
            f"设置文件有错，请安装人员修改 {path}：{error}", f"{path} has a mistake, please mend it: {error}"
        ) from error
    return settings
