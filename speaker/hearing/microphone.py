"""A microphone through ALSA: 16 kHz mono, read without waiting."""

from __future__ import annotations

import audioop
import ctypes
import errno
from typing import Literal, Protocol

from speaker.hearing.bands import RATE_HZ, SAMPLE_BYTES
from speaker.sound.libasound import ACCESS_RW_INTERLEAVED, CAPTURE, FORMAT_S16_LE, NONBLOCK, libasound

BUFFER_FRAMES = 2 * RATE_HZ  # two seconds may pass between two readings before anything is lost
READ_FRAMES = RATE_HZ // 4
# ALSA's own converter takes its ratio from two periods in whole frames: left to itself it chose 16 of ours for 46 of
# the card's, 4 % too fast (measured on the virtual microphone). 50 ms are whole at 16, 44.1 and 48 kHz.
PERIOD_FRAMES = RATE_HZ // 20
_OVERRUN = (-errno.EPIPE, -errno.ESTRPIPE)

Why = Literal["missing", "busy", "denied", "unfit", "lost"]


class MicrophoneAway(Exception):
    """There is nothing to listen with; ``why`` says whether it is missing, busy, denied, unfit, or was lost."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Microphone(Protocol):
    """Gives 16 kHz mono S16_LE as it comes."""

    @property
    def overruns(self) -> int:
        """How often it was read too late and began anew: what came in between is lost."""
        ...

    def read(self) -> bytes:
        """Return what has come since the last time, nothing if nothing has. Raises MicrophoneAway."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class AlsaMicrophone:
    """The capture device of that ALSA name, running from when it is made. Raises MicrophoneAway.

    A device that has no mono is read in stereo, and both sides are taken together.
    """

    def __init__(self, device: str) -> None:
        self._handle: ctypes.c_void_p | None = None
        self._overruns = 0
        try:
            alsa = libasound()
        except OSError as error:
            raise MicrophoneAway("missing") from error
        handle = ctypes.c_void_p()
        answer = alsa.snd_pcm_open(ctypes.byref(handle), device.encode(), CAPTURE, NONBLOCK)
        if answer < 0:
            raise MicrophoneAway(_why(-answer))
        self._handle = handle
        try:
            self._channels = _set_up(handle)
            _must(alsa.snd_pcm_start(handle))
        except MicrophoneAway:
            self.close()
            raise
        self._room = ctypes.create_string_buffer(READ_FRAMES * SAMPLE_BYTES * self._channels)

    @property
    def overruns(self) -> int:
        """How often it was read too late and began anew."""
        return self._overruns

    def read(self) -> bytes:
        """Return what has come since the last time, a quarter of a second at most. Raises MicrophoneAway."""
        if self._handle is None:
            raise MicrophoneAway("lost")
        alsa = libasound()
        taken: int = alsa.snd_pcm_readi(self._handle, self._room, READ_FRAMES)
        if taken == -errno.EAGAIN:
            return b""
        if taken in _OVERRUN:
            if alsa.snd_pcm_prepare(self._handle) < 0 or alsa.snd_pcm_start(self._handle) < 0:
                raise MicrophoneAway("lost")
            self._overruns += 1
            return b""
        if taken < 0:
            raise MicrophoneAway("lost")
        samples = self._room.raw[: taken * SAMPLE_BYTES * self._channels]
        return samples if self._channels == 1 else audioop.tomono(samples, SAMPLE_BYTES, 0.5, 0.5)

    def close(self) -> None:
        """Let go of it."""
        if self._handle is not None:
            libasound().snd_pcm_drop(self._handle)
            libasound().snd_pcm_close(self._handle)
            self._handle = None


def _set_up(handle: ctypes.c_void_p) -> int:
    """Ask for 16 kHz S16_LE, mono or else stereo; return the channels. Raises MicrophoneAway."""
    alsa = libasound()
    period, buffer = ctypes.c_ulong(PERIOD_FRAMES), ctypes.c_ulong(BUFFER_FRAMES)
    channels = 1
    hardware = ctypes.c_void_p()
    _must(alsa.snd_pcm_hw_params_malloc(ctypes.byref(hardware)))
    try:
        _must(alsa.snd_pcm_hw_params_any(handle, hardware))
        _must(alsa.snd_pcm_hw_params_set_rate_resample(handle, hardware, 1))
        _must(alsa.snd_pcm_hw_params_set_access(handle, hardware, ACCESS_RW_INTERLEAVED))
        _must(alsa.snd_pcm_hw_params_set_format(handle, hardware, FORMAT_S16_LE))
        if alsa.snd_pcm_hw_params_set_channels(handle, hardware, 1) < 0:
            channels = 2
            _must(alsa.snd_pcm_hw_params_set_channels(handle, hardware, 2))
        _must(alsa.snd_pcm_hw_params_set_rate(handle, hardware, RATE_HZ, 0))
        _must(alsa.snd_pcm_hw_params_set_period_size_near(handle, hardware, ctypes.byref(period), None))
        _must(alsa.snd_pcm_hw_params_set_buffer_size_near(handle, hardware, ctypes.byref(buffer)))
        _must(alsa.snd_pcm_hw_params(handle, hardware))
    finally:
        alsa.snd_pcm_hw_params_free(hardware)
    return channels


def _must(answer: int) -> None:
    if answer < 0:
        raise MicrophoneAway("missing" if -answer in (errno.ENODEV, errno.ENXIO) else "unfit")


def _why(number: int) -> Why:
    if number == errno.EBUSY:
        return "busy"
    if number in (errno.EACCES, errno.EPERM):
        return "denied"
    return "missing"
