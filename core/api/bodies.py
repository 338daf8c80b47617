"""JSON in and out: strict on the way in, orjson (or PostgreSQL's own text) on the way out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
from rest_framework import exceptions, parsers, renderers

MAX_BODY = 5 * 1024 * 1024


class StrictJSONParser(parsers.BaseParser):
    """JSON objects of at most 5 MiB; anything else is refused with `malformed_body`."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        raw = stream.read(MAX_BODY + 1)
        if len(raw) > MAX_BODY:
            raise exceptions.ParseError("body too large")
        try:
            body = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise exceptions.ParseError(str(error)) from error
        if not isinstance(body, dict | list):
            raise exceptions.ParseError("an object is expected")
        return body


def plain(value: Any) -> Any:
    """What orjson does not know by itself: Decimals travel as text, so that no cent is lost."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str):
        return str(value)
    raise TypeError(type(value))


class OrjsonRenderer(renderers.BaseRenderer):
    """Writes dictionaries with orjson; bytes are a body PostgreSQL or a list has made already."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        return data if isinstance(data, bytes) else orjson.dumps(data, default=plain)
