"""What the verdicts come to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from speaker.alarms import AlarmBoard
from speaker.asrun.log import AsRunLog
from speaker.heard import Hearing
from speaker.hearing.watch import HearingWatch
from tests.fakes import SetClock
from tests.speaker.asrun.test_chain import NOON, aired, entry


class Courtyard:
    """A log, an alarm board and the watch between them."""

    def __init__(self, tmp_path) -> None:
        self.log = AsRunLog(tmp_path / "log.db", SetClock(NOON))
        self.alarms = AlarmBoard()
        self.watch = HearingWatch(self.log, self.alarms)
        self.count = 0

    def hear(self, verdict: str, why: str = "") -> None:
        """Air something and have a verdict on it."""
        self.count += 1
        row = self.log.begin(entry(f"b{self.count}"))
        self.log.end(row, replace(aired(), listening=self.count))
        self.watch.take(self.count, Hearing(verdict=verdict, why=why))

    def codes(self) -> list[str]:
        """Return the alarms that stand."""
        return [alarm.code for alarm in self.alarms.all()]


@pytest.fixture
def courtyard(tmp_path):
    """Give one."""
    courtyard = Courtyard(tmp_path)
    yield courtyard
    courtyard.log.close()


def test_three_in_a_row_that_were_not_heard_need_a_person(courtyard):
    """One may be a lorry's fault; what nobody listened to in between does not count."""
    courtyard.hear("not-heard")
    courtyard.hear("not-heard")
    courtyard.hear("not-listened", "too-short")
    assert courtyard.codes() == []
    courtyard.hear("not-heard")
    assert courtyard.codes() == ["not-heard"]


def test_one_that_is_heard_ends_it(courtyard):
    """Faint is enough."""
    for verdict in ("not-heard", "not-heard", "not-heard", "faint"):
        courtyard.hear(verdict)
    assert courtyard.codes() == []
    courtyard.hear("not-heard")
    assert courtyard.codes() == []


def test_it_is_remembered_over_a_restart(courtyard):
    """It is counted on record."""
    for _ in range(3):
        courtyard.hear("not-heard")
    alarms = AlarmBoard()
    HearingWatch(courtyard.log, alarms).look()
    assert [alarm.code for alarm in alarms.all()] == ["not-heard"]


@pytest.mark.parametrize("why", ["missing", "busy", "denied", "unfit", "lost", "deaf", "failed", "too-slow"])
def test_a_microphone_that_is_named_and_does_not_listen_is_an_alarm(courtyard, why):
    """With the reason, until it listens again."""
    courtyard.hear("not-listened", why)
    assert courtyard.codes() == ["microphone"]
    courtyard.hear("not-listened", "too-short")
    assert courtyard.codes() == ["microphone"]
    courtyard.hear("heard")
    assert courtyard.codes() == []
