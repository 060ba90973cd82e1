"""What the entries of a shared programme are called."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from programme.shared import is_shared, shared_id


@given(st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True), st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True))
def test_shared_ids_are_ids_and_stay_apart(one: str, other: str) -> None:
    """However long the hub's are."""
    assert is_shared(shared_id(one))
    assert len(shared_id(one)) <= 40
    assert (shared_id(one) == shared_id(other)) == (one == other)
