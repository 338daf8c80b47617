"""Which steps are done: a stamp holds the fingerprint of what a step was done from."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from config.stack.environment import ROOT


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """A hash over names and contents; a missing file counts as empty."""
    digest = hashlib.sha256("\0".join(more).encode())
    for path in sorted(files):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:24]


def is_current(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def put(stamp: Path, wanted: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
