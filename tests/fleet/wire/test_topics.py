"""Topics and names: nothing that a device is called can reach into another's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.wire import names, topics
from fleet.wire.topics import From, Inward, Outward

NAMES = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)


@given(NAMES, st.sampled_from(list(Inward)), st.sampled_from(list(Outward)))
def test_a_topic_is_read_as_it_was_made(name: str, inward: Inward, outward: Outward) -> None:
    """Both ways; and one way is never taken for the other."""
    assert topics.read_from(topics.from_device(name, outward)) == From(name, outward)
    assert topics.read_to(topics.to_device(name, inward), name) is inward
    assert topics.read_from(topics.to_device(name, inward)) is None
    assert topics.read_to(topics.to_device(name, inward), f"{name}x") is None


@given(st.text(max_size=80))
def test_any_text_is_no_topic_or_a_right_one(text: str) -> None:
    """A topic from outside is understood or None, never an error."""
    found = topics.read_from(text)
    assert found is None or topics.from_device(*found) == text


@pytest.mark.parametrize("name", ["", "a" * 33, "院子", "A", "a/b", "+", "#", "a b", "a\n", "..", "%u", "a.b", "$SYS"])
def test_what_is_no_name(name: str) -> None:
    """Wildcards, separators, and what two people would write differently."""
    assert not names.is_name(name)
    assert topics.read_from(f"xiaolaba/1/{name}/out/state") is None


@pytest.mark.parametrize("name", ["hub", "all", "here"])
def test_a_name_that_means_something_is_no_devices(name: str) -> None:
    """A device called hub would be let in as the hub."""
    assert names.is_name(name)
    assert not names.is_device_name(name)


def test_the_hub_hears_every_device() -> None:
    """One subscription; the broker's wildcard holds exactly the device's name and the channel."""
    assert topics.FROM_ALL == "xiaolaba/1/+/out/+"
    assert topics.all_to("yard-3") == "xiaolaba/1/yard-3/in/+"
