"""A measurement that could not be made."""

from __future__ import annotations

from box.sentences import XiaolabaError


class BenchFailed(XiaolabaError):
    """Something the measurement needs is missing or went wrong; the sentence says what."""
