"""Deciding: the rules every approval shares. The concrete service locks the row, checks reach, writes the audit row."""

from __future__ import annotations

from django.utils import timezone

from core.approvals.models import Approval, ApprovalState
from core.errors import Conflict, Forbidden, Refused
from core.scoping import Actor


def decide(actor: Actor, row: Approval, *, approve: bool, seen_version: int, note: str = "") -> None:
    """Set the decision on a row the caller has locked, and save it.

    Raises Conflict when it was decided or changed since it was seen, Forbidden on one's own, Refused when a rejection
    says no reason."""
    if row.state != ApprovalState.WAITING:
        raise Conflict("already_decided", f"这一项已是“{row.get_state_display()}”，不用再审批。")
    if row.version != seen_version:
        raise Conflict("changed_since_seen", "您看过之后内容有改动，请重新查看后再审批。")
    if row.submitted_by_id == actor.user_id:
        raise Forbidden("own_submission", "不能审批自己提交的事项，请由另一个人审批。")
    if not approve and not note.strip():
        raise Refused("reason_needed", "退回时请写明理由。", {"note": ["退回时请写明理由。"]})
    row.state = ApprovalState.APPROVED if approve else ApprovalState.REJECTED
    row.decided_by_id = actor.user_id
    row.decided_at = timezone.now()
    row.seen_version = seen_version
    row.decision_note = note.strip()[:200]
    row.save()
