"""The parent's side of the rendering child: run it, wait no longer than the deadline, kill it whole."""

from __future__ import annotations

import errno
import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec

from box.storage import free_bytes_in
from tts.engines import SpeechNotWhole
from tts.job import (
    AnyJob,
    ChildOutcome,
    CleaningJob,
    Failed,
    FittingJob,
    Job,
    Listed,
    ListedVoice,
    ListingJob,
    Rendered,
    error_of,
)

MIXDOWN_SECONDS = 120.0  # 1.4 s for a minute of speech on two cores that were busy; ten times that on a Pi (estimate)
_MOST_OUTCOME_BYTES = 64 * 1024
_OOM_SCORE = "800"  # of 1000, see proc(5): it is chosen before anything that must live
_FULL_BYTES = 1024 * 1024  # with less room than this a render fails for want of it, whatever it says itself
_PROJECT = Path(__file__).resolve().parent.parent

log = logging.getLogger("xiaolaba.tts")


class Renderer(Protocol):
    """What does a job: here or, in tests, a fake."""

    def render(self, job: Job) -> int:
        """Do the job; return the frames of the WAV at its target. Raises EngineError."""
        ...


class Cleaner(Protocol):
    """What makes a clip of a recording: here or, in tests, a fake."""

    def clean(self, job: CleaningJob) -> int:
        """Do the job; return the frames of the WAV at its target. Raises EngineError."""
        ...


class Fitter(Protocol):
    """What brings a clip into another band: here or, in tests, a fake."""

    def fit(self, job: FittingJob) -> int:
        """Do the job; return the frames of the WAV at its target. Raises EngineError."""
        ...


class Lister(Protocol):
    """What asks the network service for its voices: here or, in tests, a fake."""

    def voices(self, job: ListingJob) -> tuple[ListedVoice, ...]:
        """Do the job; return the voices. Raises EngineError."""
        ...


class RenderChild:
    """A ``Renderer``, ``Cleaner``, ``Fitter`` and ``Lister`` that starts a child process for every job.

    A job may take its own seconds and ``mixdown_seconds`` more; then the child and all that it started are killed.
    What fails on a full disk is an OSError, whatever the child could still say of it.
    """

    def __init__(
        self,
        *,
        command: tuple[str, ...] = (sys.executable, "-m", "tts.render_child"),
        mixdown_seconds: float = MIXDOWN_SECONDS,
    ) -> None:
        self._command = command
        self._mixdown_seconds = mixdown_seconds

    def render(self, job: Job) -> int:
        """Do the job in a child; see ``Renderer``."""
        return self._frames(job)

    def clean(self, job: CleaningJob) -> int:
        """Do the job in a child; see ``Cleaner``."""
        return self._frames(job)

    def fit(self, job: FittingJob) -> int:
        """Do the job in a child; see ``Fitter``."""
        return self._frames(job)

    def voices(self, job: ListingJob) -> tuple[ListedVoice, ...]:
        """Do the job in a child; see ``Lister``."""
        outcome = self._done(job)
        return outcome.voices if isinstance(outcome, Listed) else ()

    def _frames(self, job: AnyJob) -> int:
        outcome = self._done(job)
        return outcome.frames if isinstance(outcome, Rendered) else 0

    def _done(self, job: AnyJob) -> Rendered | Listed:
        """Run the child for ``job``.

        Input and output are files in the job's folder, bounded by the child's own file-size limit: no pipe can fill up
        and no thread is needed to read one.
        """
        work = Path(job.work)
        given, said, complained = work / "job.json", work / "outcome.json", work / "complaints.txt"
        given.write_bytes(msgspec.json.encode(job))
        with given.open("rb") as stdin, said.open("wb") as stdout, complained.open("wb") as stderr:
            child = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
                self._command,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env=_environment(),
                start_new_session=True,
            )
            _offer_to_the_kernel(child)
            try:
                child.wait(job.seconds + self._mixdown_seconds)
            except subprocess.TimeoutExpired as error:
                raise SpeechNotWhole(
                    "生成声音超时，已停止，请稍后再试", "rendering took too long, please try later"
                ) from error
            finally:
                _kill_whole(child)
        outcome = _outcome(said)
        if isinstance(outcome, Rendered | Listed):
            return outcome
        _require_room(work)
        if isinstance(outcome, Failed):
            raise error_of(outcome)
        log.error("rendering child ended with %s: %s", child.returncode, _end_of(complained))
        raise SpeechNotWhole("生成声音的程序意外中断，请再试", "the rendering stopped unexpectedly, please try again")


def _offer_to_the_kernel(child: subprocess.Popen[bytes]) -> None:
    """Where memory runs out, let the kernel kill the child and not whoever waits for it."""
    with suppress(OSError):  # it has ended already, or /proc is hidden
        Path(f"/proc/{child.pid}/oom_score_adj").write_text(_OOM_SCORE, encoding="ascii")


def _kill_whole(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and all that it started, whether it has ended or not."""
    with suppress(ProcessLookupError):  # the whole group has ended by itself
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _require_room(work: Path) -> None:
    if free_bytes_in(work) < _FULL_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(work))


def _outcome(said: Path) -> ChildOutcome | None:
    with said.open("rb") as file:
        content = file.read(_MOST_OUTCOME_BYTES)
    try:
        return msgspec.json.decode(content, type=ChildOutcome)  # type: ignore[no-any-return]  # a union is no type to mypy
    except ValueError:
        return None


def _end_of(complained: Path) -> str:
    content = complained.read_bytes()[-2000:]
    return content.decode("utf-8", "replace").strip()


def _environment() -> dict[str, str]:
    """Give the child our modules and the whole phrase dictionary (without it polyphones go wrong)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYPINYIN_")}
    return kept | {"PYTHONPATH": str(_PROJECT), "PYTHONUTF8": "1"}
