"""The question before a telephone number is saved that is nearly one the community has registered."""

from __future__ import annotations

from collections.abc import Collection

from programme.hotlines import Suspicion, suspicious
from programme.model import Message, Programme


def doubts_on(
    programme: Programme, before: Message | None, text: str, confirmed: Collection[str]
) -> tuple[Suspicion, ...]:
    """Return the numbers in ``text`` that she is to be asked about.

    Not among them are those that she has ``confirmed``, and those that the message had ``before``: they were asked
    about when they came, or the file was written so by hand.
    """
    had = {doubt.number for doubt in suspicious(before.text, programme.hotlines)} if before else set()
    return tuple(
        doubt
        for doubt in suspicious(text, programme.hotlines)
        if doubt.number not in had and doubt.number not in confirmed
    )
