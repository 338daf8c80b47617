"""Clients and their dossiers behind row-level security, and what must never happen there."""

from pathlib import Path

from django.db import migrations

from core.measures.operations import TrackSums
from core.scoping.operations import SecureTable

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_clients"), ("stations", "0002_guards")]
    operations = [
        SecureTable("NumberSeries", parent="station"),
        SecureTable("Household", parent="station", is_parent=True),
        SecureTable("Client", parent="station", is_parent=True),
        SecureTable("ClientCategory", parent="client"),
        SecureTable("ClientHistory", parent="client"),
        SecureTable("Consent", parent="client"),
        TrackSums("cases_client", "clients.registered", when="registered_on"),
        migrations.RunSQL((SQL / "0002_children.up.sql").read_text(), (SQL / "0002_children.down.sql").read_text()),
    ]
