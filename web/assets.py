"""Style sheet, scripts and mark: kept by the phone for a year, under an address that changes when they do."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask

KEPT_SECONDS = 365 * 24 * 3600


def name_by_content(app: Flask) -> None:
    """Put a digest of all static files into their addresses."""
    digest = hashlib.sha256()
    for file in sorted(Path(app.static_folder or "").iterdir()):
        digest.update(file.read_bytes())
    version = digest.hexdigest()[:10]
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = KEPT_SECONDS

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["v"] = version
