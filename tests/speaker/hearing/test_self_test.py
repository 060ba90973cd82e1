"""The weekly self-test: when it sounds, what it gives way to, and whether it can be told from anything else."""

from __future__ import annotations

import audioop
import wave
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from box.settings import Heard, Limits, SettingsInvalid, parse_settings
from speaker.airing import Rundown, Sound
from speaker.hearing.judging import judge
from speaker.hearing.reference import reference_levels
from speaker.hearing.self_test import last_due
from speaker.protocol import AskRecords, BeQuiet
from speaker.script import Script
from speaker.sound.chime import TEST_FRAMES
from speaker.sound.chime import test_signal as signal_in
from tests.fakes import SetClock
from tests.speaker.fakes import Box, a_publication, stage
from tests.speaker.hearing.sounds import BEFORE_SECONDS, in_yard, levels, words

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in Shanghai
WEEKLY = Heard(device="yard", self_test="mon 10:00")


@pytest.fixture
def box(tmp_path):
    """Give a box with a self-test at ten on Mondays."""
    with Box(SetClock(MONDAY), tmp_path, publication=a_publication(), heard=WEEKLY, stage=with_signal) as box:
        yield box


def with_signal(script: Script) -> Rundown:
    """Return what is sounded of ``script``: of the self-test its signal."""
    if script.is_self_test:
        return Rundown((Sound(Path("signal.wav"), TEST_FRAMES),), script.priority, script.volume_percent)
    return stage(script)


def slow_look(box: Box, local: str) -> None:
    """Let it be ``local`` and let the station look slowly, as it does twice a minute."""
    box.at(local)
    box.station.slow_look()
    box.station.settle()
    box.station.settle()


def origins(box: Box) -> list[str]:
    """Return where what was aired came from."""
    return [row.origin for row in box.log.records(AskRecords()).airings if row.frames_played]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-02 10:00", "2026-03-02 10:00"),
        ("2026-03-02 09:59", "2026-02-23 10:00"),
        ("2026-03-08 23:59", "2026-03-02 10:00"),
        ("2026-03-09 10:01", "2026-03-09 10:00"),
    ],
)
def test_it_is_due_once_a_week_by_the_clock_on_the_wall(now, due):
    """From its minute on."""
    local = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    assert last_due("mon 10:00", local.astimezone(UTC), SHANGHAI) == datetime.fromisoformat(due).replace(
        tzinfo=SHANGHAI
    )


def test_it_sounds_once_quietly_and_is_on_record_as_what_it_is(box):
    """It uses up nothing, and comes again in a week."""
    slow_look(box, "2026-03-02T10:00:10")
    assert box.playout.rundown is not None
    assert (box.playout.rundown.volume_percent, box.playout.rundown.frames) == (30, TEST_FRAMES)
    box.finish()
    slow_look(box, "2026-03-02T10:01:00")
    assert origins(box) == ["self-test"]
    (row,) = [row for row in box.log.records(AskRecords()).airings if row.origin == "self-test"]
    assert (row.priority, row.broadcast, row.said[0].title) == ("page", None, "自检声")
    slow_look(box, "2026-03-09T10:00:10")
    assert box.playout.rundown is not None


@pytest.mark.parametrize("local", ["2026-03-02T09:59:50", "2026-03-02T11:00:10", "2026-03-03T10:00:10"])
def test_at_other_times_there_is_none(box, local):
    """An hour later it would come unawares."""
    slow_look(box, local)
    assert origins(box) == []
    assert box.playout.rundown is None


def test_quiet_that_was_asked_for_is_kept(box):
    """And where it ends within the hour, the self-test comes then."""
    box.at("2026-03-02T09:50:00")
    box.station.ask(BeQuiet(until=datetime(2026, 3, 2, 2, 30, tzinfo=UTC)))
    slow_look(box, "2026-03-02T10:00:10")
    assert box.playout.rundown is None
    slow_look(box, "2026-03-02T10:30:10")
    assert box.playout.rundown is not None


def test_it_never_sounds_in_quiet_hours(tmp_path):
    """Whatever time was written into the settings."""
    quiet = Limits(quiet_hours="09:30-10:30")
    with Box(SetClock(MONDAY), tmp_path, publication=a_publication(), heard=WEEKLY, limits=quiet) as box:
        slow_look(box, "2026-03-02T10:00:10")
        assert box.playout.rundown is None


def test_it_holds_up_no_broadcast(tmp_path):
    """Within two minutes before one is due it waits until that has ended."""
    heard = Heard(device="yard", self_test="mon 07:29")
    with Box(SetClock(MONDAY), tmp_path, publication=a_publication(), heard=heard, stage=with_signal) as box:
        slow_look(box, "2026-03-09T07:29:10")
        assert box.playout.rundown is None
        box.at("2026-03-09T07:30:00")
        box.finish()
        slow_look(box, "2026-03-09T07:32:00")
        assert box.playout.rundown is not None
        assert box.playout.rundown.frames == TEST_FRAMES


def test_without_a_microphone_it_is_refused(tmp_path):
    """It would only be noise; so is a time that is none."""
    for text in (b'[heard]\nself_test = "mon 10:00"\n', b'[heard]\ndevice = "a"\nself_test = "monday 10"\n'):
        with pytest.raises(SettingsInvalid):
            parse_settings(tmp_path / "settings.toml", text)


@pytest.mark.parametrize("seed", range(4))
def test_it_is_told_from_anything_else(tmp_path, seed):
    """Heard where it sounds, and not where others talk or nothing sounds."""
    sound = signal_in(tmp_path)
    sent = reference_levels([(str(sound.path), sound.frames)], sound.frames)
    begin = round(BEFORE_SECONDS * 50)

    def verdict(taken: bytes) -> str:
        return judge(sent, levels(taken), [(0, len(sent[0]))], begin).verdict

    with wave.open(str(sound.path)) as file:
        played = file.readframes(file.getnframes())
    at_16k, _ = audioop.ratecv(played, 2, 1, 48_000, 16_000, None)
    assert verdict(in_yard(at_16k, seed, noise_db=-35)) == "heard"
    assert verdict(in_yard(words(4.0, seed=50 + seed), seed)) == "not-heard"
    assert verdict(in_yard(bytes(len(at_16k)), seed)) == "not-heard"
