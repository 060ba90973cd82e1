"""What is put aside comes back as it was."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from programme.aside import (
    brought_back,
    free_id,
    holds,
    without_broadcast,
    without_exception,
    without_message,
)
from programme.checking import faults_in
from programme.model import Broadcast, DayException, Message, Programme
from tests.programme.samples import SMALL, programmes
from tests.thorough import examples

DAY = date(2026, 6, 7)
EXAM = DayException(first=DAY, last=DAY, reason="高考", air=("evening",))


@settings(max_examples=examples(100, everyday=25))
@given(programmes(), st.data())
def test_all_that_is_put_aside_can_be_brought_back(programme: Programme, data: st.DataObject) -> None:
    """Whatever it is: the programme without it is one that can be saved, and with it again the very same."""
    acts = [
        *(lambda one=one: without_message(programme, one.id) for one in programme.messages),
        *(lambda one=one: without_broadcast(programme, one.id) for one in programme.broadcasts),
        *(lambda one=one: without_exception(programme, one) for one in programme.exceptions),
    ]
    if not acts:
        return
    rest, aside = data.draw(st.sampled_from(acts))()
    assert faults_in(rest) == ()
    if len(set(programme.exceptions)) == len(programme.exceptions):  # of two that are alike, one is still there
        assert not holds(rest, aside)
        assert brought_back(rest, aside) == programme
    assert holds(brought_back(rest, aside), aside)


def test_a_broadcast_that_says_nothing_else_goes_with_its_message() -> None:
    """Evening says only the hotline; on the day of the exam nothing is left to air."""
    rest, aside = without_message(replace(SMALL, exceptions=(EXAM,)), "hotline")
    assert [(one.id, one.messages) for one in rest.broadcasts] == [("morning", ("stay-home",))]
    assert [exception.air for exception in rest.exceptions] == ["none"]
    assert [broadcast.id for _, broadcast in aside.broadcasts] == ["evening"]


def test_a_message_comes_back_beside_one_that_took_its_id() -> None:
    """Both are kept, and the broadcasts that come with it say the one that was put aside."""
    rest, aside = without_message(SMALL, "hotline")
    other = Message(id="hotline", title="另一篇", text="另一篇的话。")
    back = brought_back(replace(rest, messages=(*rest.messages, other)), aside)
    assert [(one.id, one.title) for one in back.messages] == [
        ("stay-home", "守好阵地"), ("hotline-2", "热线"), ("hotline", "另一篇"),
    ]  # fmt: skip
    assert [(one.id, one.messages) for one in back.broadcasts] == [
        ("morning", ("stay-home", "hotline-2")),
        ("evening", ("hotline-2",)),
    ]


def test_a_broadcast_comes_back_without_what_was_put_aside_since() -> None:
    """A message that is not there can't be said."""
    rest, aside = without_broadcast(SMALL, "morning")
    later, _ = without_message(rest, "stay-home")
    back = brought_back(later, aside)
    assert back.broadcast("morning") == replace(SMALL.broadcasts[0], messages=("hotline",))


def test_what_was_changed_meanwhile_stays_changed() -> None:
    """Coming back takes nothing of what others have done since."""
    rest, aside = without_message(SMALL, "stay-home")
    moved = replace(rest, broadcasts=tuple(replace(one, at=time(9, 0)) for one in rest.broadcasts[:1]))
    back = brought_back(moved, aside)
    assert back.broadcasts == (Broadcast(id="morning", at=time(9, 0), messages=("stay-home", "hotline")),)


def test_what_is_not_there_can_not_be_put_aside() -> None:
    """Somebody else was faster."""
    with pytest.raises(LookupError):
        without_message(SMALL, "nobody")
    with pytest.raises(LookupError):
        without_broadcast(SMALL, "nobody")
    with pytest.raises(LookupError):
        without_exception(SMALL, EXAM)


def test_a_free_id_is_short_enough() -> None:
    """Forty characters are allowed."""
    assert free_id("a", ["b"]) == "a"
    assert free_id("a", ["a", "a-2"]) == "a-3"
    assert free_id("a" * 40, ["a" * 40]) == "a" * 38 + "-2"
