"""The card's own mixer, put to one known level, so that only the samples decide how loud it is."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterator

from speaker.sound.libasound import libasound

# What lies between the samples and the loudspeaker on a Pi, on HATs and on USB cards; other controls are let be.
OUTPUTS = frozenset(
    (
        "Master",
        "PCM",
        "Headphone",
        "Headphones",
        "Speaker",
        "HDMI",
        "Digital",
        "Analogue",
        "Line Out",
        "Lineout",
        "Front",
    )
)
_NEAREST_BELOW = -1

_log = logging.getLogger(__name__)


def set_levels(control: str) -> tuple[str, ...]:
    """Switch on the outputs of the mixer ``control`` (``hw:0``) and set them to 0 dB; return their names.

    An output that tells no decibels, or whose range ends below 0 dB, is set to its top: there the makers put
    the level that is not amplified. A card without a mixer is none the worse: then there is nothing to return.
    """
    alsa = libasound()
    mixer = ctypes.c_void_p()
    if alsa.snd_mixer_open(ctypes.byref(mixer), 0) < 0:
        return ()
    try:
        for answer in (
            alsa.snd_mixer_attach(mixer, control.encode()),
            alsa.snd_mixer_selem_register(mixer, None, None),
            alsa.snd_mixer_load(mixer),
        ):
            if answer < 0:
                _log.info("no mixer at %s (%s)", control, answer)
                return ()
        return tuple(name for name, output in _outputs(mixer) if _set(output, name))
    finally:
        alsa.snd_mixer_close(mixer)


def _outputs(mixer: ctypes.c_void_p) -> Iterator[tuple[str, ctypes.c_void_p]]:
    alsa = libasound()
    output = alsa.snd_mixer_first_elem(mixer)
    while output:
        name = (alsa.snd_mixer_selem_get_name(output) or b"").decode(errors="replace")
        if name in OUTPUTS and alsa.snd_mixer_selem_has_playback_volume(output):
            yield name, output
        output = alsa.snd_mixer_elem_next(output)


def _set(output: ctypes.c_void_p, name: str) -> bool:
    alsa = libasound()
    low, high = ctypes.c_long(), ctypes.c_long()
    tells_decibels = alsa.snd_mixer_selem_get_playback_dB_range(output, ctypes.byref(low), ctypes.byref(high)) >= 0
    if tells_decibels and low.value < 0 <= high.value:
        answer = alsa.snd_mixer_selem_set_playback_dB_all(output, 0, _NEAREST_BELOW)
    else:
        alsa.snd_mixer_selem_get_playback_volume_range(output, ctypes.byref(low), ctypes.byref(high))
        answer = alsa.snd_mixer_selem_set_playback_volume_all(output, high.value)
    if alsa.snd_mixer_selem_has_playback_switch(output):
        answer = min(answer, alsa.snd_mixer_selem_set_playback_switch_all(output, 1))
    if answer < 0:
        _log.warning("the mixer's %s could not be set (%s)", name, answer)
    return bool(answer >= 0)
