"""The roster: list, one worker, forms, looking behind the mask."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.roles import Perm
from core.access import access
from core.errors import DomainError
from core.lists.pages import list_view
from core.scoping import Actor
from stations.forms.workers import MASKED, TransferForm, WorkerForm
from stations.lists.workers import TONES, WORKERS
from stations.models import Worker
from stations.queries import workers
from stations.queries.organisations import organisation_choices
from stations.queries.stations import station_choices
from stations.queries.workers import Shown
from stations.services.workers import (
    PLAIN,
    REVEALABLE,
    WorkerChange,
    register_worker,
    reveal_worker,
    transfer_worker,
    update_worker,
)
from stations.views.writing import POSTED, WRITING, FormPage, form_page

worker_list = list_view(WORKERS)
REASONS = {"visit": "走访或联系本人", "verify": "核对证件或资格", "apply": "代办申请", "crisis": "紧急情况"}


def crumb() -> dict[str, str]:
    return {"label": "社工", "url": reverse("stations:workers")}


@access(Perm.WORKER_READ)
def worker(request: Any, pk: UUID) -> HttpResponse:
    one = workers.worker(request.actor, pk)
    shown = workers.shown(one)
    context = {
        "one": one,
        "name": shown.name,
        "crumbs": [crumb(), {"label": shown.name}],
        "header": header_of(request.actor, one, shown),
    }
    return render(request, "stations/worker.html", context)


def header_of(actor: Actor, one: Worker, shown: Shown) -> dict[str, Any]:
    may = actor.may(Perm.WORKER_MANAGE)
    masked = [
        {"label": label, "masked": {
            "text": getattr(shown, name),
            "url": reverse("stations:worker_reveal", args=[one.pk, name]) if may else ""}}
        for name, label in REVEALABLE.items()
    ]  # fmt: skip
    change = {"label": "修改", "url": reverse("stations:worker_update", args=[one.pk]), "icon": "edit"}
    transfer = {"label": "调到其他站", "url": reverse("stations:worker_transfer", args=[one.pk])}
    return {
        "title": shown.name,
        "state": {"tone": TONES[one.employment], "word": one.get_employment_display()},
        "chips": [
            one.get_certificate_display(),
            *([one.post] if one.post else []),
            *(["示范数据"] if one.is_example else []),
        ],
        "facts": [
            {"label": "社工站", "value": one.station.name, "href": reverse("stations:station", args=[one.station_id])},
            {"label": "所属机构", "value": one.organisation.name if one.organisation else ""},
            {"label": "性别", "value": one.get_sex_display()},
            *masked,
        ],
        "actions": [change] if may else [],
        "overflow": [transfer] if may else [],
    }


@access(Perm.WORKER_MANAGE, methods=WRITING)
def worker_register(request: Any) -> HttpResponse:
    actor: Actor = request.actor

    def write(form: Any) -> UUID:
        return register_worker(actor, station_id=UUID(form.cleaned_data["station"]), said=form.said()).pk

    page = FormPage(
        key="stations.worker.new",
        title="登记社工",
        crumbs=[crumb(), {"label": "登记"}],
        build=form_for(actor),
        write=write,
        done_url=lambda pk: reverse("stations:worker", args=[pk]),
        cancel_url=reverse("stations:workers"),
        success="社工已登记。",
        initial={"station": request.GET.get("station", "")},
        submit_label="登记",
        say="个人信息加密保存，号码和住址只在写明理由后可见。",
    )
    return form_page(request, page)


@access(Perm.WORKER_MANAGE, methods=WRITING)
def worker_update(request: Any, pk: UUID) -> HttpResponse:
    actor: Actor = request.actor
    one = workers.worker(actor, pk)
    shown = workers.shown(one)
    masked = {name: getattr(shown, name) for name in MASKED}

    def build(**how: Any) -> WorkerForm:
        return form_for(actor)(**how).leave_masked(masked)

    def write(form: Any) -> UUID:
        change = WorkerChange(pk, form.cleaned_data["version"] or 0, form.changes())
        return update_worker(actor, change=change).pk

    initial = worker_facts(one, shown)
    fresh = lambda: worker_facts(again := workers.worker(actor, pk), workers.shown(again))  # noqa: E731
    return part_form(request, one, shown.name, "修改", build, write, initial=initial, fresh=fresh)


def worker_facts(one: Worker, shown: Shown) -> dict[str, Any]:
    """What stands in the form: nothing that is masked."""
    plain = {name: getattr(one, name) for name in PLAIN if name != "organisation_id"}
    return {**plain, "name": shown.name, "organisation": str(one.organisation_id or ""), "version": one.version}


@access(Perm.WORKER_MANAGE, methods=WRITING)
def worker_transfer(request: Any, pk: UUID) -> HttpResponse:
    actor: Actor = request.actor
    one = workers.worker(actor, pk)
    others = [(code, name) for code, name in station_choices(actor) if code != str(one.station_id)]

    def write(form: Any) -> UUID:
        given = form.cleaned_data
        return transfer_worker(actor, worker_id=pk, version=given["version"] or 0, station_id=UUID(given["station"])).pk

    build = partial(TransferForm, stations=others)
    fresh = lambda: {"version": workers.worker(actor, pk).version}  # noqa: E731
    return part_form(
        request, one, workers.shown(one).name, "调到其他站", build, write, initial={"version": one.version}, fresh=fresh
    )


@access(Perm.WORKER_MANAGE, methods=POSTED)
def worker_reveal(request: Any, pk: UUID, field: str) -> HttpResponse:
    """One value in full, for a stated reason; answers in place of the mask."""
    chosen, note = request.POST.get("reason", ""), request.POST.get("note", "").strip()
    reason = f"{REASONS[chosen]} {note}".strip() if chosen in REASONS else note
    try:
        value = reveal_worker(request.actor, worker_id=pk, field=field, reason=reason)
    except DomainError as error:
        if error.status == 422:
            return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
        raise
    masked = getattr(workers.shown(workers.worker(request.actor, pk)), field)
    here = reverse("stations:worker_reveal", args=[pk, field])
    context = {"text": value, "masked": masked, "url": here, "label": REVEALABLE[field]}
    return render(request, "components/revealed.html", context)


def form_for(actor: Actor) -> Any:
    return partial(WorkerForm, stations=station_choices(actor), organisations=organisation_choices(actor))


def part_form(request: Any, one: Worker, name: str, verb: str, build: Any, write: Any, **how: Any) -> HttpResponse:
    here = reverse("stations:worker", args=[one.pk])
    page = FormPage(
        key=f"stations.worker.{request.resolver_match.url_name}.{one.pk}",
        title=f"{verb}：{name}",
        crumbs=[crumb(), {"label": name, "url": here}, {"label": verb}],
        build=build,
        write=write,
        done_url=lambda _: here,
        cancel_url=here,
        **how,
    )
    return form_page(request, page)
