"""The audit trail: `record` for acts (in their own transaction), `note` for looks (before the page leaves)."""

from core.audit.services import looking, note, record, subject_key, write_looks

__all__ = ["looking", "note", "record", "subject_key", "write_looks"]
