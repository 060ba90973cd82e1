"""libasound by ctypes: no build on the Pi, and the functions that playout needs (start, delay) are all there.

The argument types are written out one by one because frames are C longs: an int, ctypes' default, would cut
them on a 64-bit machine.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from functools import cache

PLAYBACK = 0
CAPTURE = 1
NONBLOCK = 1
ACCESS_RW_INTERLEAVED = 3
FORMAT_S16_LE = 2

_HANDLE = c_void_p
_FRAMES = c_ulong
_SIGNED_FRAMES = c_long

_SIGNATURES: dict[str, tuple[type | None, tuple[object, ...]]] = {
    "snd_strerror": (c_char_p, (c_int,)),
    "snd_lib_error_set_handler": (c_int, (c_void_p,)),
    "snd_pcm_open": (c_int, (POINTER(_HANDLE), c_char_p, c_int, c_int)),
    "snd_pcm_close": (c_int, (_HANDLE,)),
    "snd_pcm_hw_params_malloc": (c_int, (POINTER(c_void_p),)),
    "snd_pcm_hw_params_free": (None, (c_void_p,)),
    "snd_pcm_hw_params_any": (c_int, (_HANDLE, c_void_p)),
    "snd_pcm_hw_params_set_rate_resample": (c_int, (_HANDLE, c_void_p, c_uint)),
    "snd_pcm_hw_params_set_access": (c_int, (_HANDLE, c_void_p, c_int)),
    "snd_pcm_hw_params_set_format": (c_int, (_HANDLE, c_void_p, c_int)),
    "snd_pcm_hw_params_set_channels": (c_int, (_HANDLE, c_void_p, c_uint)),
    "snd_pcm_hw_params_set_rate": (c_int, (_HANDLE, c_void_p, c_uint, c_int)),
    "snd_pcm_hw_params_set_period_size_near": (c_int, (_HANDLE, c_void_p, POINTER(_FRAMES), POINTER(c_int))),
    "snd_pcm_hw_params_set_buffer_size_near": (c_int, (_HANDLE, c_void_p, POINTER(_FRAMES))),
    "snd_pcm_hw_params": (c_int, (_HANDLE, c_void_p)),
    "snd_pcm_sw_params_malloc": (c_int, (POINTER(c_void_p),)),
    "snd_pcm_sw_params_free": (None, (c_void_p,)),
    "snd_pcm_sw_params_current": (c_int, (_HANDLE, c_void_p)),
    "snd_pcm_sw_params_get_boundary": (c_int, (c_void_p, POINTER(_FRAMES))),
    "snd_pcm_sw_params_set_start_threshold": (c_int, (_HANDLE, c_void_p, _FRAMES)),
    "snd_pcm_sw_params": (c_int, (_HANDLE, c_void_p)),
    "snd_pcm_prepare": (c_int, (_HANDLE,)),
    "snd_pcm_start": (c_int, (_HANDLE,)),
    "snd_pcm_drop": (c_int, (_HANDLE,)),
    "snd_pcm_delay": (c_int, (_HANDLE, POINTER(_SIGNED_FRAMES))),
    "snd_pcm_writei": (_SIGNED_FRAMES, (_HANDLE, c_char_p, _FRAMES)),
    "snd_pcm_readi": (_SIGNED_FRAMES, (_HANDLE, c_char_p, _FRAMES)),
    "snd_pcm_info_malloc": (c_int, (POINTER(c_void_p),)),
    "snd_pcm_info_free": (None, (c_void_p,)),
    "snd_pcm_info": (c_int, (_HANDLE, c_void_p)),
    "snd_pcm_info_get_card": (c_int, (c_void_p,)),
    "snd_mixer_open": (c_int, (POINTER(c_void_p), c_int)),
    "snd_mixer_attach": (c_int, (c_void_p, c_char_p)),
    "snd_mixer_selem_register": (c_int, (c_void_p, c_void_p, c_void_p)),
    "snd_mixer_load": (c_int, (c_void_p,)),
    "snd_mixer_close": (c_int, (c_void_p,)),
    "snd_mixer_first_elem": (c_void_p, (c_void_p,)),
    "snd_mixer_elem_next": (c_void_p, (c_void_p,)),
    "snd_mixer_selem_get_name": (c_char_p, (c_void_p,)),
    "snd_mixer_selem_has_playback_volume": (c_int, (c_void_p,)),
    "snd_mixer_selem_has_playback_switch": (c_int, (c_void_p,)),
    "snd_mixer_selem_get_playback_dB_range": (c_int, (c_void_p, POINTER(c_long), POINTER(c_long))),
    "snd_mixer_selem_set_playback_dB_all": (c_int, (c_void_p, c_long, c_int)),
    "snd_mixer_selem_get_playback_volume_range": (c_int, (c_void_p, POINTER(c_long), POINTER(c_long))),
    "snd_mixer_selem_set_playback_volume_all": (c_int, (c_void_p, c_long)),
    "snd_mixer_selem_set_playback_switch_all": (c_int, (c_void_p, c_int)),
}


@cache
def libasound() -> ctypes.CDLL:
    """Return the library with its functions typed. Raises OSError where it is not installed.

    Its own error handler writes to standard error whenever a card is looked for in vain. It is replaced by
    libc's getpid, which does nothing with what it is given: a handler in Python would need memory that is
    writable and executable, which the service's sandbox forbids.
    """
    library = ctypes.CDLL("libasound.so.2")
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    library.snd_lib_error_set_handler(ctypes.cast(ctypes.CDLL(None).getpid, c_void_p))
    return library
