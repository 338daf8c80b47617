"""All measures of a subject as one INSERT … SELECT: each source table is read once, with FILTER aggregates."""

from __future__ import annotations

from collections.abc import Sequence

from core.measures.known import Measure, Subject

INSERT = """
INSERT INTO core_measurerow (run_id, period_start, subject_id, region_code, values)
SELECT %(run)s::uuid, %(start)s::date, subject.{id}, subject.{place}, ARRAY[{values}]::numeric(20,4)[]
FROM {table} subject
{joins}
WHERE app.lo() <= subject.{place} AND subject.{place} < app.hi()
"""
JOIN = "LEFT JOIN ({select}) {alias} ON {alias}.subject = subject.{id}"


def source_select(measures: Sequence[Measure]) -> str:
    """One SELECT over the one table these measures share: a row a subject, a column (m0, m1, …) a measure."""
    table, column = measures[0].table, measures[0].subject
    if any((m.table, m.subject) != (table, column) for m in measures):
        raise ValueError("measures of one SELECT share table and subject")
    columns = ",\n    ".join(
        f"{measure.expression} FILTER (WHERE {measure.filter}) AS m{place}" for place, measure in enumerate(measures)
    )
    return f"SELECT {column} AS subject,\n    {columns}\nFROM {table} WHERE {column} IS NOT NULL GROUP BY {column}"


def compute_statement(subject: Subject, measures: Sequence[Measure]) -> str:
    """The statement that computes one run; parameters run, start, end. Every subject gets a row; nothing is 0."""
    groups: dict[tuple[str, str], list[Measure]] = {}
    for measure in measures:
        groups.setdefault((measure.table, measure.subject), []).append(measure)
    joins: list[str] = []
    column_of: dict[str, str] = {}
    for number, group in enumerate(groups.values()):
        alias = f"t{number}"
        joins.append(JOIN.format(select=source_select(group), alias=alias, id=subject.id_column))
        column_of |= {measure.code: f"{alias}.m{place}" for place, measure in enumerate(group)}
    values = ", ".join(f"coalesce({column_of[measure.code]}, 0)" for measure in measures)
    return INSERT.format(
        id=subject.id_column, place=subject.place, table=subject.table, values=values, joins="\n".join(joins)
    )
