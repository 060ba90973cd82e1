"""Where the panel can be reached."""

from __future__ import annotations

from box.addresses import lan_addresses, urls


def test_a_named_host_is_the_only_address() -> None:
    """Who limits the panel to one address is shown that one."""
    assert urls("127.0.0.1", 8080) == ["http://127.0.0.1:8080/"]
    assert urls("::1", 8080) == ["http://[::1]:8080/"]


def test_everywhere_means_every_address_and_the_name() -> None:
    """The numbers come first: they work with every phone."""
    found = urls("", 8080)
    assert found[:-1] == [f"http://{address}:8080/" for address in lan_addresses()]
    assert found[-1].endswith(".local:8080/")


def test_the_usual_port_is_not_named() -> None:
    """Nobody has to type what a browser takes by itself."""
    assert urls("192.0.2.7", 80) == ["http://192.0.2.7/"]
