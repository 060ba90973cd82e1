"""Who is really at the other end of a connection that came in encrypted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Callers:
    """The proxy's connections to the panel: of each, by its own port, the address of the phone that it is for.

    It is known before the first byte is sent and forgotten before the port is given back, so a port that somebody else
    on this machine gets later says nothing. No lock: each act is one of dict's, and those are whole.
    """

    def __init__(self) -> None:
        self._addresses: dict[int, str] = {}

    def came(self, port: int, address: str) -> None:
        """Note for whom the connection from ``port`` is."""
        self._addresses[port] = address

    def left(self, port: int) -> None:
        """Forget it: the connection is about to end."""
        self._addresses.pop(port, None)

    def address_of(self, port: int) -> str | None:
        """Return for whom the connection from ``port`` is, or None if it is not the proxy's."""
        return self._addresses.get(port)


class RealCallers:
    """The panel, told of what came by the proxy's door where it really came from, and that it was encrypted.

    The door is a listener of its own on loopback. What comes there from a port that the proxy does not know is
    refused: nobody is there any more to read the answer, or it is somebody who is not the proxy. Headers count for
    nothing, so there is nothing to forge; the panel's plain address is as if this were not there.
    """

    def __init__(self, panel: WSGIApplication, door: int, callers: Callers) -> None:
        """``door`` is the port on loopback to which only the proxy connects."""
        self._panel = panel
        self._door = str(door)
        self._callers = callers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["SERVER_PORT"] == self._door:
            address = self._callers.address_of(int(environ["REMOTE_PORT"]))
            if address is None:
                start_response("403 Forbidden", [("Content-Type", "text/plain"), ("Content-Length", "0")])
                return ()
            environ |= {"REMOTE_ADDR": address, "REMOTE_HOST": address, "wsgi.url_scheme": "https"}
        return self._panel(environ, start_response)
