"""What the verbs say of the panel's encrypted address: where it is, and how its certificate is told from another."""

from __future__ import annotations

import socket
import ssl

from box.addresses import EVERYWHERE, urls
from box.folders import Folders
from box.settings import Panel
from cli import terminal
from web.lan.announced_file import kept
from web.lan.certificate import CERTIFICATE, fingerprint, fingerprint_of

PATIENCE_SECONDS = 5.0


def kept_fingerprint(folders: Folders) -> str:
    """Return the fingerprint of the box's certificate; empty where there is none or this user may not read it."""
    try:
        return fingerprint_of(folders.https / CERTIFICATE)
    except (OSError, ValueError):
        return ""


def shown_fingerprint(host: str, port: int) -> str:
    """Return the fingerprint of the certificate that the panel shows; empty where nothing answers."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nobody vouches for it: it is compared
    there = "127.0.0.1" if host in EVERYWHERE else host
    try:
        with (
            socket.create_connection((there, port), timeout=PATIENCE_SECONDS) as line,
            context.wrap_socket(line) as encrypted,
        ):
            return fingerprint(encrypted.getpeercert(binary_form=True) or b"")
    except OSError:
        return ""


def lines_of(folders: Folders, panel: Panel, host: str) -> list[str]:
    """Return what a person needs for the encrypted address; nothing where there is none."""
    if not panel.https_port:
        return []
    addresses = "  ".join(urls(host, panel.https_port, "https", kept(folders.announced).name))
    ours = kept_fingerprint(folders) or "—"
    return [
        terminal.text(f"加密的地址：{addresses}", f"encrypted: {addresses}"),
        terminal.text(f"证书指纹 SHA-256：{ours}", f"its certificate's SHA-256: {ours}"),
    ]
