"""Clips, so that a message can be heard in the browser."""

from __future__ import annotations

import re

from flask import Blueprint, abort, send_from_directory
from flask.typing import ResponseReturnValue

from web.handed_in import handed_in

clips = Blueprint("clips", __name__)
_SHA256 = re.compile(r"[0-9a-f]{64}")


@clips.get("/clips/<sha256>.wav")
def wav(sha256: str) -> ResponseReturnValue:
    """Return a clip, whole or the part that was asked for (Range)."""
    if not _SHA256.fullmatch(sha256):
        abort(404)
    response = send_from_directory(
        handed_in().clips.absolute(), f"{sha256}.wav", mimetype="audio/wav", conditional=True, etag=sha256
    )
    # The name is the content, so it never changes; private, because it needs a login.
    response.headers["Cache-Control"] = "private, max-age=604800, immutable"
    return response
