"""Stations and workers behind row-level security; a station's place is a division that exists."""

from pathlib import Path

from django.db import migrations

from core.scoping.operations import SecureTable

SQL = Path(__file__).resolve().parent.parent / "sql"
REGION_KEY = """
ALTER TABLE stations_station ADD CONSTRAINT stations_station_region FOREIGN KEY (region_code)
    REFERENCES stations_region (code) ON UPDATE CASCADE;
"""
# An import stands at a station too; the core knows no stations, so its key is laid from here.
IMPORT_KEY = """
ALTER TABLE core_importbatch ADD CONSTRAINT core_importbatch_same_place FOREIGN KEY (station_id, region_code)
    REFERENCES stations_station (id, region_code) ON UPDATE CASCADE;
"""

# 三员分立 (standards §8.2): one person never holds two of the three at the same time, whoever writes the row.
ADMINISTRATORS_APART = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE stations_membership ADD CONSTRAINT membership_administrators_apart
    EXCLUDE USING gist (user_id WITH =, role WITH <>, daterange(valid_from, valid_to) WITH &&)
    WHERE (revoked_at IS NULL AND role IN ('admin_system', 'admin_security', 'admin_audit'));
"""
ADMINISTRATORS_TOGETHER = "ALTER TABLE stations_membership DROP CONSTRAINT membership_administrators_apart"


class Migration(migrations.Migration):
    dependencies = [("stations", "0001_field"), ("core", "0003_guards")]
    operations = [
        SecureTable("Station", is_parent=True),
        migrations.RunSQL(REGION_KEY, "ALTER TABLE stations_station DROP CONSTRAINT stations_station_region"),
        migrations.RunSQL(IMPORT_KEY, "ALTER TABLE core_importbatch DROP CONSTRAINT core_importbatch_same_place"),
        migrations.RunSQL(ADMINISTRATORS_APART, ADMINISTRATORS_TOGETHER),
        SecureTable("StationProfile", parent="station"),
        SecureTable("StationStatusChange", parent="station"),
        SecureTable("StationOperator", parent="station"),
        SecureTable("Worker", parent="station", is_parent=True),
        migrations.RunSQL((SQL / "0002_stations.up.sql").read_text(), (SQL / "0002_stations.down.sql").read_text()),
    ]
