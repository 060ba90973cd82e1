"""Sound brought to a loudness, ours and what one would use instead: ``python -m bench.loudness WAY IN OUT``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from box.clock import SystemClock
from tts.ffmpeg import Level, decode
from tts.mixdown import LOUDEST_PEAK_DBFS, mix_down
from tts.treatment import AIM_LUFS

_FFMPEG = ("ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-y")
_CLIP = ("-ar", "48000", "-ac", "1", "-c:a", "pcm_s16le")
_LOUDNORM = f"loudnorm=I={AIM_LUFS}:TP={LOUDEST_PEAK_DBFS}:LRA=7"
_MEASURED = {
    "measured_I": "input_i",
    "measured_TP": "input_tp",
    "measured_LRA": "input_lra",
    "measured_thresh": "input_thresh",
    "offset": "target_offset",
}


def mixdown(source: Path, target: Path) -> None:
    """Bring an engine's mp3 or WAV to a clip, as the rendering child does."""
    mix_down([source], source.suffix[1:], target)


def pydub_normalize(source: Path, target: Path) -> None:
    """Set the peak, which is what pydub's ``normalize`` does, as many a tutorial has it."""
    from pydub import AudioSegment  # noqa: PLC0415 - its import belongs to its cost alone
    from pydub.effects import normalize  # noqa: PLC0415

    with source.open("rb") as file:
        sound = AudioSegment.from_file(file).set_frame_rate(48_000).set_channels(1)
    normalize(sound, headroom=-LOUDEST_PEAK_DBFS).export(target, format="wav").close()


def loudnorm_once(source: Path, target: Path) -> None:
    """Let ffmpeg's loudnorm do it in one pass."""
    subprocess.run(
        [*_FFMPEG, "-i", str(source), "-af", _LOUDNORM, *_CLIP, str(target)], check=True, capture_output=True
    )


def loudnorm_twice(source: Path, target: Path) -> None:
    """Let ffmpeg's loudnorm measure first, then do it."""
    measure = [*_FFMPEG, "-i", str(source), "-af", f"{_LOUDNORM}:print_format=json", "-f", "null", "-"]
    said = subprocess.run(measure, check=True, capture_output=True, text=True).stderr
    found = json.loads(re.findall(r"\{[^{}]*\}", said)[-1])
    known = ":".join(f"{name}={found[value]}" for name, value in _MEASURED.items())
    second = [*_FFMPEG, "-i", str(source), "-af", f"{_LOUDNORM}:linear=true:{known}", *_CLIP, str(target)]
    subprocess.run(second, check=True, capture_output=True)


OURS = "xiaolaba"
WAYS: Mapping[str, Callable[[Path, Path], None]] = {
    OURS: mixdown,
    "pydub normalize": pydub_normalize,
    "ffmpeg loudnorm, one pass": loudnorm_once,
    "ffmpeg loudnorm, two passes": loudnorm_twice,
}


def level_of(wav: Path) -> Level:
    """Measure a finished file."""
    with tempfile.TemporaryDirectory() as name:
        return decode(wav, "wav", (), Path(name) / "measured.raw")


def main() -> None:
    """Do it one way and print what it took as JSON, the interpreter's start left out."""
    way, source, target = sys.argv[1:]
    clock = SystemClock()
    begun, before = clock.monotonic(), sum(os.times()[:4])
    WAYS[way](Path(source), Path(target))
    print(json.dumps({"seconds": clock.monotonic() - begun, "processor_seconds": sum(os.times()[:4]) - before}))


if __name__ == "__main__":
    main()
