"""A sound card through ALSA."""

from __future__ import annotations

import audioop
import ctypes
import errno
from pathlib import Path
from typing import Literal

from speaker.sound.card import BUFFER_FRAMES, PERIOD_FRAMES, RATE_HZ, SAMPLE_BYTES, CardLost, CardMissing
from speaker.sound.libasound import ACCESS_RW_INTERLEAVED, FORMAT_S16_LE, NONBLOCK, PLAYBACK, libasound
from speaker.sound.mixer import set_levels

_OVERRUN_BY_TIME = (-errno.EPIPE, -errno.ESTRPIPE)  # an underrun; or the machine slept, which ends the same way
_NOT_THERE = (errno.ENODEV, errno.ENOENT, errno.ENXIO)


class AlsaCard:
    """The card of that ALSA name (``default``, ``hw:1``, ``plughw:CARD=Device``); opened only when told to.

    A card that has no mono is given the same samples on both sides.
    """

    def __init__(self, device: str) -> None:
        self._device = device
        self._handle: ctypes.c_void_p | None = None
        self._channels = 1
        self._running = False
        self._underruns = 0
        self._period_frames = PERIOD_FRAMES

    @property
    def kind(self) -> Literal["card"]:
        """Something that sounds."""
        return "card"

    @property
    def running(self) -> bool:
        """Whether the card's clock runs."""
        return self._running

    @property
    def underruns(self) -> int:
        """How often samples came too late."""
        return self._underruns

    @property
    def period_frames(self) -> int:
        """The period that the card has granted."""
        return self._period_frames

    def probe(self) -> None:
        """See whether the card is there; one that is open was there a moment ago. Raises CardMissing."""
        if self._handle is None:
            libasound_or_missing().snd_pcm_close(self._opened())

    def open(self) -> None:
        """Open and set up the card and its mixer, ready for samples. Raises CardMissing."""
        self.close()
        handle = self._opened()
        try:
            self._channels, self._period_frames = _set_up(handle, self._device)
        except BaseException:
            libasound().snd_pcm_close(handle)
            raise
        self._handle = handle
        number = _card_number(handle)
        if number is not None:
            set_levels(f"hw:{number}")

    def write(self, samples: bytes) -> int:
        """Take what there is room for and return how many frames that was. Raises CardLost."""
        frames = len(samples) // SAMPLE_BYTES
        data = samples if self._channels == 1 else audioop.tostereo(samples, SAMPLE_BYTES, 1, 1)
        taken: int = libasound().snd_pcm_writei(self._open_handle(), data, frames)
        if taken == -errno.EAGAIN:
            return 0
        if taken < 0:
            self._recover(taken)
            return 0
        return taken

    def start(self) -> None:
        """Let the first frame sound now. Raises CardLost."""
        self._checked(libasound().snd_pcm_start(self._open_handle()))
        self._running = True

    def delay(self) -> int:
        """Return the frames that are written and have not sounded. Raises CardLost."""
        frames = ctypes.c_long()
        answer = libasound().snd_pcm_delay(self._open_handle(), ctypes.byref(frames))
        if answer < 0:
            self._recover(answer)
            return 0
        return max(0, frames.value)

    def drop(self) -> None:
        """Fall silent at once and be ready again. Raises CardLost."""
        self._running = False
        self._checked(libasound().snd_pcm_drop(self._open_handle()))
        self._checked(libasound().snd_pcm_prepare(self._open_handle()))

    def close(self) -> None:
        """Let go of the card; what has not sounded is dropped."""
        self._running = False
        if self._handle is not None:
            libasound().snd_pcm_drop(self._handle)
            libasound().snd_pcm_close(self._handle)
            self._handle = None

    def _opened(self) -> ctypes.c_void_p:
        handle = ctypes.c_void_p()
        answer = libasound_or_missing().snd_pcm_open(ctypes.byref(handle), self._device.encode(), PLAYBACK, NONBLOCK)
        if answer < 0:
            raise _missing(-answer, self._device)
        return handle

    def _open_handle(self) -> ctypes.c_void_p:
        if self._handle is None:
            raise _lost("closed")
        return self._handle

    def _recover(self, answer: int) -> None:
        self._running = False
        if answer not in _OVERRUN_BY_TIME:
            raise _lost(_words(-answer))
        self._underruns += 1
        self._checked(libasound().snd_pcm_prepare(self._open_handle()))

    def _checked(self, answer: int) -> None:
        if answer < 0:
            self._running = False
            raise _lost(_words(-answer))


def cards_present() -> bool:
    """Return whether this machine has anything to play on, be it busy at the moment.

    The kernel's list is asked first; ``default`` may also be a sound server's, which is not in that list.
    """
    try:
        if "playback" in Path("/proc/asound/pcm").read_text(encoding="utf-8", errors="replace"):
            return True
    except OSError:
        pass  # no sound in this kernel: `default` decides
    try:
        AlsaCard("default").probe()
    except CardMissing:
        return False
    return True


def libasound_or_missing() -> ctypes.CDLL:
    """Return libasound. Raises CardMissing where the library is not installed."""
    try:
        return libasound()
    except OSError as error:
        raise CardMissing(
            "缺少声音程序库，请安装 libasound2", "the sound library is missing: please install libasound2"
        ) from error


def _set_up(handle: ctypes.c_void_p, device: str) -> tuple[int, int]:
    """Ask for 48 kHz S16_LE, mono or else stereo, and a start by hand; return channels and frames a period."""
    alsa = libasound()

    def must(answer: int) -> None:
        if answer < 0:
            raise _unfit(-answer, device)

    period, buffer, boundary = (ctypes.c_ulong(n) for n in (PERIOD_FRAMES, BUFFER_FRAMES, 0))
    channels = 1
    hardware, software = ctypes.c_void_p(), ctypes.c_void_p()
    must(alsa.snd_pcm_hw_params_malloc(ctypes.byref(hardware)))
    try:
        must(alsa.snd_pcm_hw_params_any(handle, hardware))
        must(alsa.snd_pcm_hw_params_set_rate_resample(handle, hardware, 1))
        must(alsa.snd_pcm_hw_params_set_access(handle, hardware, ACCESS_RW_INTERLEAVED))
        must(alsa.snd_pcm_hw_params_set_format(handle, hardware, FORMAT_S16_LE))
        if alsa.snd_pcm_hw_params_set_channels(handle, hardware, 1) < 0:
            channels = 2
            must(alsa.snd_pcm_hw_params_set_channels(handle, hardware, 2))
        must(alsa.snd_pcm_hw_params_set_rate(handle, hardware, RATE_HZ, 0))
        must(alsa.snd_pcm_hw_params_set_period_size_near(handle, hardware, ctypes.byref(period), None))
        must(alsa.snd_pcm_hw_params_set_buffer_size_near(handle, hardware, ctypes.byref(buffer)))
        must(alsa.snd_pcm_hw_params(handle, hardware))
    finally:
        alsa.snd_pcm_hw_params_free(hardware)
    must(alsa.snd_pcm_sw_params_malloc(ctypes.byref(software)))
    try:
        must(alsa.snd_pcm_sw_params_current(handle, software))
        must(alsa.snd_pcm_sw_params_get_boundary(software, ctypes.byref(boundary)))
        must(alsa.snd_pcm_sw_params_set_start_threshold(handle, software, boundary))  # never by itself
        must(alsa.snd_pcm_sw_params(handle, software))
    finally:
        alsa.snd_pcm_sw_params_free(software)
    return channels, period.value


def _card_number(handle: ctypes.c_void_p) -> int | None:
    """Return which of the kernel's cards is behind ``handle``; None where there is none, as with a sound server."""
    alsa = libasound()
    info = ctypes.c_void_p()
    if alsa.snd_pcm_info_malloc(ctypes.byref(info)) < 0:
        return None
    try:
        number: int = alsa.snd_pcm_info_get_card(info) if alsa.snd_pcm_info(handle, info) >= 0 else -1
    finally:
        alsa.snd_pcm_info_free(info)
    return number if number >= 0 else None


def _words(number: int) -> str:
    text: bytes = libasound().snd_strerror(-number)
    return text.decode(errors="replace")


def _missing(number: int, device: str) -> CardMissing:
    if number in _NOT_THERE:
        return CardMissing(
            f"声卡没有连接，请检查音箱插头（{device}）",
            f"the sound card is not connected: please check the loudspeaker's plug ({device})",
        )
    if number == errno.EBUSY:
        return CardMissing(
            f"声卡被别的程序占用，请关掉它（{device}）",
            f"another program holds the sound card: please end it ({device})",
        )
    if number in (errno.EACCES, errno.EPERM):
        return CardMissing(
            f"没有使用声卡的权限，请让安装人员把本用户加入 audio 组（{device}）",
            f"this user may not use the sound card: please add it to the group audio ({device})",
        )
    return CardMissing(
        f"声卡打不开，请检查音箱插头和设置里的 device（{device}：{_words(number)}）",
        f"the sound card can't be opened: please check its plug and device in the settings "
        f"({device}: {_words(number)})",
    )


def _unfit(number: int, device: str) -> CardMissing:
    if number in _NOT_THERE:
        return _missing(number, device)
    return CardMissing(
        f"声卡不接受 48 kHz 16 位声音，请在设置里改用 plughw 开头的 device（{device}：{_words(number)}）",
        f"the sound card does not take 48 kHz 16 bit: please use a device of plughw in the settings "
        f"({device}: {_words(number)})",
    )


def _lost(words: str) -> CardLost:
    return CardLost(
        f"声卡断开了，请检查音箱插头（{words}）",
        f"the sound card went away: please check the loudspeaker's plug ({words})",
    )
