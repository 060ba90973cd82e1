"""The error of a verb that was asked for something that can't be meant."""

from __future__ import annotations

from box.sentences import XiaolabaError


class InputWrong(XiaolabaError):
    """What was typed can't be used: exit code 2, with what to type instead."""
