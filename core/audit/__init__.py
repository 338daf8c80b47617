"""The audit trail: `record` for acts (in the act's own transaction), `note` for looks (written before the page leaves)."""

from core.audit.services import looking, note, record, subject_key, write_looks

__all__ = ["looking", "note", "record", "subject_key", "write_looks"]
