"""A write that a client may repeat: same key and body → the same answer, other body → refused."""

from core.idempotency.services import once

__all__ = ["once"]
