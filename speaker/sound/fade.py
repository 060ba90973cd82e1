"""The fade of what is cut: heard as an end, not as a fault."""

from __future__ import annotations

from speaker.airing import FADE_FRAMES
from speaker.sound.card import RATE_HZ, SAMPLE_BYTES
from speaker.sound.gain import scaled

STEP_FRAMES = RATE_HZ // 1000  # a new gain every millisecond: 300 steps are not heard as steps


def faded(samples: bytes, begun: int) -> bytes:
    """Return ``samples`` (S16_LE), of which the first is the ``begun``-th frame of the fade; silent after its end.

    The gain goes down with the square of what is left, which is heard as even.
    """
    parts: list[bytes] = []
    frames = len(samples) // SAMPLE_BYTES
    at = 0
    while at < frames:
        step = (begun + at) // STEP_FRAMES
        end = min(frames, (step + 1) * STEP_FRAMES - begun)
        left = max(0.0, 1.0 - (step + 1) * STEP_FRAMES / FADE_FRAMES)
        parts.append(scaled(samples[at * SAMPLE_BYTES : end * SAMPLE_BYTES], left * left))
        at = end
    return b"".join(parts)
