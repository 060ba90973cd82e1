"""Which settings a process runs by: the installer's file, or what it last was when it was good."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from box.aside import all_aside, put_aside
from box.clock import Clock
from box.durable import replace_file
from box.sentences import Sentence, XiaolabaError
from box.settings import Settings, SettingsInvalid, parse_settings, read_settings

logger = logging.getLogger(__name__)

_COPY = "settings.good.toml"


@dataclass(frozen=True)
class InForce:
    """The settings that count; ``trouble`` says why they are not those of the file, None where they are."""

    settings: Settings
    trouble: Sentence | None = None


def settings_in_force(path: Path, folder: Path, clock: Clock) -> InForce:
    """Return the settings in ``path``, and keep a copy of them in the process's own ``folder``.

    A file that is broken, or has lost its end, or is gone or empty although it was there before, would else mean other
    limits or a box that stays mute until somebody comes. The copy then counts, and what the broken file held is kept
    beside it. Raises SettingsInvalid for a broken file where there is no copy: limits are never guessed.
    """
    copy = folder / _COPY
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        content = b""
    except OSError as error:
        logger.error("%s can't be read: %s", path, error)  # noqa: TRY400 - the sentence says it all
        content = b""
    if content.strip(b"\0 \t\r\n"):
        if _is_cut_off(content, copy):
            return _last_good(path, copy, content, _cut_off(path), clock)
        try:
            settings = parse_settings(path, content)
        except SettingsInvalid as error:
            return _last_good(path, copy, content, error, clock)
        _keep(copy, content)
        return InForce(settings)
    if not copy.exists():
        return InForce(read_settings(path))
    gone = XiaolabaError(f"设置文件不见了或者是空的：{path}", f"{path} is gone or empty")
    return _last_good(path, copy, content, gone, clock)


def _is_cut_off(content: bytes, copy: Path) -> bool:
    """Tell whether ``content`` is the beginning of what was good: what remains may well parse, without the limits."""
    try:
        good = copy.read_bytes()
    except OSError:  # nothing is known that it could be the beginning of
        return False
    return len(content) < len(good) and good.startswith(content)


def _cut_off(path: Path) -> XiaolabaError:
    return XiaolabaError(
        f"设置文件的后面像是被截掉了：{path}（要是有意删的，请在末尾加一行 # 号）",
        f"{path} seems to have lost its end (where that is meant, add a line with a # to it)",
    )


def _last_good(path: Path, copy: Path, content: bytes, error: XiaolabaError, clock: Clock) -> InForce:
    try:
        good = copy.read_bytes()
        settings = parse_settings(copy, good)
    except (OSError, SettingsInvalid):
        raise error from None
    if not good.strip():  # it never was: the copy is damaged too, and would say that nothing is set
        raise error
    logger.error("%s", error)
    with suppress(OSError):  # a full disk is told elsewhere; that they are damaged is told below
        _keep_damaged(copy.with_name(path.name), content, clock)
    return InForce(
        settings,
        Sentence(
            f"{error.sentence.zh}；现在按上一次好的设置运行，请安装人员改好它",
            f"{error.sentence.en}; the last good settings count until the installer mends it",
        ),
    )


def _keep_damaged(place: Path, content: bytes, clock: Clock) -> None:
    """Keep what the file of the installer's held, once: the file itself is not ours to move."""
    newest = next((one for one in all_aside(place.parent) if one.name == place.name), None)
    if newest is None or newest.path.read_bytes() != content:
        replace_file(place, content)
        put_aside(place, clock.now())


def _keep(copy: Path, content: bytes) -> None:
    with suppress(OSError):  # a full disk is told elsewhere; these settings are good without a copy
        if not copy.exists() or copy.read_bytes() != content:
            copy.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            replace_file(copy, content)
