"""The words for how far the clock can be believed, and for what proves it."""

from __future__ import annotations

from enum import StrEnum


class Trust(StrEnum):
    """How far the clock can be believed; it stands in every row of the as-run log."""

    SYNCHRONISED = "synchronised"  # with a time server: the internet's, a router's, the hub's
    KEPT = "kept"  # it was right once, and nothing has disturbed it since
    ASSUMED = "assumed"  # ``run`` from a checkout takes the machine's word for it
    UNTRUSTED = "untrusted"  # only a saved time: every hour is quiet


class Proof(StrEnum):
    """What shows, in this boot of the machine, that its clock is right."""

    NONE = ""
    SYNCHRONISED = "synchronised"
    CHIP = "chip"  # a clock chip ran on through the power cut
    PERSON = "person"  # somebody at the box confirmed the time with the button
