"""How the panel stands on the LAN, as its pages tell it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, request

from box.sentences import Sentence
from web.lan.announcing import Announced
from web.lan.certificate import fingerprint_of


@dataclass(frozen=True)
class OnLan:
    """``https_port`` is that of the encrypted address, 0 where there is none; ``certificate`` is its own.

    ``fault`` says why there is none although the installer wants it. ``announced`` tells what the box is called now.
    """

    https_port: int = 0
    certificate: Path | None = None
    fault: Sentence | None = None
    announced: Callable[[], Announced] = Announced

    def fingerprint(self) -> str:
        """Return the certificate's SHA-256 as browsers show it, empty where there is none."""
        if not self.https_port or self.certificate is None:
            return ""
        try:
            return fingerprint_of(self.certificate)
        except (OSError, ValueError):
            return ""  # the next start makes another, and doctor says so


def tell_whether_encrypted(app: Flask, on_lan: OnLan) -> None:
    """Let the pages that take a password say where it would travel in the clear, and lead to the encrypted address."""

    @app.context_processor
    def encryption() -> dict[str, Any]:
        return {"in_the_clear": not request.is_secure, "encrypted_address": encrypted_address}

    def encrypted_address() -> str:
        if request.is_secure or not on_lan.https_port:
            return ""
        name = request.host if request.host.endswith("]") else request.host.rpartition(":")[0] or request.host
        return f"https://{name}:{on_lan.https_port}/"
