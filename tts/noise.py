"""The sound by which an installer finds out how loud the courtyard gets: noise with the spectrum of speech.

A tone would not do: out of doors it is louder here and fainter a step aside, and a meter's A-weighting takes another
share of it than of a voice. This noise goes through the loudspeaker's band and is as loud (LUFS) as every clip, so
that a meter reads of it what it would read of a voice, on average over a sentence.
"""

from __future__ import annotations

import random

from box.settings import Loudspeaker
from programme.publication import SAMPLE_RATE_HZ
from tts.clip import Clip
from tts.engines import SpeechNotWhole
from tts.ffmpeg import process
from tts.library import ClipLibrary, Recipe
from tts.treatment import AIM_LUFS, BANDS, Treatment
from tts.wave_file import SAMPLE_BYTES

SECONDS = 20  # long enough to walk to a window's height and read a meter that is slow
WITHIN_LU = 0.3
NOISE = "noise"  # the engine that a row of the as-run log names for it
_VERSION = 1
_SEED = 2020  # the same noise on every box, so that a second reading is of the same sound
# Two slopes that bring white noise within 4 dB of the long-term average speech spectrum (Byrne et al., 1994, JASA 96).
_OF_SPEECH = ("lowpass=f=500:poles=1", "lowpass=f=2000:poles=1")
_CEILING = "alimiter=limit=0.82:level=false"


def noise_for(library: ClipLibrary, loudspeaker: Loudspeaker) -> Clip:
    """Return the clip of it, made if the library has none. Raises EngineError where that fails."""
    recipe = Recipe(
        engine=NOISE,
        voice="",
        spoken=f"{SECONDS} s",
        pace="",
        preparation=_VERSION,
        mixdown=_VERSION,
        treatment=Treatment(loudspeaker=loudspeaker),
    )
    there = library.find(recipe)
    if there is not None:
        return there
    with library.workplace() as work:
        white, shaped, target = work / "white.raw", work / "shaped.raw", work / "noise.wav"
        samples = random.Random(_SEED).randbytes(SECONDS * SAMPLE_RATE_HZ * SAMPLE_BYTES)  # noqa: S311 - noise, no secret
        white.write_bytes(samples)
        found = process(white, (*_OF_SPEECH, *BANDS[loudspeaker]), shaped)
        gain_db = AIM_LUFS - found.loudness_lufs
        reached = process(shaped, (f"volume={gain_db:.2f}dB", _CEILING), target)
        if abs(reached.loudness_lufs - AIM_LUFS) > WITHIN_LU:
            raise SpeechNotWhole("测试音没有做成，请再试", "the test sound could not be made, please try again")
        return library.add(recipe, target)
