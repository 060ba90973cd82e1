"""What was aired as small files for residents' phones. Nobody's visit makes one: they lie ready, or there are none."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from box.sentences import XiaolabaError
from tts.ffmpeg import compress

_LOG = logging.getLogger(__name__)
Compress = Callable[[Path, Path], None]


class Sounds:
    """MP3s named by the SHA-256 of the clips that they are made of; the folder may be thrown away."""

    def __init__(self, folder: Path, clips: Path, compress_clip: Compress = compress) -> None:
        self._folder = folder
        self._clips = clips
        self._compress = compress_clip

    def of(self, clip: str) -> Path | None:
        """Return the file, None where there is none yet."""
        path = self._path(clip)
        return path if path.is_file() else None

    def lacking(self, wanted: Collection[str]) -> list[str]:
        """Return the clips of ``wanted`` that could be made ready and are not."""
        return [clip for clip in wanted if self.of(clip) is None and (self._clips / f"{clip}.wav").is_file()]

    def make(self, clip: str) -> None:
        """Make one ready. What can't be is logged, and heard by nobody."""
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        begun = self._path(clip).with_suffix(".part")
        try:
            self._compress(self._clips / f"{clip}.wav", begun)
            begun.replace(self._path(clip))
        except (XiaolabaError, OSError) as error:
            _LOG.warning("residents can't hear %s: %s", clip, error)
            with suppress(OSError):  # it is begun anew another time
                begun.unlink(missing_ok=True)

    def keep_only(self, wanted: Collection[str]) -> None:
        """Remove what is not ``wanted`` any more."""
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.stem not in wanted:
                    path.unlink(missing_ok=True)

    def _path(self, clip: str) -> Path:
        return self._folder / f"{clip}.mp3"
