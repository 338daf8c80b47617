"""The migration step that keeps the region-tree sums of one additive measure true, whoever writes and however."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation

# Statement triggers with transition tables: an import of 50,000 rows writes one delta a place and month, not 50,000.
FUNCTION = """
CREATE FUNCTION app.{name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO core_regiondelta (region_code, month, measure, amount)
    SELECT place, month, '{measure}', sum(amount) FROM ({parts}) changed
    WHERE month IS NOT NULL GROUP BY place, month HAVING sum(amount) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION app.{name}();
"""
PART = """SELECT {place} AS place, date_trunc('month', {when})::date AS month, {sign}({amount})::numeric AS amount
          FROM {rows} WHERE {condition}"""
EVENTS = {
    "insert": ("NEW TABLE AS now_rows", [("now_rows", "")]),
    "update": ("OLD TABLE AS then_rows NEW TABLE AS now_rows", [("then_rows", "-"), ("now_rows", "")]),
    "delete": ("OLD TABLE AS then_rows", [("then_rows", "-")]),
}


class TrackSums(Operation):
    """Write −old +new into the delta log on every insert, update (re-coding and merging included) and delete.

    `when` is the date column naming the month, `amount` the SQL of what one row adds, `condition` which rows count.
    """

    reversible = True

    def __init__(
        self,
        table: str,
        measure: str,
        *,
        when: str,
        amount: str = "1",
        condition: str = "TRUE",
        place: str = "region_code",
    ) -> None:
        self.table = table
        self.measure = measure
        self.when = when
        self.amount = amount
        self.condition = condition
        self.place = place

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing in Django's own state changes."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.statements():
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for event in EVENTS:
            schema_editor.execute(f"DROP TRIGGER {self._name(event)} ON {self.table}")
            schema_editor.execute(f"DROP FUNCTION app.{self._name(event)}()")

    def statements(self) -> list[str]:
        """What the step executes, one statement group for each event."""
        return [self._trigger(event) for event in EVENTS]

    def _trigger(self, event: str) -> str:
        tables, parts = EVENTS[event]
        selects = " UNION ALL ".join(
            PART.format(
                place=self.place, when=self.when, sign=sign, amount=self.amount, rows=rows, condition=self.condition
            )
            for rows, sign in parts
        )
        return FUNCTION.format(
            name=self._name(event),
            measure=self.measure,
            parts=selects,
            event=event.upper(),
            table=self.table,
            tables=tables,
        )

    def _name(self, event: str) -> str:
        return f"sums_{self.measure.replace('.', '_')}_{event}"

    def describe(self) -> str:
        return f"Keep region sums of {self.measure} on {self.table}"
