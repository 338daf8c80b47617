"""The schema `app`: what reach is, said once, before any table needs it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []
    operations = [
        migrations.RunSQL((SQL / "0001_scope.up.sql").read_text(), (SQL / "0001_scope.down.sql").read_text()),
    ]
