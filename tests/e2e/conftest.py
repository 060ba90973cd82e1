"""A real browser, and the running program that it visits."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from box.folders import share
from cli.test import WHOLE

if find_spec("playwright") is None:  # it has no wheel for an older Pi, and is not in the lock there
    collect_ignore_glob = ["test_*.py"]
else:
    from playwright.sync_api import Browser, expect, sync_playwright

    from tests.e2e.acts import PATIENCE_MS, let_in, spoken
    from tests.e2e.courtyard import Courtyard, nine_in_the_morning, opened
    from tests.e2e.first_day import FirstDay, begin, programme_for_later
    from tests.e2e.visits import Visits

    expect.set_options(timeout=PATIENCE_MS)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A microphone into which somebody speaks, and that is given without a question; clips are heard without a touch.
FLAGS = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
EXAM = "\nexceptions:\n  - {from: 2035-06-07, to: 2035-06-09, reason: 高考, air: none}\n"


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return Chromium. It is gone after this folder's tests: others start event loops of their own."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None and os.environ.get(WHOLE):
        pytest.fail("the panel can't be looked at without chromium: please install it", pytrace=False)
    if program is None:
        pytest.skip("chromium is not here: ./xiaolaba test brings it")
    voice = spoken("大家早上好，今天天气很好，大家早上好。", tmp_path_factory.mktemp("microphone") / "voice.wav")
    with sync_playwright() as playwright:
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={voice}"]
        chromium = playwright.chromium.launch(executable_path=program, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def courtyard(browser: Browser, built_card: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Courtyard]:
    """Return a courtyard with the starter programme, set up by the browser with the code that was printed."""
    starter = (share() / "schedule.yaml").read_text(encoding="utf-8")
    assert "timezone: Asia/Shanghai" in starter
    programme = starter.replace("timezone: Asia/Shanghai", f"timezone: {nine_in_the_morning()}") + EXAM
    with opened(tmp_path_factory.mktemp("e2e"), built_card, programme) as one:
        visits = Visits(browser, one)
        let_in(visits.phone(known=False), one)
        visits.end()
        yield one


@pytest.fixture(scope="package")
def first_day(browser: Browser, built_card: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstDay]:
    """Return a courtyard where somebody has changed a slogan that is due within the minute."""
    zone = nine_in_the_morning()
    with opened(tmp_path_factory.mktemp("first-day"), built_card, programme_for_later(zone)) as one:
        visits = Visits(browser, one)
        yield begin(one, visits.phone(known=False), zone)
        visits.end()


@pytest.fixture
def visits(browser: Browser, courtyard: Courtyard) -> Iterator[Visits]:
    """Return what opens the courtyard's panel on one device after the other."""
    several = Visits(browser, courtyard)
    yield several
    several.end()
