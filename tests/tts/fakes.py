"""A renderer without a process, and what the tests of the studio share."""

from __future__ import annotations

import wave
from pathlib import Path

from programme.publication import SAMPLE_RATE_HZ
from tts.engines import EngineError, EngineUnavailable
from tts.job import CleaningJob, Job, ListedVoice, ListingJob
from tts.wave_file import SAMPLE_BYTES


def write_wave(path: Path, samples: bytes) -> int:
    """Write S16_LE mono samples as a WAV of ours; return its frames."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(samples)
    return len(samples) // SAMPLE_BYTES


class FakeRenderer:
    """Writes a second of samples that depend on engine and text; fails for the engines named in ``failures``."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.failures: dict[str, EngineError] = {}

    def render(self, job: Job) -> int:
        """Do the job, or fail as told."""
        self.jobs.append(job)
        if job.engine in self.failures:
            raise self.failures[job.engine]
        seed = sum(f"{job.engine}{job.voice}{job.spoken}".encode()) % 30_000
        return write_wave(Path(job.target), seed.to_bytes(2, "little") * 48_000)

    @property
    def asked(self) -> list[str]:
        """Return the engines that were asked, in order."""
        return [job.engine for job in self.jobs]


class FakeCleaner:
    """Makes a clip of a second that depends on the recording's bytes, or fails with ``failure``."""

    def __init__(self) -> None:
        self.jobs: list[CleaningJob] = []
        self.failure: EngineError | None = None

    def clean(self, job: CleaningJob) -> int:
        """Do the job, or fail as told."""
        self.jobs.append(job)
        if self.failure:
            raise self.failure
        seed = sum(Path(job.source).read_bytes()) % 30_000
        return write_wave(Path(job.target), seed.to_bytes(2, "little") * SAMPLE_RATE_HZ)


class FakeLister:
    """Says which voices the network service has; it can't be reached as long as ``there`` is empty."""

    def __init__(self) -> None:
        self.there: tuple[ListedVoice, ...] = ()

    def voices(self, _job: ListingJob) -> tuple[ListedVoice, ...]:
        """Do the job, or fail."""
        if not self.there:
            raise EngineUnavailable("连不上网络语音", "the voice service can't be reached")
        return self.there


def phone_file(folder: Path, content: bytes = b"\0\0\0\x1cftypM4A as it came") -> Path:
    """Return a file as it came from a phone."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "came"
    path.write_bytes(content)
    return path
