"""Publishing: every message's clip first, durably, then ``on-air.json`` in one act."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from box.clock import Clock
from box.guarded import Guarded
from box.sentences import Sentence
from programme.credits import Credits
from programme.hotlines import text_said
from programme.model import Programme
from programme.publication import (
    SHARED_ALONE,
    Publication,
    PublicationInvalid,
    PublishedMessage,
    decode_publication,
    encode_publication,
)
from programme.shared import Shared
from programme.together import together
from programme.zones import for_this_yard
from tts.clip import Clip, Progress, ReportProgress, Studio
from tts.exclusive import exclusive
from tts.fitting import Fitting
from tts.rendered import Rendered, TakesToAir
from tts.shared_layer import SharedLayer

_OPEN = 0o640  # the speaker reads it through the group
UNUSED_CLIPS_STAY = timedelta(days=30)  # a former edition that is brought back within it needs no voice


class UpgradingStudio(Studio, Protocol):
    """A studio that can also be asked for something better than what is there."""

    def upgrade(self, text: str, voice: str, engine: str) -> Clip | None:
        """Return a clip better than one by ``engine``, or None while it can't be had."""
        ...


class Library(Protocol):
    """Where the clips lie (``tts.library.ClipLibrary``)."""

    def holds(self, sha256: str, frames: int) -> bool:
        """Tell whether that clip is here, to the last byte."""
        ...

    def forget_unused(self, used: Collection[str], asked_for_since: float) -> int:
        """Remove the clips that are not used and were last asked for before that second."""
        ...


class Publisher:
    """Makes publications at ``path``. Only one is made at a time, whichever process makes it."""

    def __init__(
        self,
        *,
        studio: UpgradingStudio,
        takes: TakesToAir,
        path: Path,
        clock: Clock,
        sound: str = "",
        library: Library | None = None,
        credits: Credits | None = None,
        shared: SharedLayer | None = None,
        fitting: Fitting | None = None,
    ) -> None:
        """Take what it works with; ``sound`` names what all clips of the studio and the takes have in common.

        ``library`` is where the clips lie, where they are looked after; ``credits`` knows who wrote each message;
        ``shared`` gives what a hub has this yard say besides its own, which ``fitting`` brings into this box's band.
        """
        self._studio = studio
        self._rendered = Rendered(studio, takes, credits)
        self._path = path
        self._file: Guarded[Publication] = Guarded(path, _decoded, mode=_OPEN, clock=clock)
        self._clock = clock
        self._sound = sound
        self._library = library
        self._shared = shared
        self._fitting = fitting

    def publish(self, programme: Programme, revision: str, report: ReportProgress) -> Publication:
        """Render what is missing, with progress, and put ``programme`` on air.

        All messages are rendered, also those that no broadcast names: they may be played by hand. Raises
        MessageNotRendered naming the message; what was on air before stays on air then.
        """
        programme = for_this_yard(programme)
        with self._alone():
            return self._put_on_air(programme, revision, self._messages(programme, report))

    def publish_shared_alone(self, programme: Programme) -> Publication:
        """Put on air what a hub sends, and nothing of the yard's own ``programme``: that is still a draft."""
        bare = replace(programme, messages=(), broadcasts=(), exceptions=())
        with self._alone():
            return self._put_on_air(bare, SHARED_ALONE, ())

    def on_air(self) -> Publication | None:
        """Return what was published last, or None if nothing was. Raises PublicationInvalid if it is damaged."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        return decode_publication(content)

    def is_damaged(self) -> bool:
        """Tell whether what was published last is damaged."""
        try:
            self.on_air()
        except PublicationInvalid:
            return True
        return False

    def put_damaged_aside(self) -> bool:
        """Put what was published last aside, and its last good copy in its place; tell whether there is one.

        Then what is on air is what it was: a draft beside a hub's programme stays a draft. Without a copy publishing
        again mends it.
        """
        with self._alone():
            return self._file.read() is not None

    def clips_are_whole(self, publication: Publication) -> bool:
        """Read every clip of ``publication`` and tell whether they are what they were: publishing again mends them."""
        library = self._library
        return library is None or all(library.holds(message.clip, message.frames) for message in publication.messages)

    def forget_unused_clips(self) -> int:
        """Remove the clips that are not on air and that nobody has asked for in 30 days; return how many.

        Nothing is removed while what is on air is not known. Raises PublicationInvalid.
        """
        on_air = self.on_air()
        if self._library is None or on_air is None:
            return 0
        used = {message.clip for message in on_air.messages}
        with self._alone():
            return self._library.forget_unused(used, (self._clock.now() - UNUSED_CLIPS_STAY).timestamp())

    def sounds_otherwise(self, publication: Publication) -> bool:
        """Tell whether its clips were made for another loudspeaker, or by another version, than they would be now."""
        return publication.sound != self._sound

    def retry_stand_ins(
        self, programme: Programme, revision: str, *, may_render: Callable[[], bool]
    ) -> Publication | None:
        """Ask the good voice again for what a stand-in speaks; publish and return what is better, None if nothing is.

        To be called every minute or so. ``may_render`` tells whether no cue is within ten minutes; it is asked before
        each message, since one may take minutes. Nothing is done unless ``revision`` is on air, and the voice itself is
        asked no more often than its rest allows.
        """
        try:
            current = self.on_air()
        except PublicationInvalid:
            return None
        if current is None or current.revision != revision:
            return None
        better = False
        programme = for_this_yard(programme)
        for message in programme.messages:
            published = current.message(message.id)
            if published is not None and published.stand_in:
                if not may_render():
                    break
                voice = message.voice or programme.voice
                better = (
                    self._studio.upgrade(text_said(message, programme.zone), voice, published.engine) is not None
                    or better
                )
        if not better:
            return None
        with self._alone():
            messages = self._messages_if(may_render, programme)
            latest = self.on_air()
            if messages is None or latest is None or latest.revision != revision:
                return None  # a cue is near, or while the voice was asked, somebody has published other words
            return self._put_on_air(programme, revision, messages)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(self._path.with_name(".publishing")):
            yield

    def _put_on_air(self, programme: Programme, revision: str, messages: tuple[PublishedMessage, ...]) -> Publication:
        shared = self._shared.current() if self._shared else None
        both = together(programme, shared)
        aired = {message.id for message in both.own.messages}
        own = tuple(message for message in messages if message.id in aired)
        theirs = self._theirs(shared)
        publication = Publication(
            revision=revision,
            published=self._clock.now(),
            zone=programme.zone,
            timezone=programme.timezone,
            volume_percent=both.volume_percent,
            pause_seconds=programme.pause_seconds,
            broadcasts=both.broadcasts,
            messages=(*theirs, *own),
            exceptions=both.exceptions,
            calendar=both.calendar,
            sound=self._sound,
            shared=shared.revision if shared else "",
            hub=shared.hub if shared else "",
        )
        content = encode_publication(publication)
        decode_publication(content)
        self._file.write(content)
        return publication

    def _theirs(self, shared: Shared | None) -> tuple[PublishedMessage, ...]:
        messages = shared.messages if shared else ()
        if self._fitting is None:
            return messages
        return self._fitting.messages(messages, shared.loudspeaker if shared else "flat")

    def _messages(self, programme: Programme, report: ReportProgress) -> tuple[PublishedMessage, ...]:
        total = len(programme.messages)
        published: list[PublishedMessage] = []
        for done, message in enumerate(programme.messages):
            report(
                Progress(done, total, Sentence(f"正在生成：{message.title}", f"Making the sound of {message.title}"))
            )
            published.append(self._rendered.message(message, programme.voice, programme.zone))
        report(Progress(total, total, Sentence("声音已全部生成", "All sound is made")))
        return tuple(published)

    def _messages_if(self, may_render: Callable[[], bool], programme: Programme) -> tuple[PublishedMessage, ...] | None:
        """Return the messages with their clips, or None if on the way it was no longer the time to render one."""
        published: list[PublishedMessage] = []
        for message in programme.messages:
            if not may_render():
                return None
            published.append(self._rendered.message(message, programme.voice, programme.zone))
        return tuple(published)


def _decoded(content: bytes) -> Publication:
    """Return the publication in ``content``; raises ValueError for one that is damaged."""
    try:
        return decode_publication(content)
    except PublicationInvalid as error:
        raise ValueError(error.sentence.en) from error
