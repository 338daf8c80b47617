"""Every own route as the resolver knows it: a new route is in the matrix by itself, or fails it by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
# No object of ours stands behind these.
OUTSIDE = {"api_schema", "api_docs"}
# The longest prefix of "namespace:name" that fits says what `pk`/`id` is.
BY_PREFIX = {
    "accounts:session": "session",
    "stations:organisation": "organisation", "stations:station": "station", "stations:worker": "worker",
    "stations:account": "account", "stations:membership_new": "account", "stations:membership_end": "membership",
    "cases:": "client",
    "core:job": "job", "core:export_decide": "export", "core:queue": "outbox",
    "job-": "job", "organisation-": "organisation", "station-": "station", "worker-": "worker", "client-": "client",
}  # fmt: skip
BY_PARAMETER = {"consent": "consent", "consent_id": "consent"}
REGION_ROUTES = ("stations:region", "region-")
# Parameters that name no object: what stands there in every attempt.
FIXED = {"field": "phone", "version": "1", "form_key": "cases.client_new"}


class UnknownKind(LookupError):
    """A route has a parameter nobody said the kind of."""


@dataclass(frozen=True)
class Route:
    """One route and method: `needs` None is public, "" any sign-in, else a permission."""

    name: str
    pattern: str
    method: str
    needs: str | None
    kinds: tuple[tuple[str, str], ...]

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    def path(self, ids: dict[str, str]) -> str:
        """The address with the object ids of each kind, fixed words elsewhere."""
        kinds = dict(self.kinds)
        return "/" + PARAMETER.sub(lambda m: ids[kinds[m[2]]] if m[2] in kinds else FIXED[m[2]], self.pattern)


def kind_of(name: str, parameter: str) -> str | None:
    """The kind of object a parameter names; None for a fixed word. Raises UnknownKind."""
    if parameter in FIXED:
        return None
    if parameter in BY_PARAMETER:
        return BY_PARAMETER[parameter]
    if parameter == "code":
        if name.startswith(REGION_ROUTES):
            return "region"
        if name.startswith(("core:rule", "rule-")):
            return "rule"
        if name.startswith("measure-"):
            return "measure"
    fits = [prefix for prefix in BY_PREFIX if name.startswith(prefix)]
    if parameter in ("pk", "id") and fits:
        return BY_PREFIX[max(fits, key=len)]
    raise UnknownKind(f"{name}: which kind of object is <{parameter}>? Say it in tests/matrix/routes.py")


def every_route() -> list[Route]:
    return [
        route for pattern, name, view in _walk(get_resolver().url_patterns) for route in _routes(pattern, name, view)
    ]


def _walk(patterns: Any, before: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    for one in patterns:
        if hasattr(one, "url_patterns"):
            if getattr(one, "namespace", None) != "admin":
                yield from _walk(
                    one.url_patterns, before + str(one.pattern), f"{one.namespace}:" if one.namespace else space
                )
        else:
            yield before + str(one.pattern), f"{space}{one.name}", one.callback


def _routes(pattern: str, name: str, view: Any) -> Iterator[Route]:
    if name in OUTSIDE:
        return
    kinds = tuple((p, kind) for _, p in PARAMETER.findall(pattern) if (kind := kind_of(name, p)))
    if actions := getattr(view, "actions", None):
        # DRF adds "head" to a view's actions at its first request: the matrix must not grow by being run.
        for method, action in ((m, a) for m, a in actions.items() if m != "head"):
            yield Route(name, pattern, method.upper(), str(view.cls.needs[action]), kinds)
        return
    if not hasattr(view, "access"):
        raise UnknownKind(f"{name}: the view says neither @access nor @public")
    needs = None if view.access is None else str(view.access)
    for method in getattr(view, "methods", ("GET",)):
        if method != "HEAD":
            yield Route(name, pattern, method, needs, kinds)
