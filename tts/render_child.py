"""The rendering child, ``python -m tts.render_child``: one job on standard input, one outcome on standard output.

It may be killed at any instant: a hung voice service or a large import dies with it. What it may use is bounded.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from box.clock import SystemClock
from tts.engines import Engine, EngineError, EngineUnavailable, SpeechNotWhole
from tts.job import AnyJob, ChildOutcome, CleaningJob, FittingJob, Job, Listed, ListingJob, Rendered, failed
from tts.sentences import sentences_of
from tts.treatment import Treatment
from tts.voices import EDGE, ESPEAK, SHERPA, ended_by
from tts.word_list import readings_from

MEMORY_BYTES = 1 << 30  # of address space; 60 s of speech took 130 MB, ffmpeg's threads only reserve
CPU_SECONDS = 300  # and for each second that the engine may take, as many as it has cores
_MOST_CORES = 4
FILE_BYTES = 512 << 20
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_MOST_JOB_BYTES = 1 << 20
_LEAST_SECONDS_PER_CHARACTER = 0.05  # nobody speaks faster: less than this is speech with words missing


class RenderingEngine(Engine, Protocol):
    """An engine as the child knows it: it also says what its files are."""

    audio_format: str


def main() -> None:
    """Do the job and write its outcome, whatever it is."""
    _bound()
    job = msgspec.json.decode(sys.stdin.buffer.read(_MOST_JOB_BYTES), type=AnyJob)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS + round(job.seconds) * _MOST_CORES)
    if isinstance(job, Job) and job.engine == SHERPA:
        _tell(failed(ended_by(job.voice)))  # a model can end this process from within the library: then this stands
    _tell(_outcome(job))


def _outcome(job: AnyJob) -> ChildOutcome:
    if isinstance(job, CleaningJob):
        return clean(job)
    if isinstance(job, FittingJob):
        return fit(job)
    return voices(job) if isinstance(job, ListingJob) else render(job)


def _tell(outcome: ChildOutcome) -> None:
    """Write the outcome in the place of the one before; standard output is a file."""
    if stat.S_ISREG(os.fstat(1).st_mode):
        os.ftruncate(1, 0)
        os.lseek(1, 0, os.SEEK_SET)
    sys.stdout.buffer.write(msgspec.json.encode(outcome) + b"\n")
    sys.stdout.buffer.flush()


def render(job: Job) -> ChildOutcome:
    """Speak and mix down; an engine's failure is an outcome, anything else is a crash that the parent reports."""
    from tts.mixdown import mix_down  # noqa: PLC0415 - pydub only after the limits are set

    try:
        engine = _engine(job)
        speech = list(_spoken(job, engine))
        frames = mix_down(speech, engine.audio_format, Path(job.target), job.treatment)
        _check_length(job.spoken, frames)
    except EngineError as error:
        return failed(error)
    return Rendered(frames=frames)


def _spoken(job: Job, engine: RenderingEngine) -> Iterator[Path]:
    """Yield the speech: in one file, or a sentence each where they are to be joined with pauses of our own."""
    if not job.treatment.sentence_pause_ms:
        yield engine.speak(job.spoken, job.voice, Path(job.work))
        return
    clock = SystemClock()
    until = clock.monotonic() + job.seconds
    for number, sentence in enumerate(sentences_of(job.spoken)):
        if clock.monotonic() > until:  # each sentence has its own deadline; all of them have this one
            raise SpeechNotWhole("声音没有按时读完，没有采用，请再试", "the voice did not finish in time")
        folder = Path(job.work) / f"sentence-{number}"
        folder.mkdir()
        yield engine.speak(sentence, job.voice, folder)


def clean(job: CleaningJob) -> ChildOutcome:
    """Make a clip of a recording; what can't be one is an outcome too."""
    from tts.recordings_cleaning import clean as cleaned  # noqa: PLC0415 - pydub only after the limits are set

    try:
        return Rendered(frames=cleaned(Path(job.source), Path(job.work), Path(job.target), job.loudspeaker))
    except EngineError as error:
        return failed(error)


def fit(job: FittingJob) -> ChildOutcome:
    """Bring a clip that is mixed down already into another band; what can't be is an outcome too."""
    from tts.mixdown import mix_down  # noqa: PLC0415 - pydub only after the limits are set

    try:
        treatment = Treatment(loudspeaker=job.loudspeaker)
        return Rendered(frames=mix_down([Path(job.source)], "wav", Path(job.target), treatment))
    except EngineError as error:
        return failed(error)


def voices(job: ListingJob) -> ChildOutcome:
    """Ask the network service for its voices."""
    from tts.edge_voices import listed  # noqa: PLC0415 - a large import, only where it is used

    try:
        ca_file = Path(job.ca_file) if job.ca_file else None
        return Listed(voices=listed(deadline_seconds=job.seconds, proxy=job.proxy, ca_file=ca_file))
    except EngineError as error:
        return failed(error)


def _engine(job: Job) -> RenderingEngine:
    """Build the job's engine, importing no other."""
    if job.engine == EDGE:
        from tts.edge import Edge  # noqa: PLC0415 - a large import, only where it is used

        return Edge(deadline_seconds=job.seconds, proxy=job.proxy, ca_file=Path(job.ca_file) if job.ca_file else None)
    if job.engine == SHERPA and job.voice_folder:
        from tts.sherpa import Sherpa  # noqa: PLC0415 - a large import, only where it is used

        return Sherpa(folder=Path(job.voice_folder), given=job.given)
    if job.engine != ESPEAK:
        raise EngineUnavailable(f"没有“{job.engine}”这个语音引擎", f"there is no engine “{job.engine}”")
    from tts.espeak import Espeak  # noqa: PLC0415 - a large import, only where it is used

    return Espeak(deadline_seconds=job.seconds, readings=readings_from(job.given))


def _check_length(spoken: str, frames: int) -> None:
    characters = sum("㐀" <= character <= "鿿" for character in spoken)
    if frames < characters * _LEAST_SECONDS_PER_CHARACTER * 48_000:
        raise SpeechNotWhole(
            "生成的声音太短，少了内容，没有采用", "the speech is too short for its words and was refused"
        )


def _bound() -> None:
    """Set the limits, and let the kernel end this process when its parent dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _limit(limit, most)


def _limit(limit: int, most: int) -> None:
    resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    main()
    os._exit(0)  # an ordinary exit would wait for a thread that hangs in a name lookup
