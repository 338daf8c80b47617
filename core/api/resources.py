"""One base for every REST resource: permission per action, reach, looks written down, repeats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import viewsets
from rest_framework.response import Response

from core.access import READING, enter
from core.errors import Invalid
from core.idempotency.services import Effect, once
from core.scoping import Actor


class Resource(viewsets.GenericViewSet):
    """`needs`: action → permission. A missing entry is a programming error that the architecture tests name."""

    needs: ClassVar[dict[str, str]] = {}
    queryset: Any = None
    lookup_value_converter = "uuid"

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """DRF's dispatch, with the handler run inside the actor's reach (`core.access.enter`)."""
        if request.method not in READING and not request.content_type.startswith("multipart/"):
            request.body  # noqa: B018 - kept by Django, so that the parser and the repeat check both can read it
        self.args, self.kwargs = args, kwargs
        self.request = request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(request, *args, **kwargs)
            handler = getattr(self, request.method.lower(), self.http_method_not_allowed)
            if handler == self.http_method_not_allowed or self.action is None:
                response = self.http_method_not_allowed(request, *args, **kwargs)
            else:
                response = enter(
                    request, self.actor, self.needs[self.action], lambda: handler(request, *args, **kwargs)
                )
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(request, response, *args, **kwargs)
        return self.response

    def only(self, *names: str) -> dict[str, str]:
        """The query's parameters by name, empty where not given. Raises Invalid for any other."""
        given = self.request._request.GET
        unknown = sorted(set(given) - set(names))
        if unknown:
            raise Invalid("unknown_parameter", f"没有参数“{unknown[0][:40]}”。", {unknown[0][:40]: ["不认识的参数"]})
        return {name: given.get(name, "").strip() for name in names}

    def valid(self, serializer: type, **extra: Any) -> dict[str, Any]:
        """The request's body, checked; unknown fields are refused by `StrictSerializer`."""
        checked = serializer(data=self.request.data, context={"actor": self.actor}, **extra)
        checked.is_valid(raise_exception=True)
        return checked.validated_data

    def write(self, effect: Callable[[], UUID | None], *, status: int, show: Callable[[UUID], Any]) -> Response:
        """Run one write (once, if the client gave an Idempotency-Key) and answer with the object as it stands now."""
        key = self.request.headers.get("Idempotency-Key", "")
        if key:
            route = f"{self.request.method} {self.request.path}"
            done, repeated = once(
                self.actor, key, route=route, body=self.request._request.body,
                write=lambda: Effect(status, effect()),
            )  # fmt: skip
        else:
            done, repeated = Effect(status, effect()), False
        body = show(done.object_id) if done.object_id else None
        headers = {"Idempotency-Replayed": "true"} if repeated else None
        return Response(body, status=done.status, headers=headers)
