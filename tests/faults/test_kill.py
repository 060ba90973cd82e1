"""SIGKILL at random points, as of a power cut: no acknowledged save is lost, no occurrence is heard twice."""

from __future__ import annotations

import os
import random
import re
from datetime import timedelta
from threading import Timer

import pytest

from bench.tone import publish_tone
from box.clock import SystemClock
from programme.file import ProgrammeFile
from programme.history import History
from programme.publication import SAMPLE_RATE_HZ, decode_publication
from speaker.airing import Outcome
from tests.card.virtual import VirtualCard
from tests.faults.courtyard import Courtyard, pause, until
from tts.library import ClipLibrary

# Two hundred in all, in parts that can run at a time.
MANY = (3, *(pytest.param(50, marks=pytest.mark.slow, id=f"50 {part}") for part in "abcd"))
EVERY_SECONDS = 3  # a cue; its grace is half of that
TONE_SECONDS = 1.6  # its ending, the second half, is on record before it is over, however slow this machine is
TONE_FRAMES = round(TONE_SECONDS * SAMPLE_RATE_HZ)


@pytest.fixture
def chance() -> random.Random:
    """Give randomness whose seed is told, and can be given again as XIAOLABA_SEED."""
    seed = int(os.environ.get("XIAOLABA_SEED") or random.SystemRandom().randrange(10**9))
    print(f"XIAOLABA_SEED={seed}")  # noqa: T201 - pytest shows it where the test fails
    return random.Random(seed)  # noqa: S311 - when to kill is no secret


def tones(recorded: bytes) -> list[tuple[int, int]]:
    """Return the first frame and the length of each run of sound: no byte of the tone is zero, all of silence are."""
    return [(found.start() // 2, (found.end() - found.start()) // 2) for found in re.finditer(rb"[^\0]+", recorded)]


@pytest.mark.parametrize("kills", MANY)
def test_a_speaker_killed_at_any_moment_airs_nothing_twice(
    courtyard: Courtyard, virtual_card: VirtualCard, chance: random.Random, kills: int
) -> None:
    """Of what the card heard at most one tone a cue is whole and at most two were begun; each is on record.

    What was cut is on record as interrupted, what was due while nobody lived as missed.
    """
    now = SystemClock().now()
    publish_tone(courtyard.folders, TONE_FRAMES, now)
    first = now.replace(microsecond=0) + timedelta(seconds=4)
    # More of them than there is time for, however long this machine takes to start a speaker.
    timetable = ("--first", str(int(first.timestamp())), "--count", str(60 * kills), "--every", str(EVERY_SECONDS))
    for number in range(kills):
        sounded = len(virtual_card.events("START"))
        speaker = courtyard.speaker("bench.dense_speaker", *timetable, wait=False)
        if number % 3 == 1:  # in the middle of an airing, however long the machine takes to start
            until(lambda had=sounded: len(virtual_card.events("START")) > had)  # type: ignore[misc]  # the loop's own
            pause(chance.uniform(0.0, TONE_SECONDS + 0.2))
        else:
            pause(chance.uniform(0.0, EVERY_SECONDS + 1.5))
        speaker.kill()
    last_life = SystemClock().now()
    courtyard.speaker("bench.dense_speaker", *timetable)
    until(lambda: any(row.due and row.due > last_life for row in courtyard.airings() if row.outcome is Outcome.AIRED))

    before, recorded, rows = courtyard.airings(), virtual_card.recorded(), courtyard.airings()
    heard: dict[str, list[int]] = {}
    for begin, length in tones(recorded):
        after = virtual_card.sounded_at_ns(begin) / 1e9 - first.timestamp()
        heard.setdefault(f"cue-{int((after + 0.1) // EVERY_SECONDS)}", []).append(length)
    for cue, lengths in heard.items():
        assert len(lengths) <= 2, (cue, lengths)
        assert sum(length >= TONE_FRAMES for length in lengths) <= 1, (cue, lengths)
        assert len(lengths) <= sum(row.broadcast == cue for row in rows), (cue, lengths)
    for broadcast in {row.broadcast for row in rows}:
        attempts = [row for row in rows if row.broadcast == broadcast]
        assert sum(row.outcome is Outcome.AIRED for row in attempts) <= 1
        assert [row.attempt for row in attempts] == list(range(1, len(attempts) + 1))
        assert len(attempts) <= 2
    aired = {row.broadcast for row in before if row.outcome is Outcome.AIRED}
    whole = {cue for cue, lengths in heard.items() if TONE_FRAMES in lengths}
    assert aired <= whole  # a tone may have sounded whole and its end not been written
    assert aired
    # What was due before the first life had taken the programme is not owed; everything after it is on record.
    on_record = sorted(int(str(row.broadcast).removeprefix("cue-")) for row in rows if row.attempt == 1)
    assert on_record == list(range(on_record[0], on_record[-1] + 1))


@pytest.mark.parametrize("kills", MANY)
def test_a_panel_killed_while_it_renders_and_saves_loses_nothing_that_it_acknowledged(
    courtyard: Courtyard, chance: random.Random, kills: int
) -> None:
    """The file holds what was acknowledged last or handed in after it, whole; what is on air is whole in any case."""
    courtyard.publish()
    person = courtyard.person()
    file = ProgrammeFile(courtyard.folders.programme)
    library = ClipLibrary(courtyard.folders.clips)
    handed_in: list[str] = []
    panel = courtyard.panel()
    begun = SystemClock().monotonic()
    assert person.save("没有人来打断的一句。")[0] == "done"
    usual_seconds = SystemClock().monotonic() - begun  # on this machine, as busy as it is
    acknowledged, saved = "没有人来打断的一句。", 0
    panel.kill()
    for number in range(kills):
        panel = courtyard.panel()
        killer = Timer(chance.uniform(0.0, 2 * usual_seconds), panel.kill)
        killer.start()
        try:
            while True:
                handed_in.append(f"第{number}回，第{len(handed_in)}句。")
                state, told = person.save(handed_in[-1])
                assert state == "done", told
                acknowledged, handed_in = handed_in[-1], []
                saved += 1
        except OSError:
            killer.join()
        text = file.read().programme.messages[0].text
        assert text in (acknowledged, *handed_in), (text, acknowledged, handed_in)
        acknowledged, handed_in = text, []
        on_air = decode_publication(courtyard.folders.publication.read_bytes())
        assert all(library.holds(message.clip, message.frames) for message in on_air.messages)
    assert saved or kills < 20
    courtyard.panel()
    assert person.words() == acknowledged
    until(lambda: on_air_now(courtyard) == file.read().revision)
    history = History(courtyard.folders.history)
    assert acknowledged in {history.read(former.name).programme.messages[0].text for former in history.entries()}


def on_air_now(courtyard: Courtyard) -> str:
    """Return the revision that is on air."""
    return decode_publication(courtyard.folders.publication.read_bytes()).revision
