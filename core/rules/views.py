"""规则: what is in force, since when and why; entering a new value."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.access import access
from core.errors import DomainError, NotFound
from core.rules import queries, services
from core.rules.forms import NewValue
from core.rules.known import rules

READ, MANAGE = "rule.read", "rule.manage"


@access(READ)
def rule_list(request: Any) -> HttpResponse:
    return render(request, "rules/rules.html", {"lines": queries.rule_lines(request.actor)})


@access(READ)
def rule(request: Any, code: str) -> HttpResponse:
    return _page(request, code, NewValue() if request.actor.may(MANAGE) else None)


@access(MANAGE, methods=("POST",))
def rule_set(request: Any, code: str) -> HttpResponse:
    form = NewValue(request.POST)
    if form.is_valid():
        try:
            services.set_rule(request.actor, code=code, **form.cleaned_data)
        except NotFound:
            raise
        except DomainError as error:
            for field, said in (error.fields or {None: [error.message]}).items():
                form.add_error(field, said)
        else:
            messages.success(request, "新取值已登记；以前的取值照旧保留。")
            return redirect("core:rule", code=code)
    return _page(request, code, form, status=422)


def _page(request: Any, code: str, form: NewValue | None, status: int = 200) -> HttpResponse:
    known = rules.get(code)
    if known is None:
        raise NotFound()
    context = {"known": known, "rows": queries.history(request.actor, code), "form": form}
    return render(request, "rules/rule.html", context, status=status)
