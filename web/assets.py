"""Style sheet, scripts and mark: kept by the phone for a year, under an address that changes when they do."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

KEPT = f"public, max-age={365 * 24 * 3600}, immutable"  # immutable: not asked for again on a reload either (RFC 8246)


def name_by_content(app: Flask) -> None:
    """Put a digest of all static files into their addresses, by which they are kept."""
    digest = hashlib.sha256()
    for file in sorted(Path(app.static_folder or "").iterdir()):
        digest.update(file.read_bytes())
    version = digest.hexdigest()[:10]

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["v"] = version

    @app.after_request
    def keep(response: Response) -> Response:
        """Have them kept; not what a page of the version before asks for, which may come back (``rollback``)."""
        if request.endpoint == "static" and response.status_code in {200, 304}:
            response.headers["Cache-Control"] = KEPT if request.args.get("v") == version else "no-cache"
        return response
