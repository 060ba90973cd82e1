"""How loud a sound is in five bands, fifty times a second: all that is kept of what a microphone takes."""

from __future__ import annotations

import audioop
from array import array

RATE_HZ = 16_000
SAMPLE_BYTES = 2
HOP_FRAMES = RATE_HZ // 50  # 20 ms: syllables come 3 to 8 times a second, and a yard's echo blurs what is shorter
HOPS_PER_SECOND = RATE_HZ // HOP_FRAMES
BANDS_HZ = ((4000, 8000), (2000, 4000), (1000, 2000), (500, 1000), (250, 500))

_WIDE = 4  # bytes of a sample within the filters: of a faint sound, 16 bits would leave nothing in the upper bands
_HEADROOM = 0.25  # what the filters add up to stays within 32 bits
_TAPS = 7


class BandMeter:
    """Takes samples as they come, 16 kHz mono S16_LE, and yields each hop's level in each band, as RMS.

    A half-band filter (-1 0 9 16 9 0 -1)/32 parts a band in two, again and again downwards; what is under 250 Hz, with
    the mains' hum, is left out. All of it is done by audioop, in C: under 1 % of a second for each second.
    """

    def __init__(self) -> None:
        self._waiting = b""
        self._before = [bytes(_WIDE * (_TAPS - 1)) for _ in BANDS_HZ]

    def take(self, samples: bytes) -> list[array[float]]:
        """Return the levels, for each band as many as there are whole hops; what is left over waits for the next."""
        samples = self._waiting + samples
        hops = len(samples) // (HOP_FRAMES * SAMPLE_BYTES)
        whole = hops * HOP_FRAMES * SAMPLE_BYTES
        self._waiting = samples[whole:]
        if not hops:
            return [array("f") for _ in BANDS_HZ]
        rest = audioop.mul(audioop.lin2lin(samples[:whole], SAMPLE_BYTES, _WIDE), _WIDE, _HEADROOM)
        levels = []
        for band in range(len(BANDS_HZ)):
            low, high = self._part(band, rest)
            levels.append(_levels(high, hops))
            rest = memoryview(low).cast("i")[::2].tobytes()
        return levels

    def _part(self, band: int, samples: bytes) -> tuple[bytes, bytes]:
        """Return the lower and the upper half of what ``samples`` hold, as many samples each."""
        together = self._before[band] + samples
        self._before[band] = together[-_WIDE * (_TAPS - 1) :]
        size = len(samples)

        def at(tap: int) -> bytes:
            return together[tap * _WIDE : tap * _WIDE + size]

        outer = audioop.mul(audioop.add(at(0), at(6), _WIDE), _WIDE, -1 / 32)
        inner = audioop.mul(audioop.add(at(2), at(4), _WIDE), _WIDE, 9 / 32)
        low = audioop.add(audioop.add(outer, inner, _WIDE), audioop.mul(at(3), _WIDE, 0.5), _WIDE)
        return low, audioop.add(at(3), audioop.mul(low, _WIDE, -1.0), _WIDE)


def _levels(samples: bytes, hops: int) -> array[float]:
    size = len(samples) // hops
    return array("f", [audioop.rms(samples[hop * size : (hop + 1) * size], _WIDE) for hop in range(hops)])
