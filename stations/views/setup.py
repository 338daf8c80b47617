"""The first-run wizard. It is there while nobody has an account, and answers 404 ever after.

Steps carry what was said before as hidden fields: nothing is stored until the last press, and nobody has a session yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.views.own import put_errors
from core.access import public, refuse
from core.errors import DomainError, NotFound
from core.scoping import Actor
from stations.forms.setup import ORDER, AdministratorsForm, AuthorityForm, FirstStationForm
from stations.queries import regions
from stations.services import setup as services

STEPS = (AuthorityForm, AdministratorsForm, FirstStationForm)


def only_first_run(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 as soon as anybody exists."""

    @public
    @wraps(view)
    def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not services.is_open():
            return refuse(request, NotFound())
        return view(request, *args, **kwargs)

    return run


@never_cache
@only_first_run
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return show(request, 0, AuthorityForm())
    reached = min(max(int(given), 0), len(STEPS) - 1) if (given := request.POST.get("step", "")).isdecimal() else 0
    if "back" in request.POST:
        at = max(reached - 1, 0)
        return show(request, at, make(at, request, bound=False))
    bound = [make(at, request) for at in range(reached + 1)]
    for at, form in enumerate(bound):
        if not form.is_valid() or not fits(at, form, bound):
            return show(request, at, form, status=422)
    if reached + 1 < len(STEPS):
        return show(request, reached + 1, make(reached + 1, request, bound=False))
    return finish(request, bound)


def make(at: int, request: HttpRequest, *, bound: bool = True) -> forms.Form:
    options = {"top": request.POST.get("region", "")[:12]} if STEPS[at] is FirstStationForm else {}
    if bound:
        return STEPS[at](request.POST, **options)
    return STEPS[at](initial={name: value for name, value in request.POST.items()}, **options)


def fits(at: int, form: forms.Form, bound: list[forms.Form]) -> bool:
    """What a step can only be told by the domain: the token, the place, three different people."""
    given = form.cleaned_data
    try:
        if at == 0:
            if not services.token_fits(given["token"]):
                form.add_error("token", "安装口令不对。请向安装人员索取，或运行 manage.py setup_token 查看。")
                return False
            services.check_place(given["region"])
        elif at == 1:
            services.check_administrators(people(given))
        else:
            services.check_station(bound[0].cleaned_data["region"], given["station_region"])
    except DomainError as error:
        put_errors(form, error)
    return not form.errors


def people(given: dict[str, str]) -> list[services.Administrator]:
    return [services.Administrator(code, given[f"{code}_username"], given[f"{code}_name"]) for code in ORDER]


def finish(request: HttpRequest, bound: list[forms.Form]) -> HttpResponse:
    """The slips are rendered by the POST itself: their codes stand nowhere else in the clear."""
    place, administrators, station = (form.cleaned_data for form in bound)
    try:
        slips = services.set_up(
            authority=place["authority"],
            region_code=place["region"],
            administrators=people(administrators),
            station_name=station["station_name"],
            station_region=station["station_region"],
        )
    except NotFound as error:
        return refuse(request, error)
    except DomainError as error:
        # What the earlier steps could not tell is about the station.
        names = {"name": "station_name", "region_code": "station_region"}
        error.fields = {names.get(name, name): says for name, says in error.fields.items()}
        put_errors(bound[2], error)
        return show(request, 2, bound[2], status=422)
    context = {"slips": slips, "printed_at": timezone.now(), "first_run": True}
    return render(request, "accounts/slips.html", context)


def show(request: HttpRequest, at: int, form: forms.Form, *, status: int = 200) -> HttpResponse:
    steps = [
        {"label": step.title, "state": "done" if place < at else "current" if place == at else "todo"}
        for place, step in enumerate(STEPS)
    ]
    skipped = {*form.fields, "csrfmiddlewaretoken", "step", "back"}
    kept = [(name, value) for name, value in request.POST.items() if name not in skipped]
    context = {
        "form": form, "steps": steps, "kept": kept, "step": at, "title": STEPS[at].title,
        "is_last": at + 1 == len(STEPS), "number": at + 1, "of": len(STEPS),
    }  # fmt: skip
    return render(request, "accounts/setup.html", context, status=status)


@only_first_run
def region_children(request: HttpRequest) -> JsonResponse:
    """As /regions/children/, for the wizard only: divisions are public, but nobody can sign in yet."""
    return options(regions.child_options(wizard(), request.GET.get("parent", "")[:12]))


@only_first_run
def region_path(request: HttpRequest) -> JsonResponse:
    return options(regions.path_to(wizard(), request.GET.get("code", "")[:12]))


@only_first_run
def region_search(request: HttpRequest) -> JsonResponse:
    top = request.GET.get("top", "")[:12]
    return options(regions.search_options(wizard(), request.GET.get("q", ""), top if top.isdecimal() else ""))


def options(found: list[regions.PlaceOption]) -> JsonResponse:
    return JsonResponse([asdict(option) for option in found], safe=False)


def wizard() -> Actor:
    return Actor.system("first-run wizard")
