"""Stations, points and rooms: list, detail with everything dated, forms, steps of their life."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.roles import Perm
from core import registries
from core.access import access
from core.frame import url
from core.lists.pages import list_view
from core.scoping import Actor
from stations.enums import StationKind
from stations.forms.stations import (
    OperatorEndForm,
    OperatorForm,
    ProfileForm,
    StationForm,
    StatusForm,
    station_facts,
)
from stations.lists.stations import STATIONS, TONES
from stations.models import Station
from stations.queries import stations, workers
from stations.queries.organisations import organisation_choices
from stations.queries.stations import StationPage
from stations.services.stations import (
    appoint_operator,
    change_station,
    end_operator,
    move_status,
    open_station,
    record_profile,
)
from stations.views.organisations import reach_top
from stations.views.writing import WRITING, FormPage, form_page

station_list = list_view(STATIONS)


def crumb() -> dict[str, str]:
    return {"label": "社工站", "url": reverse("stations:stations")}


@access(Perm.STATION_READ)
def station(request: Any, pk: UUID) -> HttpResponse:
    actor: Actor = request.actor
    page = stations.station_page(actor, pk)
    context = {
        "page": page,
        "crumbs": [crumb(), {"label": page.station.name}],
        "header": header_of(actor, page),
        "profile": page.profiles[0] if page.profiles else None,
        "points": [(row, TONES[row.status]) for row in page.points],
        "timeline": [
            {"at": step.on, "icon": step.icon, "title": step.what, "text": step.detail} for step in page.steps
        ],
        "workers": workers.workers_of(actor, pk) if actor.may(Perm.WORKER_READ) else None,
        "workers_url": f"{url('stations:workers')}?station={pk}",
        "panels": panels_at("station", actor, pk),
        "may_manage": actor.may(Perm.STATION_MANAGE),
        "may_appoint": actor.may(Perm.STATION_MANAGE) and actor.reach.is_range,
    }
    return render(request, "stations/station.html", context)


def panels_at(place: str, actor: Actor, pk: UUID) -> list[dict[str, str]]:
    """What higher apps show here, each under its own permission."""
    return [
        {"title": panel.label, "url": reverse(panel.url_name, args=[pk])}
        for panel in registries.panels.values()
        if panel.place == place and actor.may(panel.permission)
    ]


def header_of(actor: Actor, page: StationPage) -> dict[str, Any]:
    one = page.station
    acts = actions_of(one) if actor.may(Perm.STATION_MANAGE) else []
    return {
        "title": one.name,
        "state": {"tone": TONES[one.status], "word": one.get_status_display()},
        "chips": [one.get_kind_display(), *(["示范数据"] if one.is_example else [])],
        "facts": facts_of(one, page),
        "actions": acts[:2],
        "overflow": acts[2:] if page.moves else acts[3:],
    }


def facts_of(one: Station, page: StationPage) -> list[dict[str, Any]]:
    staff = page.staffing
    facts = [
        {"label": "所在区划", "value": one.region.full_name,
         "href": reverse("stations:region", args=[one.region_code])},
        {"label": "承接机构", "value": one.operator.name if one.operator else "",
         "href": reverse("stations:organisation", args=[one.operator_id]) if one.operator_id else ""},
        {"label": "设立日期", "value": str(one.founded_on or "")},
        {"label": "电话", "value": one.phone},
    ]  # fmt: skip
    if one.parent_id and one.parent:
        facts.insert(
            0, {"label": "上级站", "value": one.parent.name, "href": reverse("stations:station", args=[one.parent_id])}
        )
    if one.kind == StationKind.STATION:
        said = f"{staff.workers} 人，持证 {staff.certified} 人（标准 {staff.required} / {staff.certified_required}）"
        facts.append({"label": "在岗社工", "value": said, "tone": "" if staff.is_met else "amber"})
    return facts


def actions_of(one: Station) -> list[dict[str, str]]:
    verbs = (
        ("修改", "station_change", "edit"),
        ("登记概况", "station_profile", "clipboard-list"),
        ("变更状态", "station_status", "flag"),
        ("登记承接机构", "station_operator", "affiliate"),
        ("结束承接", "station_operator_end", "x"),
    )
    return [
        {"label": label, "url": reverse(f"stations:{name}", args=[one.pk]), "icon": icon} for label, name, icon in verbs
    ]


@access(Perm.STATION_MANAGE, methods=WRITING)
def station_open(request: Any) -> HttpResponse:
    actor: Actor = request.actor
    parent = request.GET.get("parent", "")
    page = FormPage(
        key="stations.station.new",
        title="新增站点",
        crumbs=[crumb(), {"label": "新增"}],
        build=form_for(actor),
        write=lambda form: open_station(actor, said=form.said()).pk,
        done_url=lambda pk: reverse("stations:station", args=[pk]),
        cancel_url=reverse("stations:stations"),
        success="站点已登记，状态为“筹建”。",
        initial={"parent": parent, "kind": StationKind.ROOM} if parent else {},
        say="" if actor.reach.is_range else "您可以在本站下新增服务点和社工室；新设社工站由主管部门办理。",
    )
    return form_page(request, page)


@access(Perm.STATION_MANAGE, methods=WRITING)
def station_change(request: Any, pk: UUID) -> HttpResponse:
    actor: Actor = request.actor

    def write(form: Any) -> UUID:
        change_station(actor, station_id=pk, version=form.cleaned_data["version"] or 0, said=form.said())
        return pk

    one = stations.station(actor, pk)
    fresh = lambda: station_facts(stations.station(actor, pk))  # noqa: E731
    return part_form(request, one, "修改", form_for(actor), write, initial=station_facts(one), fresh=fresh)


@access(Perm.STATION_MANAGE, methods=WRITING)
def station_status(request: Any, pk: UUID) -> HttpResponse:
    actor: Actor = request.actor
    one = stations.station(actor, pk)

    def write(form: Any) -> UUID:
        given = form.cleaned_data
        version = given["version"] or 0
        return move_status(
            actor, station_id=pk, version=version, status=given["status"], since=given["since"], reason=given["reason"]
        ).pk

    moves = stations.station_page(actor, pk).moves
    return part_form(request, one, "变更状态", partial(StatusForm, moves=moves), write)


@access(Perm.STATION_MANAGE, methods=WRITING)
def station_profile(request: Any, pk: UUID) -> HttpResponse:
    actor: Actor = request.actor
    one = stations.station(actor, pk)

    def write(form: Any) -> UUID:
        record_profile(actor, station_id=pk, said=form.said())
        return pk

    return part_form(request, one, "登记概况", ProfileForm, write)


@access(Perm.STATION_MANAGE, methods=WRITING)
def station_operator(request: Any, pk: UUID) -> HttpResponse:
    actor: Actor = request.actor
    one = stations.station(actor, pk)

    def write(form: Any) -> UUID:
        given = form.cleaned_data
        return appoint_operator(
            actor, station_id=pk, version=given["version"] or 0, organisation_id=UUID(given["organisation"]),
            role=given["role"], since=given["since"],
        ).pk  # fmt: skip

    build = partial(OperatorForm, organisations=organisation_choices(actor))
    return part_form(request, one, "登记承接机构", build, write)


@access(Perm.STATION_MANAGE, methods=WRITING)
def station_operator_end(request: Any, pk: UUID) -> HttpResponse:
    actor: Actor = request.actor
    one = stations.station(actor, pk)

    def write(form: Any) -> UUID:
        given = form.cleaned_data
        return end_operator(
            actor, station_id=pk, version=given["version"] or 0, role=given["role"], until=given["until"]
        ).pk

    return part_form(request, one, "结束承接", OperatorEndForm, write)


def form_for(actor: Actor) -> Any:
    return partial(StationForm, parents=stations.parent_choices(actor), top=reach_top(actor))


def part_form(request: Any, one: Station, verb: str, build: Any, write: Any, **how: Any) -> HttpResponse:
    """A form about one station; a stale version keeps what was typed."""
    here = reverse("stations:station", args=[one.pk])
    actor = request.actor
    page = FormPage(
        key=f"stations.station.{request.resolver_match.url_name}.{one.pk}",
        title=f"{verb}：{one.name}",
        crumbs=[crumb(), {"label": one.name, "url": here}, {"label": verb}],
        build=build,
        write=write,
        done_url=lambda _: here,
        cancel_url=here,
        submit_label="保存" if verb == "修改" else verb,
        **{
            "initial": {"version": one.version},
            "fresh": lambda: {"version": stations.station(actor, one.pk).version},
            **how,
        },
    )
    return form_page(request, page)
