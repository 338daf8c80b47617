"""The commands of the product's own processes. docker-compose.yml starts the same ones; a test compares them."""

import sys
import urllib.error
import urllib.request
from pathlib import Path

from config.stack.environment import ROOT, Places, for_role
from config.stack.processes import Service

HOST = "127.0.0.1"


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def web(env: dict[str, str], port: int) -> Service:
    """Two workers with one thread each: measured twice as fast as threads on two cores."""
    argv = [
        _installed("granian"),
        *("--interface", "wsgi", "--host", HOST, "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "1", "--no-ws"),
        *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"),
        "config.wsgi:application",
    ]
    return Service("web", argv, for_role(env, "web"), is_ready=lambda: answers(port))


def worker(env: dict[str, str]) -> Service:
    argv = [_installed("celery"), "-A", "config.worker", "worker"]
    options = ["--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    return Service("worker", [*argv, *options], for_role(env, "job"))


def beat(env: dict[str, str], place: Places) -> Service:
    argv = [_installed("celery"), "-A", "config.worker", "beat", "--loglevel", "INFO"]
    # No pid file: one left by a killed beat would keep the next from starting.
    options = ["--schedule", str(place.var / "celerybeat-schedule"), "--pidfile="]
    return Service("beat", [*argv, *options], for_role(env, "job"))


def answers(port: int) -> bool:
    """Whether the web server answers at all; an error page is an answer too."""
    try:
        urllib.request.build_opener(_Stay).open(f"http://{HOST}:{port}/", timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None  # the redirect itself is the answer


def _installed(command: str) -> str:
    return str(Path(sys.executable).parent / command)
