"""One client's pages: the file, who read it, the print sheet, the reveal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Perm
from cases.forms import CategoryForm, CloseCategoryForm, ConsentForm, HouseholdForm
from cases.queries import dossier, trail
from cases.queries.dossier import ClientPage
from cases.queries.masks import sees_names
from cases.services import reveal
from cases.services.dossier import stated_reason
from cases.services.reveal import REVEALABLE
from core.access import access
from core.errors import Refused
from core.printing import Watermark, render_pdf
from core.scoping import Actor

REASONS = {
    "visit": "走访或联系本人",
    "verify": "核对证件或资格",
    "apply": "代办申请",
    "crisis": "紧急情况",
    "other": "",
}
TONES = {"active": "active", "withdrawn": "none", "merged": "archived", "erased": "archived"}


@access(Perm.CLIENT_READ)
def client(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file: overview, or its history."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    page = dossier.client_page(actor, pk)
    tab = "history" if request.GET.get("tab") == "history" else "overview"
    moments = dossier.history(actor, pk)
    context = {
        "page": page,
        "header": header_of(actor, page, tab),
        "tab": tab,
        "history": moments,
        "timeline": [line_of(moment) for moment in moments[:30]] + [registered_line(page)],
        "may_write": actor.may(Perm.CLIENT_WRITE) and page.is_active,
        **dialogs(page),
    }
    return render(request, "cases/client.html", context)


def dialogs(page: ClientPage) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "category_form": CategoryForm(initial={"valid_from": today}, auto_id="category_%s"),
        "close_form": CloseCategoryForm(initial={"valid_to": today}, auto_id="close_%s"),
        "consent_form": ConsentForm(
            initial={"given_on": today, "text_version": "1", "given_by": "guardian" if _is_child(page) else "self"},
            auto_id="consent_%s",
        ),
        "household_form": HouseholdForm(auto_id="household_%s"),
    }


def _is_child(page: ClientPage) -> bool:
    return page.age is not None and page.age < 14


def header_of(actor: Actor, page: ClientPage, tab: str) -> dict[str, Any]:
    """The head of the file: who, state, facts behind masks, what may be done next."""
    here = reverse("cases:client", args=[page.id])
    age = f"{page.age} 岁" if page.age is not None else "年龄不详"
    return {
        "title": page.name,
        "subtitle": f"{page.sex}，{age}　档案 {page.number}{'（示范）' if page.is_example else ''}",
        "state": {"tone": TONES[page.state], "word": page.state_label},
        "chips": [line.label for line in page.categories if line.is_open],
        "facts": facts_of(actor, page),
        "actions": actions_of(actor, page),
        "overflow": overflow_of(actor, page),
        "tabs": [
            {"label": "概览", "url": here, "current": tab == "overview"},
            {"label": "历史", "url": f"{here}?tab=history", "current": tab == "history"},
        ],
    }


def facts_of(actor: Actor, page: ClientPage) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": "社工站", "value": page.station},
        {"label": "责任社工", "value": page.worker or "未指定"},
    ]
    for name, label in REVEALABLE.items():
        text = page.masked.get(name, "")
        if text and not (name == "name" and sees_names(actor)):
            label = f"{label}（{page.document}）" if name == "id_number" else label
            facts.append({"label": label, "masked": {"text": text, "url": reveal_url(actor, page, name)}})
    if not page.masked.get("id_number") and not page.is_erased:
        facts.append({"label": "证件", "value": page.document})
    return facts


def reveal_url(actor: Actor, page: ClientPage, name: str) -> str:
    may = actor.may(Perm.CLIENT_REVEAL) and not page.is_erased
    return reverse("cases:client_reveal", args=[page.id, name]) if may else ""


def actions_of(actor: Actor, page: ClientPage) -> list[dict[str, Any]]:
    acts = [{"label": "打印档案", "url": reverse("cases:client_print", args=[page.id]), "icon": "printer"}]
    if actor.may(Perm.CLIENT_WRITE) and page.is_active:
        edit = reverse("cases:client_edit", args=[page.id])
        acts.append({"label": "修改", "url": edit, "icon": "edit", "primary": True})  # type: ignore[dict-item]
    return acts


def overflow_of(actor: Actor, page: ClientPage) -> list[dict[str, Any]]:
    acts: list[dict[str, Any]] = []
    if not actor.reach.is_range or actor.may(Perm.AUDIT_READ):
        acts.append({"label": "谁看过我的档案", "url": reverse("cases:client_trail", args=[page.id]), "icon": "shield"})
    if actor.may(Perm.CLIENT_WRITE) and page.is_active:
        acts.append({
            "label": "撤回档案", "url": reverse("cases:client_withdraw", args=[page.id, page.version]),
            "icon": "archive", "method": "post", "confirm": "撤回后不再计入服务对象，可以恢复。",
            "confirm_reason": True,
        })  # fmt: skip
    if actor.may(Perm.CLIENT_WRITE) and page.state == "withdrawn":
        acts.append({
            "label": "恢复档案", "url": reverse("cases:client_restore", args=[page.id, page.version]),
            "icon": "refresh", "method": "post", "confirm": "恢复后重新计入服务对象。", "confirm_reason": True,
        })  # fmt: skip
    return acts


def line_of(moment: dossier.Moment) -> dict[str, Any]:
    changed = "、".join(change["label"] for change in moment.changes)
    return {"at": moment.at, "icon": "edit", "lead": moment.act, "title": f"：{changed}" if changed else "",
            "text": moment.reason, "who": moment.by}  # fmt: skip


def registered_line(page: ClientPage) -> dict[str, Any]:
    return {"at": page.registered_on, "icon": "user", "lead": "登记建档", "title": "", "who": "",
            "text": f"补录，{page.vouched_by}担保" if page.vouched_by else ""}  # fmt: skip


@access(Perm.CLIENT_REVEAL, methods=("POST",))
def client_reveal(request: HttpRequest, pk: UUID, field: str) -> HttpResponse:
    """One value in full, for a reason that the person can read afterwards."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given, note = request.POST.get("reason", ""), request.POST.get("note", "").strip()
    if given == "other":
        stated_reason(note)
    reason = "：".join(part for part in (REASONS.get(given, given), note) if part)
    page = dossier.client_page(actor, pk, how="read")
    value = reveal(actor, client_id=pk, field=field, reason=reason, channel="page")
    context = {
        "text": value or "（未登记）",
        "masked": page.masked.get(field, ""),
        "url": reveal_url(actor, page, field),
        "label": REVEALABLE[field],
    }
    return render(request, "components/revealed.html", context)


@access(Perm.CLIENT_READ)
def client_trail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """谁看过我的档案."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    looks = trail.who_read(actor, pk)
    page = dossier.client_page(actor, pk, how="trail")
    return render(request, "cases/trail.html", {"page": page, "looks": looks, "most": trail.MOST})


@access(Perm.CLIENT_READ)
def client_trail_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    looks = trail.who_read(actor, pk)
    page = dossier.client_page(actor, pk, how="trail")
    rows = [
        [f"{timezone.localtime(look.at):%Y-%m-%d %H:%M}", look.who, look.role, look.did, look.reason] for look in looks
    ]
    data = {"name": page.name, "number": page.number, "station": page.station, "rows": rows}
    return pdf(render_pdf("cases/trail.typ", data, mark=Watermark.of(actor)), f"{page.number}-trail")


@access(Perm.CLIENT_READ)
def client_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The print sheet of the file, A4, masked like the page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    page = dossier.client_page(actor, pk, how="printed")
    if page.is_erased:
        raise Refused("client_closed", "档案已依法清除，没有可打印的内容。")
    return pdf(render_pdf("cases/client.typ", sheet_of(page), mark=Watermark.of(actor)), page.number)


def sheet_of(page: ClientPage) -> dict[str, Any]:
    return {
        "number": page.number,
        "example": page.is_example,
        "facts": [
            ["姓名", page.name], ["性别", page.sex],
            ["出生日期", page.birth_date], ["年龄", f"{page.age} 岁" if page.age is not None else ""],
            ["证件类型", page.document], ["证件号码", page.masked["id_number"]],
            ["电话", page.masked["phone"]], ["住址", page.masked["address"]],
            ["村（社区）", page.community], ["社工站", page.station],
            ["责任社工", page.worker], ["登记日期", page.registered_on],
            ["监护人", page.masked["guardian_name"]], ["监护人电话", page.masked["guardian_phone"]],
        ],
        "categories": [[line.label, line.valid_from, line.valid_to, line.evidence] for line in page.categories],
        "household": page.household,
        "members": [[member.relation, member.name, member.age] for member in page.members],
        "consents": [
            [line.label, f"第 {line.text_version} 版", line.giver, line.given_on, line.withdrawn_on]
            for line in page.consents
        ],
    }  # fmt: skip


def pdf(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
