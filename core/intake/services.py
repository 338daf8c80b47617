"""What a person does with an import: upload, decide, confirm, cancel, undo. The work itself is
`core.intake.running`'s."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from core import audit
from core.errors import Conflict, Invalid, NotFound, Refused
from core.files.intake import SNIFF_BYTES, sniff
from core.files.refusals import UnreadableFile
from core.intake.keeping import row_numbers
from core.intake.kinds import DOUBLE, ImportKind, kinds
from core.intake.models import ImportBatch, ImportProblem, ImportState
from core.intake.reading import MOST_BYTES
from core.intake.running import APPLY, CHECK, UNDO, locked_batch
from core.jobs.files import store_file
from core.jobs.services import start_job
from core.scoping import Actor, service

# The file stands as long as the import may be confirmed or looked into; the sweeper drops it then.
KEEP_DAYS = 30


def kind_named(actor: Actor, code: str) -> ImportKind:
    """Raises NotFound for a kind there is not, Forbidden for one this role may not."""
    kind = kinds.get(code)
    if kind is None:
        raise NotFound()
    actor.require(kind.permission)
    return kind


@service
def upload_import(
    actor: Actor,
    *,
    kind: str,
    station_id: UUID | None,
    name: str,
    content_type: str,
    chunks: Iterable[bytes],
    size: int,
) -> ImportBatch:
    """Keep the file sealed and have it checked. Raises NotFound (kind, station), Forbidden, UnreadableFile at once for
    what is no table by its first bytes or larger than 20 MB; what is wrong inside is for the check to say."""
    chosen = kind_named(actor, kind)
    place = next((place for place in chosen.places(actor) if place.station_id == station_id), None)
    if place is None:
        raise NotFound()
    if size > MOST_BYTES:
        raise UnreadableFile("files.too_large", limit=MOST_BYTES)
    pieces = list(chunks)
    sniff(b"".join(pieces[:1])[:SNIFF_BYTES])
    file = store_file(actor, name=name, content_type=content_type, chunks=pieces, keep_days=KEEP_DAYS)
    batch = ImportBatch.objects.create(
        station_id=place.station_id,
        region_code=place.region_code,
        kind=kind,
        file=file,
        user_id=actor.user_id or 0,
        membership_id=actor.membership_id,
    )
    audit.record(actor, "import.upload", region_code=batch.region_code, station_id=batch.station_id,
                 batch=str(batch.pk), kind=kind, bytes=file.size)  # fmt: skip
    return _start(actor, batch, CHECK, f"检查导入 {chosen.title}")


@service
def decide_doubles(actor: Actor, *, batch_id: UUID, rows: Sequence[int], take: bool) -> ImportBatch:
    """Take (or skip again) rows that resemble somebody: a person looked and says they are somebody else."""
    batch = locked_batch(actor, batch_id)
    _stand_at(batch, ImportState.CHECKED)
    doubles = set(row_numbers(batch, DOUBLE))
    if not set(rows) <= doubles:
        raise Invalid("import.not_a_double", "所选的行里有不是疑似重复的，请刷新后重选。")
    before = set(batch.counts.get("chosen", ()))
    after = sorted(before | set(rows) if take else before - set(rows))
    batch.counts = {**batch.counts, "chosen": after}
    batch.save(update_fields=["counts"])
    audit.record(actor, "import.doubles", region_code=batch.region_code, station_id=batch.station_id,
                 batch=str(batch.pk), taken=len(after))  # fmt: skip
    return batch


@service
def confirm_import(actor: Actor, *, batch_id: UUID) -> ImportBatch:
    """Import the good rows. Raises Conflict when somebody confirmed or cancelled already, Refused when no row is
    good."""
    batch = locked_batch(actor, batch_id)
    _stand_at(batch, ImportState.CHECKED)
    if not to_import(batch):
        raise Refused("import.nothing", "没有可以导入的行；请按标注改好后重新上传。")
    batch.state = ImportState.IMPORTING
    batch.save(update_fields=["state"])
    return _start(actor, batch, APPLY, f"导入 {kinds[batch.kind].title}")


@service
def cancel_import(actor: Actor, *, batch_id: UUID) -> ImportBatch:
    """Lay a checked file aside; nothing was written. Raises Conflict once it was confirmed."""
    batch = locked_batch(actor, batch_id)
    _stand_at(batch, ImportState.CHECKED)
    batch.state = ImportState.CANCELLED
    batch.save(update_fields=["state"])
    ImportProblem.objects.visible_to(actor).filter(batch=batch).delete()
    audit.record(
        actor, "import.cancel", region_code=batch.region_code, station_id=batch.station_id, batch=str(batch.pk)
    )
    return batch


@service
def undo_import(actor: Actor, *, batch_id: UUID) -> ImportBatch:
    """Take the whole import back, as far as nobody touched its rows since. Raises Conflict unless it stands
    imported."""
    batch = locked_batch(actor, batch_id)
    _stand_at(batch, ImportState.IMPORTED)
    batch.state = ImportState.UNDOING
    batch.save(update_fields=["state"])
    return _start(actor, batch, UNDO, f"撤销导入 {kinds[batch.kind].title}")


def to_import(batch: ImportBatch) -> int:
    """How many rows confirming would write."""
    counts = batch.counts
    return counts.get("create", 0) + counts.get("update", 0) + len(counts.get("chosen", ()))


def _stand_at(batch: ImportBatch, state: ImportState) -> None:
    if batch.state != state:
        raise Conflict("import.state", f"这一批现在是“{batch.get_state_display()}”，请刷新后再看。")


def _start(actor: Actor, batch: ImportBatch, job: str, title: str) -> ImportBatch:
    batch.job = start_job(actor, kind=job, title=title, parameters={"batch": str(batch.pk)})
    batch.save(update_fields=["job"])
    return batch
