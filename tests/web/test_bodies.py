"""What strangers send with requests that never end, before anybody is asked who they are: bounded in all."""

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser

from web.bodies import SMALL_BYTES, Bodies

PIECE = bytes(8192)
LIMITS = Adjustments(max_request_body_size=24 << 20, inbuf_overflow=24 << 20)  # in memory: here no file is wanted


def begun(bodies: Bodies, announced: int = 20_000_000) -> HTTPRequestParser:
    """Return a request whose head has come, and whose body is to be that long."""
    request = bodies.channel().parser_class(LIMITS)
    request.received(b"POST /login HTTP/1.1\r\nHost: 10.0.0.1\r\nContent-Length: %d\r\n\r\n" % announced)
    return request


def send(request: HTTPRequestParser, size: int) -> None:
    """Send so much of its body, until it is refused."""
    for _ in range(size // len(PIECE)):
        if request.error is None:
            request.received(PIECE)


def test_what_all_send_together_is_bounded() -> None:
    """Whose body would be one too much is refused, and those before it go on."""
    bodies = Bodies(most_bytes=4_000_000)
    first, second = begun(bodies), begun(bodies)
    send(first, 3_000_000)
    send(second, 3_000_000)
    assert first.error is None
    assert second.error is not None
    assert second.error.code == 413
    assert "请过一分钟再传" in second.error.body
    assert first.body_bytes_received + second.body_bytes_received <= 4_000_000 + len(PIECE)


def test_a_form_gets_in_whatever_else_is_being_sent() -> None:
    """A login, or a stop, is small: it has room of its own."""
    bodies = Bodies(most_bytes=1_000_000)
    large, form = begun(bodies), begun(bodies, SMALL_BYTES)
    send(large, 2_000_000)
    assert large.error is not None
    send(form, SMALL_BYTES)
    assert form.error is None
    assert form.completed


def test_who_has_left_makes_room() -> None:
    """Nothing is counted that is not held any more."""
    bodies = Bodies(most_bytes=1_000_000)
    gone = begun(bodies)
    send(gone, 900_000)
    gone.close()
    del gone
    after = begun(bodies)
    send(after, 900_000)
    assert after.error is None


def test_an_upload_in_pieces_of_its_own_length_is_bounded_too() -> None:
    """Who does not say how long it will be (Transfer-Encoding: chunked) gets no more."""
    bodies = Bodies(most_bytes=1_000_000)
    request = bodies.channel().parser_class(LIMITS)
    request.received(b"POST /login HTTP/1.1\r\nHost: 10.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(200):
        if request.error is None:
            request.received(b"2000\r\n" + PIECE + b"\r\n")
    assert request.error is not None
    assert request.body_bytes_received < 1_100_000
