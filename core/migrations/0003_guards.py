"""What must never happen in the core's tables."""

from pathlib import Path

from django.db import migrations

from core.scoping.operations import AppendOnly, PartitionByMonth, SecureTable

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_rooms")]
    operations = [
        PartitionByMonth("core_auditevent", "at"),
        PartitionByMonth("core_measurerow", "period_start"),
        migrations.RunSQL((SQL / "0003_audit.up.sql").read_text(), (SQL / "0003_audit.down.sql").read_text()),
        AppendOnly("core_auditevent"),
        AppendOnly("core_auditseal"),
        migrations.RunSQL((SQL / "0003_measures.up.sql").read_text(), (SQL / "0003_measures.down.sql").read_text()),
        SecureTable("ImportBatch", is_parent=True),
        SecureTable("ImportProblem", parent="batch"),
        SecureTable("ImportedRow", parent="batch"),
    ]
