"""A port nobody listens on."""

import socket
from collections.abc import Callable

from config.stack.commands import HOST
from config.stack.environment import StackError


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the web server will: a port whose last connections linger may be used.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def first_free(wanted: int, say: Callable[[str], None]) -> int:
    """`wanted` or the next free one above it, saying so."""
    for port in range(wanted, min(wanted + 100, 65536)):
        if is_free(port):
            if port != wanted:
                say(f"port {wanted} is taken, using {port}")
            return port
    raise StackError(f"no free port from {wanted} on; give another with PORT=…")
