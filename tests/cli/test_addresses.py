"""Before the panel listens."""

from __future__ import annotations

import socket

import pytest

from cli.addresses import PortTaken, qr_code, require_free


def test_a_port_in_use_is_a_sentence_that_offers_another() -> None:
    """The next port is named, so that it can be copied."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"--port {port + 1}"):
            require_free("127.0.0.1", port)
    require_free("127.0.0.1", port)


def test_a_host_that_is_not_this_machine_is_a_sentence() -> None:
    """An address of a network for documentation can't be listened on."""
    with pytest.raises(PortTaken):
        require_free("192.0.2.1", 8080)


def test_the_qr_code_is_lines_of_blocks() -> None:
    """It is drawn with characters, for a terminal."""
    assert len(qr_code("http://192.0.2.7:8080/").splitlines()) > 10
