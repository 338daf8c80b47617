"""What the core itself offers the frame."""

from __future__ import annotations

from collections.abc import Sequence

from core import frame, registries, scheduled
from core.export import jobs, queries
from core.registries import MenuEntry, Todo, TodoSource
from core.scoping import Actor


def register() -> None:
    jobs.register()
    scheduled.register()
    registries.menu.register("core.rules", MenuEntry("设置", "规则", "core:rules", "adjustments", "rule.read"))
    registries.menu.register("core.audit", MenuEntry("设置", "审计记录", "core:audit", "shield-check", "audit.read"))
    registries.menu.register("core.queue", MenuEntry("设置", "后台任务", "core:queue", "stopwatch", "security.manage"))
    registries.todos.register("core.exports", TodoSource(queries.APPROVE, exports_waiting))


def exports_waiting(actor: Actor) -> Sequence[Todo]:
    number = queries.requests_to_decide(actor).count()
    return (
        [Todo("导出申请待审批", number, frame.url("core:exports"), tone="waiting", icon="file-export")]
        if number
        else []
    )
