"""Put the published divisions into an empty territory; what stands there already is left as it is."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from stations.enums import LEVEL_OF_LENGTH
from stations.models import Region
from stations.territory.divisions import published_communities, published_regions

# The published edition's cut-off: since when its rows are known to hold.
EDITION = date(2023, 6, 30)
COLUMNS = "code, name, full_name, level, parent_id, pinyin, initials, is_pseudo, valid_from"
COPY = f"COPY stations_region ({COLUMNS}) FROM STDIN WITH (FORMAT csv, NULL '')"


class Command(BaseCommand):
    help = "Load the national tree of divisions (once)."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            known = set(Region.objects.values_list("code", flat=True))
            rows, count = self.rows(known)
            with connection.cursor() as cursor:
                cursor.copy_expert(COPY, rows)
        if count:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE stations_region")
        self.stdout.write(f"territory: {count:,} divisions added, {len(known):,} stood already")

    def rows(self, known: set[str]) -> tuple[io.StringIO, int]:
        """The missing divisions as CSV, parents first, each with its full name."""
        names: dict[str, str] = {"": ""}
        buffer, count = io.StringIO(), 0
        writer = csv.writer(buffer)
        for division in [*published_regions(), *published_communities()]:
            # A stand-in for a level the place doesn't have would say the parent's name twice.
            full = names[division.parent] + ("" if division.is_pseudo else division.name)
            names[division.code] = full
            if division.code in known:
                continue
            writer.writerow(
                [
                    division.code, division.name, full, LEVEL_OF_LENGTH[len(division.code)].value, division.parent,
                    division.pinyin, division.initials, division.is_pseudo, EDITION.isoformat(),
                ]
            )  # fmt: skip
            count += 1
        buffer.seek(0)
        return buffer, count
