"""The shared programme as it was ordered: kept at once, laid ready for the panel when every clip is here."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread

import msgspec

from box.clock import Clock
from box.durable import replace_file
from box.guarded import Guarded
from box.sentences import Sentence, XiaolabaError
from fleet.agent.audio import AudioAway, GivenUp
from fleet.agent.clips import ClipForged, Clips
from fleet.wire.accounts import What
from fleet.wire.bounded import Counter, Payload
from fleet.wire.documents import SharedProgramme
from programme.checking import LONGEST_LINE
from programme.publication import PublicationInvalid
from programme.shared import Shared, decode_shared, encode_shared

SHARED, ORDERED = "shared.json", "ordered.json"
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 300.0
LOOK_AGAIN_SECONDS = 60.0  # whether storage has lost a clip since it was laid ready
READ_AGAIN_SECONDS = 600.0  # each clip to its last byte, while the speaker does not take what lies there
_LOG = logging.getLogger(__name__)

Tell = Callable[[int, What, Sentence | None], None]
"""Reports what became of the order with that counter."""


class Ordered(Payload, frozen=True, kw_only=True):
    """``ordered.json``: the programme that was ordered last, and its counter."""

    counter: Counter
    programme: SharedProgramme


class SharedTaking:
    """Works towards what was ordered last, on a thread of its own, and goes on with it after a restart.

    Until all of it is here, what was shared before goes on. ``in_use`` names clips that something else needs. What
    storage has lost of it since is fetched again and laid ready anew, so that the panel takes it once more.
    ``lacks_audio`` tells that the hub could not give a clip yet.
    """

    def __init__(
        self,
        room: Path,
        clips: Clips,
        *,
        clock: Clock,
        tell: Tell,
        in_use: Callable[[], frozenset[str]],
        chance: Callable[[], float] = random.random,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        self._room = room
        self._clips = clips
        self._clock = clock
        self._tell = tell
        self._in_use = in_use
        self._chance = chance
        self._look_again_seconds = look_again_seconds
        self._file: Guarded[Ordered] = Guarded(room / ORDERED, msgspec.json.Decoder(Ordered).decode)
        self._lock = Lock()
        self._ordered = self._file.read()
        self._wake, self._ended = Event(), Event()
        self._applied = 0
        self._laid = 0
        self._pause = FIRST_PAUSE_SECONDS
        self._speaker_said: str | None = None
        self._read_at = 0.0
        self.trouble: Sentence | None = None
        self.lacks_audio = False

    @property
    def revision(self) -> str:
        """What was ordered last, empty if nothing was."""
        ordered = self._ordered
        return ordered.programme.revision if ordered else ""

    @property
    def missing(self) -> int:
        """How many clips of it are still to come."""
        ordered = self._ordered
        entries = ordered.programme.messages if ordered else ()
        return sum(not self._clips.has(entry.message.clip) for entry in entries)

    @property
    def is_laid(self) -> bool:
        """Whether all of what was ordered last is ready for the panel."""
        ordered = self._ordered
        return ordered is None or self._laid == ordered.counter

    def take(self, counter: int, programme: SharedProgramme) -> None:
        """Work towards ``programme`` from now on. Raises OSError."""
        with self._lock:
            if self._ordered is not None and (self._ordered.counter, self._ordered.programme) == (counter, programme):
                return
            ordered = Ordered(counter=counter, programme=programme)
            self._file.write(msgspec.json.encode(ordered))
            self._ordered = ordered
            self._pause = FIRST_PAUSE_SECONDS
        self._wake.set()

    def speaker_has(self, revision: str) -> None:
        """Tell the hub, once for each order, that the speaker has taken what was ordered."""
        ordered = self._ordered
        if self._speaker_said == self.revision != revision:  # it had it: the panel could not put it on air again
            self._read_at = 0.0
            self._wake.set()
        self._speaker_said = revision
        if ordered is not None and revision == ordered.programme.revision and self._applied != ordered.counter:
            self._applied = ordered.counter
            self._tell(ordered.counter, What.APPLIED, None)

    def start(self) -> None:
        """Begin to work."""
        Thread(target=self._run, name="programme", daemon=True).start()

    def hurry(self) -> None:
        """Try again now what could not be had: the hub is back."""
        self._wake.set()

    def end(self) -> None:
        """Work no more."""
        self._ended.set()
        self._wake.set()

    def work(self) -> bool:
        """Bring what is missing and lay it ready; tell whether all of it is."""
        ordered = self._ordered
        if ordered is None or (self._laid == ordered.counter and self._is_still_here(ordered)):
            return True
        self._laid = 0
        try:
            self._bring(ordered)
        except GivenUp:
            return False
        except (ClipForged, PublicationInvalid) as error:
            if self.trouble != error.sentence:
                self._tell(ordered.counter, What.REFUSED, error.sentence)
            return self._failed(error.sentence)
        except XiaolabaError as error:
            return self._failed(error.sentence, lacks_audio=isinstance(error, AudioAway))
        except OSError as error:
            reason = error.strerror or str(error)
            return self._failed(
                Sentence(f"社区的节目存不进来：{reason}", f"the community's programme can't be kept: {reason}")
            )
        self._laid = ordered.counter
        self._read_at = self._clock.monotonic() + LOOK_AGAIN_SECONDS
        self.trouble, self.lacks_audio = None, False
        self._pause = FIRST_PAUSE_SECONDS
        return ordered is self._ordered

    def _bring(self, ordered: Ordered) -> None:
        shared = encode_shared(shared_of(ordered.programme))
        decode_shared(shared)  # by the rules, before anything is fetched
        for entry in ordered.programme.messages:
            message = entry.message
            self._clips.bring(message.clip, message.frames, entry.travels, lambda: self._is_wanted(ordered))
        with self._lock:
            if ordered is not self._ordered:
                raise GivenUp
            replace_file(self._room / SHARED, shared)
        self._clips.keep_only({entry.message.clip for entry in ordered.programme.messages} | self._in_use())

    def _is_still_here(self, ordered: Ordered) -> bool:
        """Tell whether each clip is; where the speaker lacks what was laid, each is read, and a damaged one goes."""
        clips = [entry.message.clip for entry in ordered.programme.messages]
        now = self._clock.monotonic()
        if self._speaker_said != ordered.programme.revision and now >= self._read_at:
            self._read_at = now + READ_AGAIN_SECONDS
            for clip in clips:
                self._clips.forget_if_damaged(clip)
        return all(map(self._clips.has, clips))

    def _is_wanted(self, ordered: Ordered) -> bool:
        return ordered is self._ordered and not self._ended.is_set()

    def _failed(self, sentence: Sentence, *, lacks_audio: bool = False) -> bool:
        if sentence != self.trouble:
            _LOG.warning("%s %s", *sentence)
        self.trouble, self.lacks_audio = sentence, lacks_audio
        return False

    def _run(self) -> None:
        while not self._ended.is_set():
            self._wake.clear()
            try:
                done = self.work()
            except Exception:  # noqa: BLE001 - the thread must outlive what nobody thought of; the trace is in the log
                _LOG.exception("taking the shared programme failed")
                done = False
            if done:
                self._wake.wait(self._look_again_seconds)
            elif not self._wake.wait(self._pause * (0.5 + self._chance())):
                self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)


def shared_of(programme: SharedProgramme) -> Shared:
    """Return what the panel is handed of it."""
    return Shared(
        revision=programme.revision,
        published=programme.published,
        hub=programme.hub[:LONGEST_LINE] or "社区",
        volume_percent=programme.volume_percent,
        messages=tuple(entry.message for entry in programme.messages),
        broadcasts=programme.broadcasts,
        exceptions=programme.exceptions,
        calendar=programme.calendar,
        loudspeaker=programme.loudspeaker,
    )
