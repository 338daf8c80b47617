"""Pages of the frame itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from core import frame
from core.access import access
from core.export import queries as exports
from core.export.models import ExportRequest
from core.export.services import decide_export
from core.jobs.services import mark_read
from core.lists.spec import specs
from core.web import drafts, notices
from core.web.finding import find

HOME = "home"
SUGGESTIONS, HITS = 5, 20
WRITING = ("POST",)


@access(HOME, methods=("GET", "HEAD", "POST"))
def search(request: Any) -> HttpResponse:
    """Terms are posted, because they may be somebody's name: they stand in no URL, no history and no log."""
    text = request.POST.get("q", "")
    return render(request, "core/search.html", {"text": text, "hits": find(request.actor, text, limit=HITS)})


@access(HOME, methods=WRITING)
def suggest(request: Any) -> HttpResponse:
    text = request.POST.get("q", "").strip()
    hits = find(request.actor, text, limit=SUGGESTIONS) if text else []
    return render(request, "core/suggest.html", {"text": text, "hits": hits})


@access(HOME)
def todo(request: Any) -> HttpResponse:
    return render(request, "core/todo.html", {"waiting": frame.waiting(request.actor)})


@access(HOME)
def notifications(request: Any) -> HttpResponse:
    return render(request, "core/notifications.html", {"notices": notices.mine(request.actor)})


@access(HOME, methods=WRITING)
def notifications_read(request: Any) -> HttpResponse:
    mark_read(request.actor)
    return redirect("core:notifications")


@access(HOME, methods=WRITING)
def draft(request: Any, form_key: str) -> HttpResponse:
    data = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "submit_token"):
        data.pop(name, None)
    drafts.keep_draft(request.actor, form_key, data)
    return stay_until(HttpResponse(status=204))


@access(HOME, methods=WRITING)
def draft_discard(request: Any, form_key: str) -> HttpResponse:
    drafts.discard_draft(request.actor, form_key)
    return HttpResponseRedirect(safe_next(request))


@access(HOME, methods=WRITING)
def stay(request: Any) -> HttpResponse:
    """继续使用: any request prolongs the session; this one does nothing else."""
    return stay_until(HttpResponse(status=204))


def stay_until(response: HttpResponse) -> HttpResponse:
    response["X-Session-Expires"] = (timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)).isoformat()
    return response


def safe_next(request: HttpRequest) -> str:
    given = request.GET.get("next", "/")
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else "/"


@access(HOME)
def help_page(request: Any) -> HttpResponse:
    return render(request, "core/help.html")


@access(HOME)
def export_requests(request: Any) -> HttpResponse:
    actor = request.actor
    to_decide = [(row, column_labels(row)) for row in exports.requests_to_decide(actor)[:100]]
    context = {
        "to_decide": to_decide,
        "may_decide": actor.may(exports.APPROVE),
        "mine": exports.my_requests(actor)[:50],
    }
    return render(request, "core/exports.html", context)


def column_labels(row: ExportRequest) -> list[str]:
    """The columns asked for, in words; a key whose column is gone stays a key."""
    spec = specs.get(row.list_key)
    labels = {column.key: column.label for column in spec.columns} if spec else {}
    return [labels.get(key, key) for key in row.columns]


@access(exports.APPROVE, methods=WRITING)
def export_decide(request: Any, pk: UUID) -> HttpResponse:
    version = request.POST.get("version", "")
    row = decide_export(
        request.actor,
        request=pk,
        approve=request.POST.get("decision") == "approve",
        seen_version=int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else 0,
        note=request.POST.get("reason", ""),
    )
    messages.success(request, f"“{row.title}”：{row.get_state_display()}。")
    return redirect("core:exports")
