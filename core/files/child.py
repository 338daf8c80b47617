"""Starting the reader process, listening to it, and never waiting longer than agreed."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from core.files.limits import Limits
from core.files.refusals import UnreadableFile

READER = Path(__file__).with_name("reader.py")
CHUNK = 1 << 16
MAX_LINE = 64 << 20
# Nothing of ours reaches the child: no keys, no database address.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def workbook_rows(path: Path, limits: Limits) -> Iterator[tuple[int, list[str], str]]:
    """Rows of the workbook's first visible sheet, read by a child under `limits`. Raises UnreadableFile.

    The child ends with the iterator, however the iterator ends; only time spent waiting for it counts.
    """
    process = subprocess.Popen(
        [sys.executable, "-I", str(READER), os.fspath(path.absolute()), orjson.dumps(limits.as_numbers()).decode()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
    )
    try:
        yield from _rows(process, limits)
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _rows(process: "subprocess.Popen[bytes]", limits: Limits) -> Iterator[tuple[int, list[str], str]]:
    for line in _lines(process, limits.wait_seconds):
        message: Any = orjson.loads(line)
        if isinstance(message, list):
            yield message[0], message[1], message[2]
        elif "refused" in message:
            raise UnreadableFile(message["refused"], **message["detail"])
        else:
            return
    raise UnreadableFile(_death_code(process))


def _lines(process: "subprocess.Popen[bytes]", seconds: float) -> Iterator[bytes]:
    if process.stdout is None:
        raise UnreadableFile("files.crashed")
    descriptor, rest, left = process.stdout.fileno(), b"", seconds
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            started = time.monotonic()
            if left <= 0 or not selector.select(left):
                raise UnreadableFile("files.timeout")
            left -= time.monotonic() - started
            chunk = os.read(descriptor, CHUNK)
            if not chunk:
                return
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > MAX_LINE:
                raise UnreadableFile("files.crashed")
            yield from lines


def _death_code(process: "subprocess.Popen[bytes]") -> str:
    """Why a silent child is gone: out of CPU, out of memory (the allocator aborts), or something else."""
    code = process.wait()
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "files.timeout"
    if code == -signal.SIGABRT:
        return "files.too_large_inside"
    return "files.crashed"
