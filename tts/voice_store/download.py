"""A file from the network that may break off: what came is kept, and the rest is asked for."""

from __future__ import annotations

import errno
import hashlib
import http.client
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from box.durable import replace_file
from box.sentences import XiaolabaError
from tts.voice_store.archive import MOST_BYTES

SILENT_SECONDS = 30.0
MOST_ATTEMPTS = 6  # in a row without a byte; each that brings some begins the count anew
FIRST_WAIT_SECONDS = 0.5
_DISKS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO}  # what is no fault of the network
_CHUNK = 1 << 18
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")

Report = Callable[[int, int | None], None]
"""Told how many bytes there are, and of how many where that is known."""


class DownloadFailed(XiaolabaError):
    """The file did not come whole. What came is kept: the same command goes on from there."""


def download(url: str, kept: Path, report: Report, wait: Callable[[float], None]) -> Path:
    """Return the file at ``url``, an http or https address, whole, in the folder ``kept``. Raises DownloadFailed.

    ``wait`` lets that many seconds pass before it is tried again.
    """
    part = kept / (hashlib.sha256(url.encode()).hexdigest()[:32] + ".part")
    failures = 0
    while failures < MOST_ATTEMPTS:
        before = _size(part)
        try:
            if _fetch(url, part, report):
                return part
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in {408, 416, 429, 500, 502, 503, 504}:
                    raise DownloadFailed(
                        f"下载不了（{error.code}）：{url}", f"it can't be downloaded ({error.code}): {url}"
                    ) from error
                if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    if error.headers.get("Content-Range") == f"bytes */{before}":
                        return part  # there is nothing after what came
                    part.unlink(missing_ok=True)  # it is another file now
        except (http.client.HTTPException, OSError) as error:
            if isinstance(error, OSError) and error.errno in _DISKS:
                raise
        failures = 0 if _size(part) > before else failures + 1
        wait(FIRST_WAIT_SECONDS * 2**failures)
    raise DownloadFailed(
        f"下载中断，已下载的部分会保留，请检查网络后再运行一次：{url}",
        f"the download broke off. What came is kept: check the network and run this again: {url}",
    )


def _fetch(url: str, part: Path, report: Report) -> bool:
    """Ask for what is missing, and write it. Tell whether the file is whole now."""
    there, validator = _size(part), _validator(part)
    request = urllib.request.Request(url, headers={"User-Agent": "xiaolaba", "Accept-Encoding": "identity"})  # noqa: S310 - the opener knows http and https alone
    if there and validator:
        request.add_header("Range", f"bytes={there}-")
        request.add_header("If-Range", validator)
    with _opener().open(request, timeout=SILENT_SECONDS) as answer:
        there, total = _where(answer, there)
        fresh = answer.headers.get("ETag", "")
        fresh = fresh if fresh.startswith('"') else answer.headers.get("Last-Modified", "")
        replace_file(_validator_file(part), fresh.encode("latin-1"))
        with part.open("r+b" if there else "wb") as file:
            file.truncate(there)
            file.seek(there)
            report(there, total)
            while chunk := answer.read(_CHUNK):
                there += len(chunk)
                if there > MOST_BYTES:
                    raise DownloadFailed("文件太大，不像一个声音", "the file is too large to be a voice")
                file.write(chunk)
                report(there, total)
    return total is None or there == total


def _where(answer: http.client.HTTPResponse, there: int) -> tuple[int, int | None]:
    """Return from which byte on the answer is, and how long the file is where that is told."""
    if answer.status == http.HTTPStatus.PARTIAL_CONTENT:
        said = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if said is None or int(said[1]) != there:
            raise http.client.HTTPException("another part than was asked for")
        return there, int(said[2])
    length = answer.headers.get("Content-Length")
    return 0, int(length) if length is not None and length.isdecimal() else None


def _opener() -> urllib.request.OpenerDirector:
    """Return what opens http and https, through the proxy of the environment, and nothing else: no file, no ftp."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _size(part: Path) -> int:
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0


def _validator_file(part: Path) -> Path:
    return part.with_suffix(".validator")


def _validator(part: Path) -> str:
    """Return what the server knows this very file by, from when it was begun; without one nothing can be resumed."""
    try:
        return _validator_file(part).read_text(encoding="latin-1")
    except FileNotFoundError:
        return ""
