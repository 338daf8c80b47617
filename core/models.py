"""The tables of the core's rooms, gathered for Django."""

from core.audit.models import AuditEvent, AuditPending, AuditSeal
from core.export.models import ExportRequest
from core.intake.models import ImportBatch, ImportedRow, ImportProblem
from core.jobs.models import DueRun, IdempotencyKey, Job, Notification, Outbox, StoredFile
from core.lists.models import Draft, ListPreference, SavedQuery, SearchTerm
from core.measures.models import MeasureRow, MeasureRun, RegionDelta, RegionSum
from core.rules.models import Rule

__all__ = [
    "AuditEvent",
    "AuditPending",
    "AuditSeal",
    "Draft",
    "DueRun",
    "ExportRequest",
    "IdempotencyKey",
    "ImportBatch",
    "ImportProblem",
    "ImportedRow",
    "Job",
    "ListPreference",
    "MeasureRow",
    "MeasureRun",
    "Notification",
    "Outbox",
    "RegionDelta",
    "RegionSum",
    "Rule",
    "SavedQuery",
    "SearchTerm",
    "StoredFile",
]
