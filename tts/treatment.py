"""What is done to every clip of this box besides what its engine does: for its loudspeaker, and for its courtyard."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from box.settings import Audio, Loudspeaker

AIM_LUFS = -16.0  # the loudness that every clip is brought to
BANDS: Mapping[Loudspeaker, tuple[str, ...]] = {
    "horn": ("highpass=f=300", "lowpass=f=7000"),  # what a horn gives (measured); below it only strains the driver
    "box": ("highpass=f=100",),  # rumble that only heats a small loudspeaker
    "flat": ("highpass=f=20",),  # what nobody hears
}


class Treatment(msgspec.Struct, frozen=True, kw_only=True):
    """The band of the ``loudspeaker``, and how long to be silent after each sentence; 0 leaves that to the voice."""

    loudspeaker: Loudspeaker = "box"
    sentence_pause_ms: int = 0


USUAL = Treatment()


def treatment_of(audio: Audio) -> Treatment:
    """Return the treatment that the installer has set."""
    return Treatment(loudspeaker=audio.loudspeaker, sentence_pause_ms=audio.sentence_pause_ms)
