"""下载中心: one's own jobs, how far they are, what they made."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from core.access import access
from core.errors import Refused
from core.jobs import queries, services
from core.jobs.models import Job, JobState, StoredFile
from core.jobs.outbox import take_up_parked

HOME, SECURITY = "home", "security.manage"
SHOWN = 100
# The job component's words for a state.
STATES = {JobState.QUEUED: "waiting"}


@access(HOME)
def downloads(request: Any) -> HttpResponse:
    jobs = [drawn(job) for job in queries.own_jobs(request.actor)[:SHOWN]]
    is_open = any(job["state"] in ("waiting", "running") for job in jobs)
    template = "jobs/_downloads.html" if request.htmx else "jobs/downloads.html"
    return render(request, template, {"jobs": jobs, "is_open": is_open, "keep_days": services.KEEP_DAYS})


@access(HOME)
def job(request: Any, pk: UUID) -> HttpResponse:
    found = queries.own_job(request.actor, pk)
    template = "components/job.html" if request.htmx else "jobs/job.html"
    return render(request, template, {"job": drawn(found)})


@access(HOME, methods=("POST",))
def job_cancel(request: Any, pk: UUID) -> HttpResponse:
    try:
        found = services.cancel_job(request.actor, job_id=pk)
    except Refused as error:
        if not request.htmx:
            messages.error(request, error.message)
        found = queries.own_job(request.actor, pk)
    if request.htmx:
        return render(request, "components/job.html", {"job": drawn(found)})
    return redirect("core:downloads")


@access(HOME)
def job_file(request: Any, pk: UUID) -> StreamingHttpResponse:
    return download(services.open_result(request.actor, pk))


@access(SECURITY)
def queue(request: Any) -> HttpResponse:
    return render(request, "jobs/queue.html", {"health": queries.queue_health()})


@access(SECURITY, methods=("POST",))
def queue_retry(request: Any, pk: int) -> HttpResponse:
    take_up_parked(pk)
    messages.success(request, "已重新排队。")
    return redirect("core:queue")


def download(file: services.OpenFile) -> StreamingHttpResponse:
    """Clear bytes as an attachment: never shown inside our origin, never kept by a cache."""
    response = StreamingHttpResponse(file.chunks, content_type=file.content_type or "application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename=\"download\"; filename*=UTF-8''{quote(file.name, safe='')}"
    response["Content-Length"] = str(file.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def drawn(job: Job) -> dict[str, Any]:
    """A job as components/job.html and the list of downloads draw it."""
    own = {"pk": job.pk}
    file = job.result if job.result_id and job.result and not job.result.gone_at else None
    return {
        "pk": job.pk,
        "title": job.title,
        "state": STATES.get(job.state, job.state),
        "done": job.done,
        "total": job.total,
        "percent": 100 if job.state == JobState.DONE else job.percent,
        "message": "正在取消…" if job.cancel_asked_at and not job.is_ended else job.message,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "url": reverse("core:job", kwargs=own),
        "poll_url": reverse("core:job", kwargs=own),
        "cancel_url": "" if job.cancel_asked_at else reverse("core:job_cancel", kwargs=own),
        "file": file,
        "is_gone": bool(job.result_id and not file),
        "result": _result(job, file),
    }


def _result(job: Job, file: StoredFile | None) -> dict[str, str] | None:
    if file is None or job.state != JobState.DONE:
        return None
    return {"label": f"下载 {file.name}", "url": reverse("core:job_file", kwargs={"pk": job.pk})}
