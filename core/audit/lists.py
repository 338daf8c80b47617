"""The audit page as a list: who did what, when, where, why, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone

from core.audit.queries import READ, events, names_of
from core.audit.words import CHANNELS, act_name, act_words, channel_name
from core.lists import (
    ChoiceFilter,
    Column,
    Criteria,
    DateRangeFilter,
    ListSpec,
    MultiChoiceFilter,
    RegionFilter,
    TextFilter,
)
from core.lists.spec import Empty
from core.scoping import Actor

FIELDS = ("at", "user_id", "role", "act", "reason", "channel", "subject_kind", "subject_keys", "region_code", "details")


def source(actor: Actor, criteria: Criteria) -> QuerySet:
    return events(actor)


def prepare(actor: Actor, rows: list[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    names = names_of(row["user_id"] for row in rows)
    return [
        row
        | {
            "who": names.get(row["user_id"], "系统" if row["user_id"] is None else f"账号 {row['user_id']}"),
            "what": act_name(row["act"]),
            "how": channel_name(row["channel"]),
            "subjects": len(row["subject_keys"]),
            "more": "；".join(f"{name} {_short(value)}" for name, value in row["details"].items()),
        }
        for row in rows
    ]


def _short(value: Any) -> str:
    text = "、".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _by_account(rows: QuerySet, name: str) -> QuerySet:
    model: Any = get_user_model()
    users = model._default_manager.filter(**{f"{model.USERNAME_FIELD}__iexact": name})
    return rows.filter(user_id__in=users.values("pk"))


def _within(rows: QuerySet, days: Any) -> QuerySet:
    """Whole days of Beijing, so that PostgreSQL looks into the right months only."""
    first, last = days
    if first:
        rows = rows.filter(at__gte=_midnight(first))
    return rows.filter(at__lt=_midnight(last + timedelta(days=1))) if last else rows


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


EVENTS = ListSpec(
    key="core.audit",
    title="审计记录",
    group="设置",
    subtitle="谁在什么时候、以什么身份、做了或看了什么。记录只增不改，逐批封存；对象以密文编号表示。",
    permission=READ,
    source=source,
    prepare=prepare,
    fields=FIELDS,
    columns=(
        Column("at", "时间", value=lambda row: timezone.localtime(row["at"]).strftime("%Y-%m-%d %H:%M:%S"),
               sort=("at", "id"), fixed=True),
        Column("who", "谁", phone="title"),
        Column("what", "做了什么"),
        Column("subjects", "对象数", kind="number"),
        Column("reason", "理由"),
        Column("how", "途径"),
        Column("region_code", "区划代码"),
        Column("role", "角色", default=False),
        Column("more", "内容", default=False),
    ),
    filters=(
        DateRangeFilter("day", "日期", apply=_within),
        MultiChoiceFilter("act", "行为", lookup="act", choices=lambda actor: act_words()),
        TextFilter("account", "账号", apply=_by_account),
        ChoiceFilter("channel", "途径", lookup="channel", choices=tuple(CHANNELS.items())),
        RegionFilter(lookup="region_code"),
    ),
    order=("-at", "-id"),
    row_name=lambda row: row["what"],
    empty=Empty("没有符合条件的审计记录。"),
    export_permission=READ,
)  # fmt: skip
