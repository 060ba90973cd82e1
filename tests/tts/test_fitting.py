"""A hub's clip on the loudspeaker that hangs here: in its band, as loud as the rest, and bit by bit where it fits."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from msgspec.structs import replace

from box.settings import Loudspeaker
from programme.publication import PublishedMessage
from tests.programme.test_together import NOTICE
from tests.tts.fakes import write_wave
from tests.tts.test_child import job
from tts.child import RenderChild
from tts.engines import SpeechNotWhole
from tts.ffmpeg import process
from tts.fitting import Fitting
from tts.job import FittingJob
from tts.library import ClipLibrary
from tts.treatment import AIM_LUFS, Treatment


class FakeFitter:
    """A fitter that writes something else, or fails."""

    def __init__(self, *, fails: bool = False) -> None:
        self.jobs: list[FittingJob] = []
        self._fails = fails

    def fit(self, job: FittingJob) -> int:
        """Write it."""
        self.jobs.append(job)
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
    fitting = Fitting(library, fitter, here)
    first, second = (fitting.message(NOTICE, made_for) for _ in range(2))
    assert first == second
    assert (first.clip != NOTICE.clip) is is_fitted
    assert [one.loudspeaker for one in fitter.jobs] == ([here] if is_fitted else [])
    if is_fitted:
        assert first == replace(NOTICE, clip=first.clip, frames=900)
        assert library.holds(first.clip, 900)


def test_what_can_not_be_fitted_is_aired_as_it_came(library: ClipLibrary) -> None:
    """And tried again with the next publication."""
    fitter = FakeFitter(fails=True)
    fitting = Fitting(library, fitter, "horn")
    assert [fitting.message(NOTICE, "box") for _ in range(2)] == [NOTICE] * 2
    assert len(fitter.jobs) == 2


def test_a_real_clip_loses_what_strains_a_horn_and_is_as_loud_as_before(library: ClipLibrary, tmp_path: Path) -> None:
    """By the child itself: what is far below its band is 10 dB and more weaker, the loudness the common one."""
    child, made = RenderChild(), tmp_path / "said"
    made.mkdir()
    wide = job(made, spoken="请各位居民注意，今天下午停水。", treatment=Treatment(loudspeaker="flat"))
    frames = child.render(wide)
    clip = taken(library, Path(wide.target).read_bytes(), frames)
    fitted = Fitting(library, child, "horn").message(clip, "flat")
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
