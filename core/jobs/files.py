"""Files kept for people: sealed on disk piece by piece under a key of their own, never in clear, dropped in time.

    "QSF1" · length of the wrapped key (2) · wrapped key · then for each 64 KiB: length (4) · sealed piece

The master key (core.privacy.crypto) opens the wrapped key. Each piece is bound to the file and its place, and the row
knows the size: a piece that was changed, moved or cut off does not open.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from core import audit
from core.errors import NotFound
from core.identifiers.uuid7 import uuid7
from core.jobs.models import StoredFile
from core.privacy import crypto
from core.scoping import Actor

PIECE = 64 * 1024
KEEP_DAYS = 30
MAGIC = b"QSF1"
# A file without a row is one whose transaction did not commit; a day is longer than any transaction.
ORPHAN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file being read: what to call it, and its bytes once, in pieces."""

    name: str
    content_type: str
    size: int
    chunks: Iterator[bytes]

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks


def store_file(
    actor: Actor,
    *,
    name: str,
    content_type: str,
    chunks: Iterable[bytes] | None = None,
    path: Path | None = None,
    keep_days: int | None = KEEP_DAYS,
) -> StoredFile:
    """Keep these bytes for this actor; returns once they are safely on disk. `keep_days=None`: as long as its record.

    Give `chunks` of any size, or the `path` of a file that stays where it is.
    """
    if path is not None:
        with path.open("rb") as source:
            return store_file(actor, name=name, content_type=content_type, chunks=_blocks(source), keep_days=keep_days)
    file_id = uuid7()
    size, digest = _write(file_id, chunks or ())
    return StoredFile.objects.create(
        id=file_id,
        user_id=actor.user_id,
        name=name[:200],
        content_type=content_type,
        size=size,
        sha256=digest,
        expires_at=None if keep_days is None else timezone.now() + timedelta(days=keep_days),
    )


def open_file(actor: Actor, file_id: UUID) -> OpenFile:
    """The file as its owner may have it; who fetched it is written down. Raises NotFound for anybody else's."""
    file = StoredFile.objects.filter(pk=file_id, gone_at=None).first()
    is_theirs = file is not None and (actor.is_system or (actor.user_id is not None and file.user_id == actor.user_id))
    if file is None or not is_theirs or (file.expires_at and file.expires_at <= timezone.now()):
        raise NotFound("file_not_found", "文件不存在，或已过保存期。")
    opened = OpenFile(file.name, file.content_type, file.size, read_file(file))
    audit.note("file", [file.pk], how="download")
    return opened


def read_file(file: StoredFile) -> Iterator[bytes]:
    """The clear bytes, in pieces. The caller has asked already who may; the first piece is opened before this returns.

    Raises TamperedValue on the first piece that does not match.
    """
    pieces = _read(file)
    first = next(pieces, b"")
    return _chain(first, pieces)


def sweep_files() -> int:
    """Drop the bytes of what is past its time, and of what no row knows; returns how many files went."""
    now = timezone.now()
    gone = 0
    for file_id in list(StoredFile.objects.filter(gone_at=None, expires_at__lte=now).values_list("pk", flat=True)):
        place_of(file_id).unlink(missing_ok=True)
        gone += StoredFile.objects.filter(pk=file_id).update(gone_at=now)
    return gone + _sweep_orphans(now.timestamp() - ORPHAN_AFTER.total_seconds())


def forget_file(file: StoredFile) -> None:
    """Drop the bytes now; the row stays and says when."""
    place_of(file.pk).unlink(missing_ok=True)
    StoredFile.objects.filter(Q(pk=file.pk) & Q(gone_at=None)).update(gone_at=timezone.now())


def place_of(file_id: UUID) -> Path:
    return Path(settings.DATA) / file_id.hex[-2:] / file_id.hex


def _write(file_id: UUID, chunks: Iterable[bytes]) -> tuple[int, str]:
    place = place_of(file_id)
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_suffix(".part")
    key = crypto.new_person_key()
    size, digest = 0, hashlib.sha256()
    try:
        with draft.open("xb") as out:
            out.write(MAGIC + struct.pack(">H", len(key)) + key)
            for number, piece in enumerate(_pieces(chunks)):
                size += len(piece)
                digest.update(piece)
                sealed = crypto.seal(key, piece, context=_context(file_id, number))
                out.write(struct.pack(">I", len(sealed)) + sealed)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(place)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _settle(place.parent)
    return size, digest.hexdigest()


def _read(file: StoredFile) -> Iterator[bytes]:
    try:
        source = place_of(file.pk).open("rb")
    except FileNotFoundError:
        raise NotFound("file_not_found", "文件不存在，或已过保存期。") from None
    with source:
        if source.read(len(MAGIC)) != MAGIC:
            raise crypto.TamperedValue
        key = source.read(*struct.unpack(">H", _exactly(source, 2)))
        for number in range(-(-file.size // PIECE)):
            sealed = _exactly(source, *struct.unpack(">I", _exactly(source, 4)))
            yield crypto.open_sealed(key, sealed, context=_context(file.pk, number))
        if source.read(1):
            raise crypto.TamperedValue


def _exactly(source: BinaryIO, length: int) -> bytes:
    read = source.read(length) if length <= 2 * PIECE else b""
    if len(read) != length:
        raise crypto.TamperedValue
    return read


def _context(file_id: UUID, number: int) -> bytes:
    return b"file:%s:%d" % (file_id.hex.encode(), number)


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut anew into whole pieces; only the last may be shorter."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


def _blocks(source: BinaryIO) -> Iterator[bytes]:
    while block := source.read(PIECE):
        yield block


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _settle(folder: Path) -> None:
    """The new name itself survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep_orphans(before: float) -> int:
    gone = 0
    for place in Path(settings.DATA).glob("??/*"):
        with suppress(FileNotFoundError):
            if place.stat().st_mtime < before and not _has_row(place):
                place.unlink()
                gone += 1
    return gone


def _has_row(place: Path) -> bool:
    try:
        file_id = UUID(hex=place.name)
    except ValueError:
        return place.suffix != ".part"
    return StoredFile.objects.filter(pk=file_id, gone_at=None).exists()
