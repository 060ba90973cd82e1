"""What passes between the panel and its rendering child: one job in, one outcome out, both JSON."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from box.settings import Loudspeaker
from tts.engines import EngineError, EngineUnavailable, RecordingRefused, SpeechNotWhole, TextRefused, VoiceBroken
from tts.treatment import USUAL, Treatment

LONGEST_SPOKEN = 5_000  # characters: twenty minutes of speech, the installer's longest time on unless he changes it

Failure = Literal["unavailable", "not-whole", "refused", "recording", "broken"]
_KINDS: dict[Failure, type[EngineError]] = {
    "unavailable": EngineUnavailable,
    "not-whole": SpeechNotWhole,
    "refused": TextRefused,
    "recording": RecordingRefused,
    "broken": VoiceBroken,
}


class Job(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do", tag="speak"):
    """Say ``spoken`` with ``voice`` of ``engine`` and leave a mixed WAV at ``target``, with that ``treatment``.

    ``work`` is an empty folder for what arises on the way. ``seconds`` is what the engine may take. ``given`` are words
    of it with their pinyin, for engines that take pinyin. ``voice_folder`` is where the files of a neural voice are.
    ``proxy`` and ``ca_file`` are how the network is reached, where it is not reached directly.
    """

    engine: str
    voice: str
    spoken: Annotated[str, Meta(min_length=1, max_length=LONGEST_SPOKEN)]
    work: str
    target: str
    seconds: float
    proxy: str | None = None
    ca_file: str | None = None
    voice_folder: str | None = None
    given: dict[str, str] = {}
    treatment: Treatment = USUAL


class CleaningJob(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do", tag="clean"):
    """Make a clip of the recording at ``source`` for that loudspeaker; the rest is as in ``Job``."""

    source: str
    work: str
    target: str
    seconds: float
    loudspeaker: Loudspeaker = "box"


class FittingJob(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do", tag="fit"):
    """Bring the clip at ``source`` into the band of that loudspeaker; the rest is as in ``Job``."""

    source: str
    work: str
    target: str
    seconds: float
    loudspeaker: Loudspeaker


class ListingJob(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do", tag="list"):
    """Ask the network service which voices it has; the rest is as in ``Job``."""

    work: str
    seconds: float
    proxy: str | None = None
    ca_file: str | None = None


AnyJob = Job | CleaningJob | FittingJob | ListingJob


class ListedVoice(msgspec.Struct, frozen=True, kw_only=True):
    """A Chinese voice of the network service, as it calls it."""

    name: Annotated[str, Meta(max_length=60)]
    female: bool


class Rendered(msgspec.Struct, frozen=True, kw_only=True, tag_field="outcome", tag="rendered"):
    """The WAV is at the job's target, whole, with that many frames."""

    frames: int


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag_field="outcome", tag="failed"):
    """There is no WAV; the sentence says why."""

    kind: Failure
    zh: str
    en: str


class Listed(msgspec.Struct, frozen=True, kw_only=True, tag_field="outcome", tag="listed"):
    """The voices that the network service has."""

    voices: Annotated[tuple[ListedVoice, ...], Meta(min_length=1, max_length=200)]


ChildOutcome = Rendered | Listed | Failed


def failed(error: EngineError) -> Failed:
    """Return ``error`` as it passes to the parent."""
    for kind, error_type in _KINDS.items():
        if isinstance(error, error_type):
            return Failed(kind=kind, zh=error.sentence.zh, en=error.sentence.en)
    return Failed(kind="not-whole", zh=error.sentence.zh, en=error.sentence.en)


def error_of(outcome: Failed) -> EngineError:
    """Return the child's failure as the error that it was there."""
    return _KINDS[outcome.kind](outcome.zh, outcome.en)
