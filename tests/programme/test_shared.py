"""What the entries of a shared programme are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from programme.shared import is_from_hub, looks_shared, shared_id
from tests.programme.test_together import SHARED, SMALL, published


@given(st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True), st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True))
def test_shared_ids_are_ids_and_stay_apart(one: str, other: str) -> None:
    """However long the hub's are."""
    assert looks_shared(shared_id(one))
    assert len(shared_id(one)) <= 40
    assert (shared_id(one) == shared_id(other)) == (one == other)


@pytest.mark.parametrize(
    ("entry", "shared", "theirs"),
    [("c-notice", "h1", True), ("c-notice", "", False), ("notice", "h1", False), ("notice", "", False)],
)
def test_an_entry_is_the_hubs_only_where_a_hub_has_this_yard_say_something(
    entry: str, shared: str, theirs: bool
) -> None:
    """An id alone shows nothing: whoever writes the programme file by hand may choose any."""
    assert is_from_hub(replace(published(SMALL, SHARED), shared=shared), entry) is theirs
    assert not is_from_hub(None, entry)
