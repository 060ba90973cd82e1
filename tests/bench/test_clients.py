"""Several clients at once, over the page that the panel is held against."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.bare_page import bare_page
from bench.clients import Client, at_once
from bench.failed import BenchFailed


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Serve the bare page; return its port."""
    with bare_page() as port:
        yield port


def test_what_each_of_them_measured_is_told(port: int) -> None:
    """Each asks on a connection of her own, and an answer took some time."""

    def visit(number: int, client: Client) -> list[float]:
        assert "今天的广播" in client.get("/")
        client.post("/", {"text": str(number)})
        client.close()
        return [client.took_ms]

    found = at_once([Client(port) for _ in range(4)], visit)
    assert len(found) == 4
    assert min(found) > 0


def test_a_refusal_is_no_measurement(port: int) -> None:
    """What one of them met with ends the bench, instead of counting as a quick answer."""

    def visit(number: int, client: Client) -> list[float]:
        try:
            client.get("/nowhere" if number else "/")
        finally:
            client.close()
        return [client.took_ms]

    with pytest.raises(BenchFailed, match="/nowhere"):
        at_once([Client(port) for _ in range(2)], visit)
