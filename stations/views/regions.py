"""Territory: the tree and the search, one division, what the cascade asks, and keeping it true."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.roles import Perm
from core.access import access
from core.errors import Invalid
from core.frame import url
from core.scoping import Actor
from stations.enums import RegionLevel
from stations.forms.regions import CountForm, MergeForm, RenameForm, SplitForm
from stations.models import Region
from stations.queries import regions
from stations.services.regions import NewRegion, enter_count, merge_regions, rename_region, split_region
from stations.views.writing import WRITING, FormPage, form_page

CRUMB = {"label": "行政区划", "url": "/regions/"}


def code_of(text: str) -> str:
    """A division's code as a query parameter says it. Raises Invalid."""
    if text and not (text.isascii() and text.isdecimal() and len(text) in (2, 4, 6, 9, 12)):
        raise Invalid("region.code", "区划代码是 2、4、6、9 或 12 位数字。")
    return text


@access(Perm.REGION_READ)
def region_list(request: Any) -> HttpResponse:
    """The provinces, or what a search found."""
    text = request.GET.get("q", "").strip()
    ended = bool(request.GET.get("ended"))
    found = regions.find_regions(request.actor, text, limit=100, ended=ended) if text else []
    context = {
        "text": text,
        "ended": ended,
        "found": found,
        "rows": [] if text else regions.rows_below(request.actor, ""),
        "level": RegionLevel.PROVINCE.label,
    }
    return render(request, "stations/regions.html", context)


@access(Perm.REGION_READ)
def region(request: Any, code: str) -> HttpResponse:
    """One division: where it lies, since when, its official numbers, what lies below, stations there."""
    actor: Actor = request.actor
    one = regions.region(actor, code_of(code))
    context = {
        "region": one,
        "crumbs": [CRUMB, *crumbs_of(actor, one)],
        "header": header_of(actor, one),
        "rows": regions.rows_below(actor, one.code),
        "counts": regions.counts_of(actor, one.code),
        "running": regions.stations_running_below(actor, one.code),
        "stations_url": f"{url('stations:stations')}?region={one.code}&kind=station&status=running",
        "may_manage": may_manage(actor, one),
    }
    return render(request, "stations/region.html", context)


@access(Perm.REGION_READ)
def region_children(request: Any) -> HttpResponse:
    """The cascade: what lies right below `parent`."""
    options = regions.child_options(request.actor, code_of(request.GET.get("parent", "")))
    return JsonResponse([asdict(one) for one in options], safe=False)


@access(Perm.REGION_READ)
def region_path(request: Any) -> HttpResponse:
    """The cascade: from the province down to `code`."""
    options = regions.path_to(request.actor, code_of(request.GET.get("code", "")))
    return JsonResponse([asdict(one) for one in options], safe=False)


@access(Perm.REGION_READ)
def region_search(request: Any) -> HttpResponse:
    """The search field: divisions by name, pinyin, initials or code, below `top` when it is given."""
    top = code_of(request.GET.get("top", ""))
    options = regions.search_options(request.actor, request.GET.get("q", ""), top)
    return JsonResponse([asdict(one) for one in options], safe=False)


@access(Perm.REGION_MANAGE, methods=WRITING)
def region_rename(request: Any, code: str) -> HttpResponse:
    def write(form: Any) -> UUID | None:
        given = form.cleaned_data
        rename_region(request.actor, code=code, name=given["name"], reason=given["reason"])
        return None

    return region_form(request, code, "更名", RenameForm, write)


@access(Perm.REGION_MANAGE, methods=WRITING)
def region_split(request: Any, code: str) -> HttpResponse:
    def write(form: Any) -> UUID | None:
        given = form.cleaned_data
        split_region(request.actor, code=code, into=given["into"], on=given["on"], reason=given["reason"])
        return None

    return region_form(
        request,
        code,
        "拆分",
        SplitForm,
        write,
        say="原区划停用；自生效日起，其下的站点迁到列在最前的承接者，属于其他承接者的请随后改站点的区划。",
    )


@access(Perm.REGION_MANAGE, methods=WRITING)
def region_merge(request: Any, code: str) -> HttpResponse:
    def write(form: Any) -> UUID | None:
        given = form.cleaned_data
        codes = [code, *given["others"].split()]
        into = NewRegion(given["code"].strip(), given["name"])
        merge_regions(request.actor, codes=codes, into=into, on=given["on"], reason=given["reason"])
        return None

    return region_form(
        request, code, "合并", MergeForm, write, say="被并入的区划停用；自生效日起，其下的站点随之迁移。"
    )


@access(Perm.REGION_MANAGE, methods=WRITING)
def region_count(request: Any, code: str) -> HttpResponse:
    def write(form: Any) -> UUID | None:
        enter_count(request.actor, code=code, said=form.said())
        return None

    return region_form(request, code, "登记官方分母", CountForm, write)


def region_form(request: Any, code: str, verb: str, form: type, write: Any, say: str = "") -> HttpResponse:
    one = regions.region(request.actor, code_of(code))
    here = reverse("stations:region", args=[code])
    page = FormPage(
        key=f"stations.region.{form.__name__.lower()}.{code}",
        title=f"{verb}：{one.full_name}",
        crumbs=[CRUMB, {"label": one.name, "url": here}, {"label": verb}],
        build=form,
        write=write,
        done_url=lambda _: here,
        cancel_url=here,
        initial={"name": one.name},
        submit_label=verb,
        say=say,
    )
    return form_page(request, page)


def crumbs_of(actor: Actor, one: Region) -> list[dict[str, str]]:
    places = regions.path_to(actor, one.code)
    return [
        {"label": place.name, "url": "" if place.code == one.code else reverse("stations:region", args=[place.code])}
        for place in places
    ]


def may_manage(actor: Actor, one: Region) -> bool:
    return actor.may(Perm.REGION_MANAGE) and actor.reach.covers(one.code, None) and one.valid_to is None


def header_of(actor: Actor, one: Region) -> dict[str, Any]:
    verbs = (
        ("登记分母", "region_count"),
        ("更名", "region_rename"),
        ("拆分", "region_split"),
        ("合并", "region_merge"),
    )
    acts = [{"label": label, "url": reverse(f"stations:{name}", args=[one.code])} for label, name in verbs]
    return {
        "title": one.name,
        "subtitle": one.code,
        "state": {"tone": "archived", "word": "已停用"} if one.valid_to else {"tone": "active", "word": "现行"},
        "facts": [
            {"label": "层级", "value": one.get_level_display()},
            {"label": "全称", "value": one.full_name},
            {"label": "拼音", "value": one.pinyin},
            {"label": "启用", "value": str(one.valid_from or "–")},
            *([{"label": "停用", "value": str(one.valid_to)}] if one.valid_to else []),
            *([successor_fact(one)] if one.successor_id else []),
        ],
        "actions": acts[:1] if may_manage(actor, one) else [],
        "overflow": acts[1:] if may_manage(actor, one) else [],
    }


def successor_fact(one: Region) -> dict[str, str]:
    return {
        "label": "承接者",
        "value": one.successor.full_name,  # type: ignore[union-attr]
        "href": reverse("stations:region", args=[one.successor_id]),
    }
