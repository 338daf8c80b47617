"""Asking for an export, agreeing to it, writing the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core import audit, registries
from core.approvals.services import decide
from core.errors import Forbidden, Invalid, Refused
from core.export import queries
from core.export.models import ExportRequest, FileFormat
from core.lists.preferences import place_code
from core.lists.spec import ListSpec
from core.lists.terms import person_id
from core.scoping import Actor, service

KIND = "lists.export"


@dataclass(frozen=True, slots=True)
class Asked:
    """What happens next with an export, in words, and where to see it."""

    says: str
    url: str
    request: ExportRequest | None = None
    job: Any = None


@service
def ask_export(
    actor: Actor, spec: ListSpec, *, query: str, columns: Sequence[str], format: str, reason: str = ""
) -> Asked:
    """Start the export, or submit it for approval when it holds personal columns.

    Raises Forbidden without the list's export permission, Invalid on an unknown column or format, Refused when
    personal columns are asked for without saying what for."""
    if not spec.export_permission:
        raise Forbidden()
    actor.require(spec.export_permission)
    chosen = _chosen(actor, spec, columns, format)
    parameters = {"list": spec.key, "query": query, "columns": [column.key for column in chosen], "format": format}
    if not any(column.personal for column in chosen):
        return Asked("已开始导出，完成后在下载中心取文件。", downloads_url(), job=start(actor, spec.title, parameters))
    return _submit(actor, spec, parameters, reason.strip())


def _chosen(actor: Actor, spec: ListSpec, columns: Sequence[str], format: str) -> list:
    allowed = {column.key: column for column in spec.columns_for(actor) if column.exported}
    if format not in FileFormat.values:
        raise Invalid("unknown_format", "没有这种文件格式。")
    if not columns or set(columns) - set(allowed):
        raise Invalid("unknown_column", "没有可以导出的列。")
    return [allowed[key] for key in columns]


def _submit(actor: Actor, spec: ListSpec, parameters: dict[str, Any], reason: str) -> Asked:
    if len(reason) < 4:
        message = "导出含个人信息，请写明用途（至少 4 个字），由另一人审批后生成文件。"
        raise Refused("reason_needed", message, {"reason": [message]})
    assert actor.membership_id
    row = ExportRequest.objects.create(
        list_key=spec.key,
        title=f"{spec.title}导出",
        query=parameters["query"],
        columns=parameters["columns"],
        format=parameters["format"],
        reason=reason[:200],
        submitted_by_id=person_id(actor),
        membership_id=actor.membership_id,
        region_code=place_code(actor) or "",
        station_ids=list(actor.reach.stations),
    )
    audit.record(actor, "export.asked", region_code=row.region_code, reason=row.reason, list=spec.key,
                 columns=row.columns, request=str(row.pk))  # fmt: skip
    return Asked("导出含个人信息，已提交审批；同意后自动生成文件。", reverse("core:exports"), request=row)


@service
def decide_export(actor: Actor, *, request: UUID, approve: bool, seen_version: int, note: str = "") -> ExportRequest:
    """Agree or send back. Agreed, the job starts as the submitter, whose membership must still hold."""
    actor.require(queries.APPROVE)
    row = queries.request_to_decide(actor, request)
    decide(actor, row, approve=approve, seen_version=seen_version, note=note)
    if approve:
        submitter = registries.actor_for_ids["membership"](row.submitted_by_id, row.membership_id)
        if submitter is None:
            raise Refused("submitter_gone", "提交人的任职已结束，不能再导出；请退回。")
        parameters = {
            "list": row.list_key, "query": row.query, "columns": row.columns, "format": row.format,
            "request": str(row.pk), "approved_by": actor.user_id,
        }  # fmt: skip
        row.job = start(submitter, row.title, parameters)
        row.save(update_fields=["job"])
    audit.record(actor, "export.approved" if approve else "export.rejected", region_code=row.region_code,
                 reason=row.decision_note, list=row.list_key, request=str(row.pk))  # fmt: skip
    return row


def start(actor: Actor, title: str, parameters: dict[str, Any]) -> Any:
    from core.jobs.services import start_job

    return start_job(actor, kind=KIND, title=f"{title}", parameters=parameters)


def downloads_url() -> str:
    try:
        return reverse("core:downloads")
    except NoReverseMatch:
        return "/"


def watermark(actor: Actor, title: str) -> str:
    """Who took it, as what, when: on the first line, in the page header and in the file's properties."""
    role = actor.facts.get("role_label", actor.role)
    moment = timezone.localtime()
    return f"{title} · {actor.name}（{role}，{actor.place}）导出于 {moment:%Y-%m-%d %H:%M} · 含个人信息的，用后妥善销毁"
