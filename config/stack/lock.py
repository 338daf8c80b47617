"""One stack per folder: a second start is told where the first one is."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.stack.environment import Places, StackError


@contextmanager
def only_one(place: Places) -> Iterator[Path]:
    """Hold the stack's lock; the kernel drops it with the process, however that ends."""
    path = place.var / "stack.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(f"already running: {holder(place)}. `make stop` stops it.") from None
        tell(path, {"pid": os.getpid()})
        yield path


def tell(path: Path, facts: dict) -> None:
    path.write_text(json.dumps(facts))


def facts(place: Places) -> dict:
    try:
        return json.loads((place.var / "stack.lock").read_text())
    except (FileNotFoundError, ValueError):
        return {}


def holder(place: Places) -> str:
    told = facts(place)
    return f"process {told.get('pid', '?')}, {told.get('address', 'still starting')}"


def is_held(place: Places) -> bool:
    try:
        with (place.var / "stack.lock").open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
