"""What stands around every page: the menu of this role, what waits, who one is acting as."""

from __future__ import annotations

from typing import Any


def context(request: Any) -> dict[str, Any]:
    return {"actor": getattr(request, "actor", None)}
