"""What is text travels compressed, but not where a page elsewhere may have asked for it (BREACH)."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

TEXTS = frozenset({"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"})
LEAST_BYTES = 512  # less is one packet with its headers either way
# Of Today's 8.5 kB level 1 leaves 2.5 kB and level 9 2.3 in a third more time; what is kept is worth the 9.
OF_A_PAGE, OF_WHAT_IS_KEPT = 5, 9
MOST_KEPT = 64  # style sheets, scripts and marks are 17


def travel_compressed(app: Flask) -> None:
    """Compress what ``app`` answers, where the browser takes it; what has a tag (a file) is compressed once and kept.

    To be told before anything else that changes answers, since Flask asks the last that was told first.
    """
    kept: dict[str, bytes] = {}

    def compressed(response: Response) -> bytes:
        tag, _weak = response.get_etag()
        if tag is None:
            return gzip.compress(response.get_data(), OF_A_PAGE, mtime=0)
        if tag not in kept:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[tag] = gzip.compress(response.get_data(), OF_WHAT_IS_KEPT, mtime=0)
        return kept[tag]

    @app.after_request
    def compress(response: Response) -> Response:
        of_a_file = request.endpoint == "static"
        if response.mimetype not in TEXTS and not of_a_file:
            return response
        response.vary.add("Accept-Encoding")
        tag, _weak = response.get_etag()
        if tag is not None:
            response.set_etag(tag, weak=True)  # both forms say the same, and are not the same bytes (RFC 9110, 8.8.1)
        whole = response.status_code not in {204, 206, 304} and (of_a_file or response.is_sequence)
        if not whole or response.mimetype not in TEXTS or not request.accept_encodings["gzip"] or not _asked_by_ours():
            return response
        response.direct_passthrough = False  # a file is read now
        if len(response.get_data()) >= LEAST_BYTES:
            response.set_data(compressed(response))
            response.headers["Content-Encoding"] = "gzip"
        return response


def _asked_by_ours() -> bool:
    """Tell whether nobody but our own page, or the person, can have made the browser ask; or it matters to nobody.

    How long a compressed page is tells whether it holds what its address holds. So a page elsewhere that has the phone
    ask again and again, while somebody on the network looks at lengths, could read secrets off an encrypted connection.
    In the clear there is nothing left to find out. A page can forge neither header; phones older than the first
    send the second, to our own pages only (our Referrer-Policy).
    """
    if not request.is_secure:
        return True
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:
        return (request.referrer or "").startswith(request.host_url)
    return site in {"same-origin", "none"}
