"""谁看过我的档案: everything that was done with one file and everybody who looked, in plain words (M14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.roles import ROLES, Perm
from cases.queries.dossier import FIELD_LABELS, visible_client
from cases.queries.people import user_names
from core import audit
from core.audit.models import AuditEvent
from core.errors import Forbidden
from core.scoping import Actor

MOST = 500
SAYS = {
    "client.read": "打开档案", "client.listed": "在名单中看到（号码掩码）", "client.printed": "打印档案",
    "client.trail": "查看谁看过这份档案", "client.found": "在查找结果中看到", "client.exported": "导出名单",
    "client.register": "登记建档", "client.update": "修改资料", "client.withdraw": "撤回档案",
    "client.restore": "恢复档案",
    "client.category_add": "登记对象类别", "client.category_close": "终止对象类别", "client.consent_give": "登记同意书",
    "client.consent_withdraw": "撤回同意书", "client.household_join": "登记户", "client.household_leave": "迁出户",
    "client.merge": "与另一份档案合并", "client.merge_receive": "并入另一份档案", "client.unmerge": "拆分合并的档案",
    "client.reveal": "查看完整内容", "client.erase": "依法清除个人信息",
}  # fmt: skip
CHANNELS = {"page": "网页", "api": "接口", "import": "导入", "job": "后台任务", "system": ""}


@dataclass(frozen=True, slots=True)
class Look:
    """One line: when, who as what, did what, why."""

    at: datetime
    who: str
    role: str
    did: str
    reason: str
    channel: str


def who_read(actor: Actor, client_id: UUID) -> list[Look]:
    """The latest five hundred. For the client's own station and for auditors; raises Forbidden for others, NotFound."""
    client = visible_client(actor, client_id)
    if actor.reach.is_range and not actor.may(Perm.AUDIT_READ):
        raise Forbidden("trail_not_yours", "访问记录只由本站和审计人员查看、为本人或监护人打印。")
    key = audit.subject_key("client", client.pk)
    audit.note("client", [client.pk], how="trail")
    events = list(AuditEvent.objects.filter(subject_keys__contains=[key]).order_by("-at", "-id")[:MOST])
    names = user_names(event.user_id for event in events)
    return [_line(event, names) for event in events]


def _line(event: AuditEvent, names: dict[int, str]) -> Look:
    did = SAYS.get(event.act, event.act)
    if event.act == "client.reveal":
        did = f"{did}：{FIELD_LABELS.get(event.details.get('field', ''), '')}"
    elif event.act == "client.update":
        did = f"{did}：{'、'.join(FIELD_LABELS.get(name, name) for name in event.details.get('fields', ()))}"
    role = ROLES[event.role].label if event.role in ROLES else ""
    who = names.get(event.user_id, "系统") if event.user_id else "系统"
    return Look(event.at, who, role, did, event.reason, CHANNELS.get(event.channel, event.channel))
