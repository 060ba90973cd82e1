"""The shared programme: laid ready whole or not at all, gone on with after a restart, and refused where it is wrong."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from box.sentences import Sentence
from fleet.agent.clips import Clips
from fleet.agent.programme import LOOK_AGAIN_SECONDS, SharedTaking
from fleet.wire.accounts import What
from fleet.wire.documents import SharedMessage, SharedProgramme
from programme.shared import decode_shared
from tests.fakes import SetClock
from tests.fleet.agent.fakes import FRAMES, NOW, FakeAudio, a_flac
from tests.fleet.hub.a_hub import eventually
from tests.fleet.wire.orders import MESSAGE, SHARED


class Yard:
    """A room, a hub's audio, and what was reported."""

    def __init__(self, room: Path) -> None:
        self.room = room
        self.clock = SetClock(NOW)
        self.audio = FakeAudio()
        self.clips = Clips(room, self.audio)
        self.told: list[tuple[int, What, Sentence | None]] = []
        self.in_use: frozenset[str] = frozenset()
        self.taking = self.a_taking()

    def a_taking(self, look_again_seconds: float = LOOK_AGAIN_SECONDS) -> SharedTaking:
        """Return the taking as a start of the agent makes it."""
        return SharedTaking(
            self.room,
            self.clips,
            clock=self.clock,
            tell=lambda *told: self.told.append(told),
            in_use=lambda: self.in_use,
            look_again_seconds=look_again_seconds,
        )

    def programme(self, *values: int, revision: str = "r1", sent: bool = True) -> SharedProgramme:
        """Return a programme of a message for each value; its clips are at the hub where they are ``sent``."""
        messages = []
        for value in values:
            announcement, flac = a_flac(self.room, value)
            if sent:
                self.audio.files[announcement.travels.sha256] = flac
            message = replace(MESSAGE, id=f"c-{value}", clip=announcement.clip, frames=FRAMES)
            messages.append(SharedMessage(message=message, travels=announcement.travels))
        return replace(SHARED, revision=revision, messages=tuple(messages), broadcasts=())

    def laid(self) -> str:
        """Return the revision that lies ready for the panel."""
        path = self.room / "shared.json"
        return decode_shared(path.read_bytes()).revision if path.exists() else ""

    def layings(self) -> tuple[int, int]:
        """Return what the panel tells by whether what lies ready was laid there anew."""
        status = (self.room / "shared.json").stat()
        return status.st_ino, status.st_mtime_ns

    def whats(self) -> list[What]:
        """Return what was reported."""
        return [what for _, what, _ in self.told]


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    """Give a yard to which nothing has come."""
    return Yard(tmp_path)


def test_it_is_laid_ready_when_every_clip_is_here(yard: Yard) -> None:
    """And reported as applied only when the speaker has it: once."""
    programme = yard.programme(1, 2)
    yard.taking.take(7, programme)
    assert yard.taking.missing == 2
    assert yard.taking.work()
    assert (yard.laid(), yard.taking.missing) == ("r1", 0)
    assert all(yard.clips.has(entry.message.clip) for entry in programme.messages)
    assert yard.told == []
    yard.taking.speaker_has("r0")
    yard.taking.speaker_has("r1")
    yard.taking.speaker_has("r1")
    assert yard.told == [(7, What.APPLIED, None)]


def test_until_all_of_it_is_here_the_one_before_stays(yard: Yard) -> None:
    """A clip that can't be had yet leaves what lies there, and says why."""
    yard.taking.take(1, yard.programme(1))
    yard.taking.work()
    yard.taking.take(2, replace(yard.programme(1, 2, revision="r2", sent=False)))
    assert not yard.taking.work()
    assert yard.laid() == "r1"
    assert yard.taking.trouble is not None
    yard.programme(2)
    assert yard.taking.work()
    assert yard.laid() == "r2"
    assert yard.taking.trouble is None


def test_it_is_gone_on_with_after_a_restart(yard: Yard) -> None:
    """What was ordered is on the disk: power may go while clips are fetched."""
    yard.taking.take(1, yard.programme(3, sent=False))
    assert not yard.taking.work()
    yard.programme(3)
    yard.taking = yard.a_taking()
    assert yard.taking.work()
    assert yard.laid() == "r1"


def test_a_forged_clip_is_refused_and_reported_once(yard: Yard) -> None:
    """It is tried again, for the hub may mend it; the report is not repeated."""
    programme = yard.programme(1)
    travels = programme.messages[0].travels
    good = yard.audio.files[travels.sha256]
    yard.audio.files[travels.sha256] = bytes(len(good))
    yard.taking.take(1, programme)
    assert not yard.taking.work()
    assert not yard.taking.work()
    assert yard.whats() == [What.REFUSED]
    assert yard.laid() == ""
    yard.audio.files[travels.sha256] = good
    assert yard.taking.work()
    assert yard.laid() == "r1"


def test_a_flac_that_was_not_signed_is_not_even_decoded(yard: Yard) -> None:
    """The same sound in another file: what travels is held to its own hash, before ffmpeg sees it."""
    programme = yard.programme(1)
    travels = programme.messages[0].travels
    other = yard.room / "other.flac"
    again = ["ffmpeg", "-loglevel", "error", "-i", str(yard.room / "it.flac"), "-metadata", "title=x", str(other)]
    subprocess.run(again, check=True)
    assert other.read_bytes() != yard.audio.files[travels.sha256]
    yard.audio.files[travels.sha256] = other.read_bytes()
    yard.taking.take(1, programme)
    assert not yard.taking.work()
    assert yard.whats() == [What.REFUSED]
    assert not list((yard.room / "clips").iterdir())


def test_a_good_flac_of_another_clip_is_refused(yard: Yard) -> None:
    """What travels has its hash, but decodes to something else than was signed."""
    programme = yard.programme(1)
    other, _ = a_flac(yard.room, 9)
    message = replace(programme.messages[0].message, clip=other.clip)
    yard.taking.take(1, replace(programme, messages=(replace(programme.messages[0], message=message),)))
    assert not yard.taking.work()
    assert yard.whats() == [What.REFUSED]


def test_a_clip_of_another_length_than_was_said_is_refused(yard: Yard) -> None:
    """The speaker would refuse it: nothing of it is laid there."""
    programme = yard.programme(1)
    message = replace(programme.messages[0].message, frames=FRAMES - 1)
    yard.taking.take(1, replace(programme, messages=(replace(programme.messages[0], message=message),)))
    assert not yard.taking.work()
    assert yard.whats() == [What.REFUSED]


def test_a_programme_that_breaks_the_rules_is_refused_before_anything_is_fetched(yard: Yard) -> None:
    """The hub's signature makes it no less wrong."""
    programme = yard.programme(1)
    message = replace(programme.messages[0].message, text="字" * 4001)
    yard.taking.take(1, replace(programme, messages=(replace(programme.messages[0], message=message),)))
    assert not yard.taking.work()
    assert yard.whats() == [What.REFUSED]
    assert yard.audio.asked == []


def test_a_clip_that_storage_lost_is_fetched_again_and_all_laid_anew(yard: Yard) -> None:
    """By itself, also where the hub can give it only later; what is laid anew the panel takes once more."""
    programme = yard.programme(1, 2)
    travels = programme.messages[0].travels
    yard.taking.take(7, programme)
    assert yard.taking.work()
    yard.taking.speaker_has("r1")
    before, fetched = yard.layings(), len(yard.audio.asked)
    assert yard.taking.work()
    assert (yard.layings(), len(yard.audio.asked)) == (before, fetched)
    flac = yard.audio.files.pop(travels.sha256)
    (yard.room / "clips" / f"{programme.messages[0].message.clip}.wav").unlink()
    assert not yard.taking.work()
    assert yard.taking.lacks_audio
    assert not yard.taking.is_laid
    yard.audio.files[travels.sha256] = flac
    assert yard.taking.work()
    assert (yard.taking.missing, yard.taking.lacks_audio, yard.taking.trouble) == (0, False, None)
    assert yard.layings() != before
    assert yard.whats() == [What.APPLIED]


def test_it_looks_by_itself_whether_all_is_still_here(yard: Yard) -> None:
    """Nobody orders anything, and the connection stays as it is: the thread looks from time to time."""
    yard.taking = yard.a_taking(look_again_seconds=0.05)
    programme = yard.programme(1)
    yard.taking.take(7, programme)
    yard.taking.start()
    eventually(lambda: yard.taking.is_laid, "it is laid")
    before = yard.layings()
    (yard.room / "clips" / f"{programme.messages[0].message.clip}.wav").unlink()
    eventually(lambda: yard.layings() != before and yard.taking.missing == 0, "it is laid again, whole")
    yard.taking.end()


@pytest.mark.parametrize("told", ["from the start", "after it had it"])
def test_a_clip_that_storage_damaged_is_found_where_the_speaker_lacks_it(yard: Yard, told: str) -> None:
    """The panel refuses it; it is read once the speaker should long have had it, or has it no more."""
    programme = yard.programme(1)
    yard.taking.take(7, programme)
    assert yard.taking.work()
    yard.taking.speaker_has("r1" if told == "after it had it" else "")
    clip = yard.room / "clips" / f"{programme.messages[0].message.clip}.wav"
    whole = clip.read_bytes()
    clip.write_bytes(whole[:-1] + b"\xff")
    before = yard.layings()
    assert yard.taking.work()
    assert yard.layings() == before
    if told == "from the start":
        yard.clock.advance(LOOK_AGAIN_SECONDS)
    yard.taking.speaker_has("")
    assert yard.taking.work()
    assert (clip.read_bytes(), yard.layings() != before) == (whole, True)


def test_clips_that_nothing_needs_any_more_go(yard: Yard) -> None:
    """But not those of something urgent."""
    first = yard.programme(1, 2)
    yard.taking.take(1, first)
    yard.taking.work()
    yard.in_use = frozenset({first.messages[0].message.clip})
    second = yard.programme(3, revision="r2")
    yard.taking.take(2, second)
    yard.taking.work()
    kept = sorted(path.stem for path in (yard.room / "clips").iterdir())
    assert kept == sorted([first.messages[0].message.clip, second.messages[0].message.clip])
    assert list((yard.room / "coming").iterdir()) == []


def test_a_full_disk_is_told_and_nothing_is_half_there(yard: Yard) -> None:
    """What is kept free is for what must be written: records, and what people save."""
    yard.taking.take(1, yard.programme(1))
    yard.clips = Clips(yard.room, yard.audio, free_bytes=lambda _folder: 100_000_000)
    yard.taking = yard.a_taking()
    assert not yard.taking.work()
    assert yard.taking.trouble is not None
    assert "存不进来" in yard.taking.trouble.zh
    assert yard.laid() == ""
