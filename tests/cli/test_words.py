"""What the command says about airings and about this machine."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import msgspec
import pytest

from box.folders import Folders
from box.settings import Gpio, Settings
from cli.findings import findings
from cli.first_airing import FirstAiring, first_of
from cli.status import lines_of
from programme.model import Broadcast
from programme.publication import Publication, PublishedMessage
from speaker.airing import Outcome, Reason
from speaker.condition import CueStatus
from speaker.protocol import Done, Play, Records, Refused, Reply, Request, Status
from speaker.record import Airing
from speaker.words import standing
from tests.cli.test_checkup import WELL

PUBLICATION = Publication(
    revision="0123456789abcdef",
    published=datetime(2026, 1, 17, 0, 0, tzinfo=UTC),
    zone="警苑小区",
    timezone="Asia/Shanghai",
    volume_percent=80,
    broadcasts=(
        Broadcast(id="evening", at=time(18, 30), messages=("hello",)),
        Broadcast(id="morning", at=time(7, 30), messages=("hello",)),
    ),
    messages=(
        PublishedMessage(
            id="hello",
            title="你好",
            text="你好。",
            clip="0" * 64,
            frames=48_000,
            voice="v",
            engine="espeak-ng",
            stand_in=True,
        ),
    ),
)
FIRST = Airing(
    id=7,
    change=9,
    priority="page",
    origin="first-airing",
    who="run",
    broadcast="morning",
    day=datetime(2026, 1, 17, tzinfo=UTC).date(),
    attempt=1,
    due=None,
    started=datetime(2026, 1, 17, 0, 0, tzinfo=UTC),
    ended=datetime(2026, 1, 17, 0, 1, tzinfo=UTC),
    outcome=Outcome.AIRED,
    reason=Reason.NONE,
    frames=48_000,
    frames_played=48_000,
    lateness_ms=None,
    volume_percent=80,
    revision="0123456789abcdef",
    said=(),
)


class FakeSpeaker:
    """Answers like a speaker with those rows, and records what is asked of it."""

    def __init__(self, *rows: Airing, answer: Reply | None = None) -> None:
        self.rows = rows
        self.answer = answer or Done(airing=7)
        self.asked: list[Request] = []

    def play(self, **words: str) -> Reply:
        """Keep the request."""
        self.asked.append(Play(**words))  # type: ignore[arg-type]  # the literals are checked by msgspec's users
        return self.answer

    def records(self, *, after: int = 0, **_: object) -> Records:
        """Return the rows after ``after``."""
        return Records(airings=tuple(row for row in self.rows if row.id > after), more=False)


def status(**changes: object) -> Status:
    """Return a well speaker's status with changes."""
    return msgspec.structs.replace(WELL, **changes)


def test_the_first_airing_is_the_earliest_broadcast_and_only_once() -> None:
    """It is asked for where the log holds none; a refusal does not count as one."""
    assert first_of(PUBLICATION) == PUBLICATION.broadcasts[1]
    refused = msgspec.structs.replace(FIRST, outcome=Outcome.REFUSED, reason=Reason.BUSY)
    for rows, asked in (((), 1), ((FIRST,), 0), ((refused,), 1)):
        speaker = FakeSpeaker(*rows)
        FirstAiring(speaker, PUBLICATION, Path("/air")).ask(WELL)  # type: ignore[arg-type]  # a fake
        assert speaker.asked == [Play(broadcast="morning", origin="first-airing", who="run")] * asked


@pytest.mark.parametrize(("card", "asked"), [("card", 0), ("recorder", 1)])
def test_in_quiet_hours_only_a_recording_is_made(card: str, asked: int) -> None:
    """With a real card it waits, and says how to hear it."""
    speaker = FakeSpeaker()
    said = FirstAiring(speaker, PUBLICATION, Path("/air")).ask(status(card=card, quiet_now=True))  # type: ignore[arg-type]  # a fake
    assert len(speaker.asked) == asked
    assert said is not None
    assert ("./xiaolaba play morning" in said.en) == (asked == 0)


def test_what_became_of_it_is_told_once() -> None:
    """With its length, and where the recording is."""
    speaker = FakeSpeaker()
    first = FirstAiring(speaker, PUBLICATION, Path("/air"))  # type: ignore[arg-type]  # a fake
    recording = status(card="recorder")
    first.ask(recording)
    assert first.follow(recording) is None
    speaker.rows = (FIRST,)
    said = first.follow(recording)
    assert said is not None
    assert said.en == "first airing: aired, 1 s, recorded to /air/"
    assert first.follow(recording) is None


def test_a_refused_first_airing_says_why() -> None:
    """In the speaker's words."""
    speaker = FakeSpeaker(answer=Refused(reason=Reason.BUSY, zh="正在播", en="busy"))
    said = FirstAiring(speaker, PUBLICATION, Path("/air")).ask(WELL)  # type: ignore[arg-type]  # a fake
    assert said is not None
    assert "busy" in said.en


def test_what_was_found_is_said_plainly(tmp_path: Path) -> None:
    """Card, voice, pins and clock: a sentence each."""
    folders = Folders(tmp_path, tmp_path)
    without = [found.en for found in findings(folders, Settings(), PUBLICATION, status(card="recorder"))]
    assert "recorded" in without[0]
    assert "espeak-ng" in without[1]
    assert "no pins" in without[2]
    assert "2026-01-17 08:00" in without[3]
    pins = Settings(gpio=Gpio(amplifier_pin=17))
    assert "amplifier 17" in findings(folders, pins, PUBLICATION, status(card="missing"))[2].en


@pytest.mark.parametrize("state", [*Outcome, "later", "next", "sounding"])
@pytest.mark.parametrize("reason", list(Reason))
def test_every_outcome_and_reason_has_words(state: str, reason: Reason) -> None:
    """None is shown as the code has it in Chinese, and a reason is added where there is one."""
    words = standing(state, reason)
    assert words.zh != str(state)
    assert words.zh.endswith("）") == (reason is not Reason.NONE)


def test_the_status_has_a_line_for_each_broadcast() -> None:
    """Local time, id, how it stands, length and titles; also while nothing is on air yet."""
    cue = CueStatus(
        broadcast="morning",
        due=datetime(2026, 1, 16, 23, 30, tzinfo=UTC),
        titles=("你好",),
        seconds=12.0,
        state="aired",
    )
    lines = lines_of(status(today=(cue,)))
    assert "没有核对" in lines[1]
    assert "07:30" in lines[2]
    assert "你好" in lines[2]
    assert lines_of(status(timezone="", zone=""))
