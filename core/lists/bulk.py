"""One act on many rows: at once up to 200, as a job beyond; each refusal is reported, the rest is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.errors import Forbidden, Invalid
from core.lists.criteria import Criteria
from core.lists.rows import rows_of
from core.lists.spec import BulkAct, ListSpec, Refusal
from core.scoping import Actor

INLINE = 200
MOST = 50_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; `job` when it still runs."""

    label: str
    touched: int
    refusals: Sequence[Refusal] = ()
    job: Any = None

    @property
    def done(self) -> int:
        return self.touched - len(self.refusals)


def act_of(spec: ListSpec, actor: Actor, key: str) -> BulkAct:
    act = next((act for act in spec.bulk if act.key == key), None)
    if act is None:
        raise Invalid("unknown_act", "没有这个批量操作。")
    if not actor.may(act.permission):
        raise Forbidden()
    return act


def run(actor: Actor, spec: ListSpec, act: BulkAct, *, ids: Sequence[UUID], criteria: Criteria | None) -> Outcome:
    """On `ids`, or on every row that meets `criteria`. Raises Invalid without rows or with too many."""
    if criteria is not None:
        ids = list(rows_of(spec, actor, criteria).order_by("id").values_list("id", flat=True)[: MOST + 1])
    if not ids:
        raise Invalid("nothing_picked", "请先选择要处理的行。")
    if len(ids) > MOST:
        raise Invalid("too_many_rows", f"一次最多处理 {MOST:,} 行，请先缩小查询范围。")
    if len(ids) > INLINE:
        return Outcome(act.label, len(ids), job=_start(actor, spec, act, ids))
    return Outcome(act.label, len(ids), act.run(actor, list(ids)))


def _start(actor: Actor, spec: ListSpec, act: BulkAct, ids: Sequence[UUID]) -> Any:
    from core.jobs.services import start_job

    title = f"{spec.title}：{act.label}（{len(ids):,} 行）"
    return start_job(
        actor,
        kind="lists.bulk",
        title=title,
        parameters={"list": spec.key, "act": act.key, "ids": [str(i) for i in ids]},
    )
