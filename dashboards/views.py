"""工作台: the first page of each role, made of the same parts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.roles import Perm
from core import frame
from core.access import access
from core.web import notices
from dashboards import queries

WEEKDAYS = "一二三四五六日"


@access(Perm.HOME)
def home(request: Any) -> HttpResponse:
    actor = request.actor
    waiting = frame.waiting(actor)
    figures = queries.figures(actor)
    today = timezone.localdate()
    return render(
        request,
        "dashboards/home.html",
        {
            "today": f"{today.isoformat()} 星期{WEEKDAYS[today.weekday()]}",
            "next": queries.next_todo(waiting),
            "waiting": waiting,
            "kpis": [figure.kpi for figure in figures],
            "first_step": queries.first_step(actor, figures),
            "panels": queries.panels(actor),
            "jobs": queries.recent_jobs(actor),
            "notices": notices.mine(actor)[:5],
            "often": queries.often(actor),
        },
    )
