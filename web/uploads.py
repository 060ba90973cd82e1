"""Where a file that comes with a form is put meanwhile: in the panel's own folder, not in memory or elsewhere."""

from __future__ import annotations

from typing import IO

from flask import Request

from web.handed_in import handed_in


class PanelRequest(Request):
    """A request whose files go to the recordings' folder as they come, and are gone when it is over."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return handed_in().takes.incoming_file()
