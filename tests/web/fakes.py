"""What stands in for the speaker, the studio and the publisher in the panel's tests."""

from __future__ import annotations

import hashlib
import io
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec.structs import replace

from box.clock import Clock
from programme.credits import Credits
from programme.hotlines import text_said
from programme.model import Programme
from programme.publication import SHARED_ALONE, Publication, PublicationInvalid, PublishedMessage
from programme.shared import Shared
from programme.together import together
from speaker.airing import Reason
from speaker.client import SpeakerAway
from speaker.condition import Alarm, ClockStatus, ContactStatus, CueStatus, QuietRequest, Sounding, Waiting
from speaker.protocol import Done, Records, Refused, Status
from speaker.record import Airing, Said
from tts.clip import Clip, Progress, ReportProgress
from tts.engines import EngineUnavailable
from tts.recordings import Takes


@dataclass
class FakeSpeaker:
    """A speaker that remembers what was asked. ``away`` makes it answer nobody."""

    now: datetime
    away: bool = False
    sounding: Sounding | None = None
    today: tuple[CueStatus, ...] = ()
    next_due: datetime | None = None
    alarms: tuple[Alarm, ...] = ()
    card: Literal["card", "recorder", "missing"] = "card"
    quiet_now: bool = False
    quiet_request: QuietRequest | None = None
    refuse: Refused | None = None
    airings: tuple[Airing, ...] = ()
    bulletins: tuple[str, ...] = ()
    contacts: tuple[ContactStatus, ...] = ()
    revision: str = "r1"
    waiting: tuple[Waiting, ...] = ()
    ahead: int = 0
    clock: ClockStatus = field(default_factory=ClockStatus)
    pages: list[dict[str, object]] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def play(
        self,
        *,
        broadcast: str | None = None,
        message: str | None = None,
        bulletin: str | None = None,
        priority: Literal["page", "emergency"] = "page",
        origin: Literal["panel", "command", "first-airing"] = "command",
        who: str = "",
        volume_percent: int | None = None,
        repeat: int | None = None,
        occasion: str = "",
        at: datetime | None = None,
    ) -> Done | Refused:
        """Remember it."""
        self._answer()
        if bulletin is not None:
            page: dict[str, object] = {"bulletin": bulletin, "priority": priority, "who": who, "why": occasion}
            self.pages.append(page | {"volume": volume_percent, "repeat": repeat} | ({"at": at} if at else {}))
            return self.refuse or Done(airing=1, ahead=self.ahead)
        self.asked.append(("play", broadcast or message or "", priority, origin, who))
        return self.refuse or Done(airing=1, ahead=self.ahead)

    def stop(self, who: str = "") -> Done | Refused:
        """Remember it."""
        self._answer()
        self.asked.append(("stop", who))
        return self.refuse or Done()

    def be_quiet(self, until: datetime, who: str = "", occasion: str = "") -> Done | Refused:
        """Remember it, and be quiet."""
        self._answer()
        self.asked.append(("be-quiet", until.isoformat(), who, occasion))
        if self.refuse is None:
            self.quiet_request = QuietRequest(since=self.now, until=until, who=who, occasion=occasion)
        return self.refuse or Done()

    def end_quiet(self, who: str = "") -> Done | Refused:
        """Remember it, and be quiet no more."""
        self._answer()
        self.asked.append(("end-quiet", who))
        self.quiet_request = None
        return self.refuse or Done()

    def propose_time(self, instant: datetime, who: str = "") -> Done | Refused:
        """Remember it."""
        self._answer()
        self.asked.append(("propose-time", instant.isoformat(), who))
        return self.refuse or Done()

    def status(self) -> Status:
        """Return what was set."""
        self._answer()
        return Status(
            version="0.1.0",
            now=self.now,
            zone="警苑小区",
            timezone="Asia/Shanghai",
            revision=self.revision,
            card=self.card,
            amplifier="none",
            quiet_now=self.quiet_now,
            quiet_hours="21:30-06:30",
            silenced=False,
            sounding=self.sounding,
            today=self.today,
            next_due=self.next_due,
            alarms=self.alarms,
            bulletins=self.bulletins,
            quiet_request=self.quiet_request,
            clock=self.clock,
            contacts=self.contacts,
            waiting=self.waiting,
        )

    def records(self, *, changed_after: int | None = None) -> Records:
        """Return the rows changed since, two at a time."""
        self._answer()
        rows = sorted((row for row in self.airings if row.change > (changed_after or 0)), key=lambda row: row.change)
        return Records(airings=tuple(rows[:2]), more=len(rows) > 2)

    def _answer(self) -> None:
        if self.away:
            raise SpeakerAway("播音程序没有运行，请启动小喇叭", "the speaker is not running")


@dataclass
class FakeStudio:
    """A studio that renders silence at once; ``fail_after`` that many more clips it can't any more."""

    folder: Path
    stand_in: bool = False
    broken: bool = False
    fail_after: int = 1_000
    said: list[tuple[str, str]] = field(default_factory=list)

    def clip(self, text: str, voice: str) -> Clip:
        """Return a clip of a second's silence, named by the text."""
        self.fail_after -= 1
        if self.broken or self.fail_after < 0:
            raise EngineUnavailable("现在念不出来，请检查网络", "no engine can be reached")
        self.said.append((text, voice))
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        why = EngineUnavailable("连不上网络语音", "the voice service is away").sentence if self.stand_in else None
        clip = Clip(sha256, 48_000, "fake", voice, self.stand_in, text, why)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path(clip).write_bytes(wav_of_silence(frames=48_000))
        return clip

    def path(self, clip: Clip) -> Path:
        """Return where the clip is."""
        return self.folder / f"{clip.sha256}.wav"

    def seconds(self, text: str) -> float:
        """Return four characters a second."""
        return len(text) / 4


@dataclass
class FakePublisher:
    """A publisher that keeps the publication in memory."""

    studio: FakeStudio
    clock: Clock
    current: Publication | None = None
    takes: Takes | None = None
    sound: str = "box"
    credits: Credits | None = None
    shared: Shared | None = None
    damaged: bool = False
    last_good: Publication | None = None

    def publish(self, programme: Programme, revision: str, report: ReportProgress) -> Publication:
        """Publish with the studio's clips."""
        messages = []
        for done, message in enumerate(programme.messages):
            report(Progress(done, len(programme.messages), message.title))
            if message.recording and self.takes:
                clip = self.takes.clip(message.recording)
            else:
                clip = self.studio.clip(text_said(message, programme.zone), message.voice or programme.voice)
            credit = self.credits.of(message) if self.credits else None
            messages.append(
                PublishedMessage(
                    id=message.id,
                    title=message.title,
                    text=text_said(message, programme.zone),
                    clip=clip.sha256,
                    frames=clip.frames,
                    voice=clip.voice,
                    engine=clip.engine,
                    stand_in=clip.stand_in,
                    stand_in_why=clip.why,
                    source=message.source or "",
                    author=message.author or "",
                    wrote=credit.wrote if credit else "",
                    approved=credit.approved if credit else "",
                )
            )
        both = together(programme, self.shared)
        self.current = Publication(
            revision=revision,
            published=self.clock.now(),
            zone=programme.zone,
            timezone=programme.timezone,
            volume_percent=both.volume_percent,
            broadcasts=both.broadcasts,
            messages=(*self.shared.messages, *messages) if self.shared else tuple(messages),
            exceptions=both.exceptions,
            calendar=both.calendar,
            sound=self.sound,
            shared=self.shared.revision if self.shared else "",
            hub=self.shared.hub if self.shared else "",
        )
        return self.current

    def publish_shared_alone(self, programme: Programme) -> Publication:
        """Publish what is shared alone."""
        bare = replace(programme, messages=(), broadcasts=(), exceptions=())
        return self.publish(bare, SHARED_ALONE, lambda _progress: None)

    def is_damaged(self) -> bool:
        """Tell whether the test has damaged it."""
        return self.damaged

    def put_damaged_aside(self) -> bool:
        """Put the last good copy back, where the test says that there is one."""
        self.damaged = False
        self.current = self.last_good
        return self.current is not None

    def forget_unused_clips(self) -> int:
        """Forget none."""
        return 0

    def clips_are_whole(self, _on_air: Publication) -> bool:
        """Say that they are."""
        return True

    def on_air(self) -> Publication | None:
        """Return what is on air."""
        if self.damaged:
            raise PublicationInvalid("播出文件不完整", "the publication is not whole")
        return self.current

    def damage(self, *, copied: bool) -> None:
        """Damage what is on air; its last good copy is there, or is not."""
        self.damaged, self.last_good, self.current = True, self.current if copied else None, None

    def sounds_otherwise(self, publication: Publication) -> bool:
        """Tell whether the sound was set to another since."""
        return publication.sound != self.sound

    def retry_stand_ins(
        self, programme: Programme, revision: str, *, may_render: Callable[[], bool]
    ) -> Publication | None:
        """Publish anew: the good voice is back."""
        self.studio.stand_in = not may_render()
        return self.publish(programme, revision, lambda _progress: None)


def airing(number: int, day: datetime, *, title: str = "守好阵地", text: str = "待在家里", **changes: object) -> Airing:
    """Return a row of the as-run log that was aired, but for the ``changes``."""
    values: dict[str, object] = {
        "id": number,
        "change": number,
        "priority": "programme",
        "origin": "schedule",
        "who": "",
        "broadcast": "morning",
        "day": day.date(),
        "attempt": 1,
        "due": day,
        "started": day,
        "ended": day,
        "outcome": "aired",
        "reason": Reason.NONE,
        "frames": 480_000,
        "frames_played": 480_000,
        "lateness_ms": 0.2,
        "volume_percent": 80,
        "revision": "r1",
        "said": (Said(message="stay", title=title, text=text, clip="0" * 64, voice="v", engine="e", stand_in=False),),
    }
    return Airing(**(values | changes))  # type: ignore[arg-type] - the fields above, by name


def wav_of_silence(*, frames: int) -> bytes:
    """Return a WAV as clips are: 48 kHz, mono, S16_LE."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(48_000)
        sound.writeframes(bytes(2 * frames))
    return file.getvalue()
