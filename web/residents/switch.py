"""Whether residents may open their page: off until somebody switches it on."""

from __future__ import annotations

from pathlib import Path

import msgspec

from box.durable import replace_file


class _Kept(msgspec.Struct, frozen=True):
    on: bool = False


class Switch:
    """Kept in a file of its own. A damaged one counts as off: nothing is shown to everybody by accident."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def is_on(self) -> bool:
        """Tell whether somebody has switched it on."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Kept).on
        except (FileNotFoundError, ValueError):
            return False

    def turn(self, on: bool) -> None:
        """Switch it on or off. Raises OSError where the disk refuses."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, msgspec.json.encode(_Kept(on)), mode=0o600)
