"""A hub's clip on the loudspeaker that hangs here: in its band, as loud as the rest, and bit by bit where it fits."""

from __future__ import annotations

import errno
import hashlib
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from box.settings import Loudspeaker
from programme.publication import PublishedMessage
from tests.fakes import SetClock
from tests.programme.test_together import NOTICE
from tests.tts.fakes import write_wave
from tests.tts.test_child import job
from tts.child import Fitter, RenderChild
from tts.engines import SpeechNotWhole
from tts.ffmpeg import process
from tts.fitting import Fitting
from tts.job import FittingJob
from tts.library import ClipLibrary
from tts.treatment import AIM_LUFS, Treatment
from tts.unfitted import TRY_AGAIN_AFTER, UNFITTED, UnfittedFile, unfitted_in

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)


class FakeFitter:
    """A fitter that writes something else, or fails."""

    def __init__(self, *, fails: bool = False, full: bool = False) -> None:
        self.jobs: list[FittingJob] = []
        self._fails = fails
        self._full = full

    def fit(self, job: FittingJob) -> int:
        """Write it."""
        self.jobs.append(job)
        if self._full:
            raise OSError(errno.ENOSPC, "full")
        if self._fails:
            raise SpeechNotWhole("没有做完", "it was not made")
        return write_wave(Path(job.target), b"\1\0" * 900)


@pytest.fixture
def library(tmp_path: Path) -> ClipLibrary:
    """Give a library."""
    (tmp_path / "clips").mkdir()
    return ClipLibrary(tmp_path / "clips")


@pytest.mark.parametrize(
    ("here", "made_for", "is_fitted"),
    [
        ("horn", "box", True),
        ("horn", "flat", True),
        ("box", "flat", True),
        ("box", "box", False),
        ("horn", "horn", False),
        ("box", "horn", False),  # what a horn's band lacks nothing brings back
        ("flat", "box", False),
    ],
)
def test_what_is_wider_than_the_loudspeaker_is_fitted(
    library: ClipLibrary, here: Loudspeaker, made_for: Loudspeaker, is_fitted: bool
) -> None:
    """Once; what fits is aired as it was signed."""
    fitter = FakeFitter()
    fitting = fitting_at(library, fitter, here)
    first, second = (fitting.message(NOTICE, made_for) for _ in range(2))
    assert first == second
    assert (first.clip != NOTICE.clip) is is_fitted
    assert [one.loudspeaker for one in fitter.jobs] == ([here] if is_fitted else [])
    if is_fitted:
        assert first == replace(NOTICE, clip=first.clip, frames=900)
        assert library.holds(first.clip, 900)


def test_what_can_not_be_fitted_is_aired_as_it_came_and_kept_in_mind(library: ClipLibrary, tmp_path: Path) -> None:
    """Not tried with every publication, in this process or the next: after a day, or for another loudspeaker."""
    fitter, clock = FakeFitter(fails=True), SetClock(NOON)
    fitting = fitting_at(library, fitter, "horn", clock)
    for _ in range(2):
        assert fitting.messages((NOTICE,), "flat") == (NOTICE,)
    assert fitting_at(library, fitter, "horn", clock).messages((NOTICE,), "flat") == (NOTICE,)
    assert len(fitter.jobs) == 1
    (kept,) = unfitted_in(tmp_path)
    assert (kept.clip, kept.title, kept.why.en) == (NOTICE.clip, NOTICE.title, "it was not made")
    fitting_at(library, fitter, "box", clock).messages((NOTICE,), "flat")
    assert len(fitter.jobs) == 2
    assert [one.clip for one in unfitted_in(tmp_path)] == [NOTICE.clip]
    clock.advance(TRY_AGAIN_AFTER.total_seconds())
    mended = FakeFitter()
    (fitted,) = fitting_at(library, mended, "box", clock).messages((NOTICE,), "flat")
    assert fitted.clip != NOTICE.clip
    assert unfitted_in(tmp_path) == ()


def test_what_is_no_more_shared_is_not_told_of(library: ClipLibrary, tmp_path: Path) -> None:
    """Nor where the file can't be read: it is found out again."""
    fitter = FakeFitter(fails=True)
    fitting = fitting_at(library, fitter, "horn")
    fitting.messages((NOTICE,), "box")
    fitting.messages((), "flat")
    assert unfitted_in(tmp_path) == ()
    (tmp_path / UNFITTED).write_bytes(b"?")
    fitting.messages((NOTICE,), "box")
    assert [one.clip for one in unfitted_in(tmp_path)] == [NOTICE.clip]
    assert len(fitter.jobs) == 2


def test_a_storage_that_refuses_is_asked_again_with_the_next_publication(library: ClipLibrary, tmp_path: Path) -> None:
    """It may be full now and have room in a minute."""
    fitter = FakeFitter(full=True)
    fitting = fitting_at(library, fitter, "horn")
    for _ in range(2):
        assert fitting.messages((NOTICE,), "box") == (NOTICE,)
    assert len(fitter.jobs) == 2
    assert unfitted_in(tmp_path) == ()


def fitting_at(library: ClipLibrary, fitter: Fitter, here: Loudspeaker, clock: SetClock | None = None) -> Fitting:
    """Return the fitting as a process makes it, of the panel's room that ``library`` is in."""
    return Fitting(
        library, fitter, here, UnfittedFile(library.path("x").parent.parent / UNFITTED, clock or SetClock(NOON))
    )


def test_a_real_clip_loses_what_strains_a_horn_and_is_as_loud_as_before(library: ClipLibrary, tmp_path: Path) -> None:
    """By the child itself: what is far below its band is 10 dB and more weaker, the loudness the common one."""
    child, made = RenderChild(), tmp_path / "said"
    made.mkdir()
    wide = job(made, spoken="请各位居民注意，今天下午停水。", treatment=Treatment(loudspeaker="flat"))
    frames = child.render(wide)
    clip = taken(library, Path(wide.target).read_bytes(), frames)
    fitted = fitting_at(library, child, "horn").message(clip, "flat")
    assert fitted.clip != clip.clip
    before, after = (levels(library.path(one.clip), tmp_path) for one in (clip, fitted))
    assert abs(after[0] - AIM_LUFS) < 0.5
    assert before[1] - after[1] > 10


def taken(library: ClipLibrary, content: bytes, frames: int) -> PublishedMessage:
    """Take a clip that somebody else made, as the shared layer does; return its message."""
    clip = hashlib.sha256(content).hexdigest()
    library.take(io.BytesIO(content), clip, frames)
    return replace(NOTICE, clip=clip, frames=frames)


def levels(path: Path, work: Path) -> tuple[float, float]:
    """Return the loudness of a clip, and of what it has far below a horn's band."""
    bare = work / "bare.raw"
    bare.write_bytes(path.read_bytes()[44:])
    low = process(bare, ("lowpass=f=100",) * 3, work / "low.raw")
    return process(bare, (), work / "all.raw").loudness_lufs, low.peak_dbfs
