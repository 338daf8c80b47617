"""The migration step that locks a scoped table: row-level security, rights, and the key that holds its place."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation

POLICIES = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY by_range ON {table} TO reach_range
    USING (region_code >= app.lo() AND region_code < app.hi());
CREATE POLICY by_list ON {table} TO reach_list
    USING ({station} = ANY(app.stations()));
CREATE POLICY owner_must_say ON {table} TO CURRENT_USER USING (app.unscoped() IS NULL);
REVOKE ALL ON {table} FROM qianshou_web, qianshou_job;
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO reach_range, reach_list;
GRANT SELECT ON {table} TO guard, qianshou_backup;
"""
UNLOCK = """
DROP POLICY by_range ON {table};
DROP POLICY by_list ON {table};
DROP POLICY owner_must_say ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
# Row and parent stand at the same place, always. A parent out of reach and a parent that does not exist fail alike, so
# the key is no oracle either (ADR 0003).
SAME_PLACE = """
ALTER TABLE {table} ADD CONSTRAINT {table}_same_place FOREIGN KEY ({columns})
    REFERENCES {parent} ({parent_columns}) ON UPDATE CASCADE;
"""
PLACE_KEY = "ALTER TABLE {table} ADD CONSTRAINT {table}_place_key UNIQUE ({columns});"


class SecureTable(Operation):
    """Lock the table of one scoped model. `is_parent`: others hang on it, so its place is a key to refer to."""

    reversible = True

    def __init__(self, model: str, *, parent: str = "", is_parent: bool = False) -> None:
        self.model = model
        self.parent = parent
        self.is_parent = is_parent

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing in Django's own state changes."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model)
        schema_editor.execute(POLICIES.format(table=model._meta.db_table, station=station_column(model)))
        if self.is_parent:
            columns = ", ".join(place_columns(model))
            schema_editor.execute(PLACE_KEY.format(table=model._meta.db_table, columns=columns))
        if self.parent:
            schema_editor.execute(self._same_place(model))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.model)
        table = model._meta.db_table
        schema_editor.execute(UNLOCK.format(table=table))
        for name in (f"{table}_same_place", f"{table}_place_key"):
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE")

    def _same_place(self, model: type[models.Model]) -> str:
        path: Any = model._meta.get_field(self.parent)
        parent: Any = path.related_model
        parent_columns = place_columns(parent)
        own = [path.column, *parent_columns[1:]]
        return SAME_PLACE.format(
            table=model._meta.db_table,
            columns=", ".join(own),
            parent=parent._meta.db_table,
            parent_columns=", ".join(parent_columns),
        )

    def describe(self) -> str:
        return f"Lock {self.model} behind row-level security"


def station_column(model: type[models.Model]) -> str:
    """A station is its own place; every other row names it."""
    return "station_id" if any(f.column == "station_id" for f in model._meta.concrete_fields) else "id"


def place_columns(model: type[models.Model]) -> list[str]:
    """The columns that together say which row this is and where it stands."""
    station = station_column(model)
    return ["id", *(["station_id"] if station == "station_id" else []), "region_code"]


class AppendOnly(Operation):
    """Rows of this table are written once: update, delete and truncate raise, for the owner too."""

    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing in Django's own state changes."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"""
            CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {self.table}
                FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
            CREATE TRIGGER append_only_all BEFORE TRUNCATE ON {self.table}
                FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
            REVOKE UPDATE, DELETE, TRUNCATE ON {self.table} FROM qianshou_web, qianshou_job, reach_range, reach_list;
        """)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"DROP TRIGGER append_only_rows ON {self.table}")
        schema_editor.execute(f"DROP TRIGGER append_only_all ON {self.table}")

    def describe(self) -> str:
        return f"Make {self.table} append-only"


class PartitionByMonth(Operation):
    """Turn a table just created into one partitioned by month of `column`; `app.ensure_partitions` makes the months."""

    reversible = True

    def __init__(self, table: str, column: str) -> None:
        self.table = table
        self.column = column

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing in Django's own state changes."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"""
            ALTER TABLE {self.table} RENAME TO {self.table}_plain;
            CREATE TABLE {self.table} (LIKE {self.table}_plain INCLUDING ALL) PARTITION BY RANGE ({self.column});
            DROP TABLE {self.table}_plain;
            CREATE TABLE {self.table}_other PARTITION OF {self.table} DEFAULT;
            REVOKE ALL ON {self.table}_other FROM qianshou_web, qianshou_job, reach_range, reach_list;
            SELECT app.ensure_partitions('{self.table}', 3);
        """)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Dropping the model drops its partitions."""

    def describe(self) -> str:
        return f"Partition {self.table} by month of {self.column}"
