"""The panel's listeners: the plain one, and where the installer wants it the encrypted one beside it."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from box.addresses import lan_addresses
from box.clock import Clock
from box.sentences import Sentence, XiaolabaError
from web.bodies import Bodies
from web.lan.callers import Callers, RealCallers
from web.lan.certificate import context_at
from web.lan.names import host_names
from web.lan.tls_proxy import TlsProxy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BACKLOG = 1024
_LIMITS: dict[str, Any] = {
    "threads": 4,
    # 150 slow bodies killed the defaults; with these it served on through 300 (measured).
    "connection_limit": 1000,
    "backlog": BACKLOG,
    "channel_timeout": 10,
    "cleanup_interval": 5,
    "asyncore_use_poll": True,  # select() ends the server where a file has a number over 1,023
    "max_request_header_size": 32 * 1024,  # of each connection, in memory; a browser's are under 2
    "max_request_body_size": 24 * 1024 * 1024,  # ours refuses sooner, in words
    "ident": None,
}


class PortTaken(XiaolabaError):
    """The panel can't listen where it should."""

    def __init__(self, host: str, port: int, error: OSError, instead: str) -> None:
        if error.errno == errno.EADDRINUSE:
            zh, en = Sentence("已经有程序在用", "something uses it already")
        else:
            zh = en = error.strerror or str(error)
        super().__init__(
            f"面板不能用 {host} 的 {port} 端口：{zh}。可能小喇叭已经在运行；不然请换一个端口，比如 {instead}",
            f"The panel can't listen on {host} port {port}: {en}. Is xiaolaba running already? "
            f"Otherwise choose another port, as {instead}.",
        )


@dataclass(frozen=True)
class Encrypted:
    """The encrypted address: its listeners are bound, and there is a certificate for phones to be shown."""

    port: int
    listeners: tuple[socket.socket, ...]
    context: ssl.SSLContext


def encrypted_at(folder: Path, host: str, port: int, clock: Clock) -> Encrypted:
    """Return the encrypted address, its certificate being in ``folder``, where it is made if there is none.

    Raises CertificateNotMade or PortTaken: the panel can do without.
    """
    own = f"{socket.gethostname().partition('.')[0]}.local"
    names = dict.fromkeys((*host_names(), own, "localhost"))
    context = context_at(folder, names, lan_addresses(), clock.now())
    return Encrypted(port, bound(host, port, f"[panel] https_port = {port + 1}"), context)


def listen(panel: WSGIApplication, host: str, port: int, encrypted: Encrypted | None) -> Callable[[], None]:
    """Listen; what is returned serves until a signal ends it. Raises PortTaken."""
    plain = bound(host, port)
    if encrypted is None:
        return _server(panel, plain).run
    [door] = bound("127.0.0.1", 0)
    number: int = door.getsockname()[1]
    callers = Callers()
    server = _server(RealCallers(panel, number, callers), (*plain, door))
    proxy = TlsProxy(encrypted.listeners, encrypted.context, number, callers)

    def serve() -> None:
        proxy.start()
        try:
            server.run()
        finally:
            proxy.stop()

    return serve


def _server(panel: WSGIApplication, listeners: tuple[socket.socket, ...]) -> MultiSocketServer | BaseWSGIServer:
    sockets: dict[int, Any] = {}  # waitress enters its listeners here
    server = create_server(panel, map=sockets, sockets=list(listeners), **_LIMITS)
    channel = Bodies().channel()
    for one in sockets.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = channel
    return server


def bound(host: str, port: int, instead: str = "--port 8081") -> tuple[socket.socket, ...]:
    """Return a socket for each address that ``host`` means, bound. Raises PortTaken, which says what to do instead."""
    made: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, address in dict.fromkeys((family, address) for family, _, _, _, address in found):
            made.append(socket.create_server(address[:2], family=family, backlog=BACKLOG))
    except OSError as error:
        for one in made:
            one.close()
        raise PortTaken(host, port, error, instead) from error
    return tuple(made)
