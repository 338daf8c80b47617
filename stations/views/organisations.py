"""Organisations: list, detail, form."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.roles import Perm
from core.access import access
from core.lists.pages import list_view
from core.scoping import Actor
from stations.forms.organisations import OrganisationForm, organisation_facts
from stations.lists.organisations import ORGANISATIONS
from stations.lists.stations import STATUSES, TONES
from stations.models import Organisation
from stations.queries import organisations
from stations.services.organisations import code_remarks, correct_organisation, enter_organisation
from stations.views.writing import WRITING, FormPage, form_page

organisation_list = list_view(ORGANISATIONS)


def crumb() -> dict[str, str]:
    return {"label": "机构", "url": reverse("stations:organisations")}


@access(Perm.ORGANISATION_READ)
def organisation(request: Any, pk: UUID) -> HttpResponse:
    actor: Actor = request.actor
    one = organisations.organisation(actor, pk)
    stations = [(row, TONES[row.status], STATUSES[row.status]) for row in organisations.stations_of(actor, pk)[:100]]
    context = {
        "one": one,
        "crumbs": [crumb(), {"label": one.name}],
        "header": header_of(actor, one),
        "remarks": code_remarks(one.credit_code, one.kind),
        "stations": stations,
        "children": one.children.order_by("name")[:100],
    }
    return render(request, "stations/organisation.html", context)


def header_of(actor: Actor, one: Organisation) -> dict[str, Any]:
    parent = one.parent
    change = {"label": "修改", "url": reverse("stations:organisation_correct", args=[one.pk]), "icon": "edit"}
    return {
        "title": one.name,
        "chips": [one.get_kind_display(), *(["示范数据"] if one.is_example else [])],
        "facts": [
            {"label": "统一社会信用代码", "value": one.credit_code},
            {
                "label": "所在地",
                "value": one.region.full_name,
                "href": reverse("stations:region", args=[one.region_id]),
            },
            {
                "label": "上级机构",
                "value": parent.name if parent else "",
                "href": reverse("stations:organisation", args=[parent.pk]) if parent else "",
            },
            {"label": "成立日期", "value": str(one.founded_on or "")},
            {"label": "联系方式", "value": one.contact},
        ],
        "actions": [change] if organisations.may_correct(actor, one) else [],
    }


def reach_top(actor: Actor) -> str:
    """The division a choice of place begins under: the actor's own."""
    lo = actor.reach.lo
    return lo if lo.isdecimal() and len(lo) in (2, 4, 6, 9) else ""


@access(Perm.ORGANISATION_MANAGE, methods=WRITING)
def organisation_enter(request: Any) -> HttpResponse:
    def write(form: Any) -> UUID:
        one = enter_organisation(request.actor, said=form.said())
        remark(request, one)
        return one.pk

    page = FormPage(
        key="stations.organisation.new",
        title="新增机构",
        crumbs=[crumb(), {"label": "新增"}],
        build=form_for(request.actor),
        write=write,
        done_url=lambda pk: reverse("stations:organisation", args=[pk]),
        cancel_url=reverse("stations:organisations"),
        success="机构已登记。",
    )
    return form_page(request, page)


@access(Perm.ORGANISATION_MANAGE, methods=WRITING)
def organisation_correct(request: Any, pk: UUID) -> HttpResponse:
    actor: Actor = request.actor
    one = organisations.organisation(actor, pk)
    here = reverse("stations:organisation", args=[pk])

    def write(form: Any) -> UUID:
        version = form.cleaned_data["version"] or 0
        remark(request, correct_organisation(actor, organisation_id=pk, version=version, said=form.said()))
        return pk

    page = FormPage(
        key=f"stations.organisation.{pk}",
        title=f"修改机构：{one.name}",
        crumbs=[crumb(), {"label": one.name, "url": here}, {"label": "修改"}],
        build=form_for(actor),
        write=write,
        done_url=lambda _: here,
        cancel_url=here,
        initial=organisation_facts(one),
        fresh=lambda: organisation_facts(organisations.organisation(actor, pk)),
    )
    return form_page(request, page)


def form_for(actor: Actor) -> Any:
    return partial(OrganisationForm, parents=organisations.organisation_choices(actor), top=reach_top(actor))


def remark(request: Any, one: Organisation) -> None:
    """What should be looked at again but was saved."""
    for said in code_remarks(one.credit_code, one.kind):
        messages.warning(request, said)
