"""The check frame: what Great Expectations looks at, computed by DuckDB from conformed rows.

One row per row of the submission, in the order of the row key; columns
- `<field>`: the canonical text, or the cleaned text behind UNREADABLE where it could not be read;
- `<field>__value`: the typed value of whole numbers, money and dates;
- `<check id>`: for each rule in SQL, false where it is broken, else true.
"""

from collections.abc import Iterator

import duckdb
import pandas as pd

from pipeline.sharing.allow_list import SQL_TYPES
from pipeline.standards.load import Field, StandardFault, Table
from pipeline.standards.rules import MEASURED, READABLE_AS, UNREADABLE, Check, standard_file
from pipeline.warehouse import sql_name, sql_text

KEYED = "check_rows"
FRAME = "check_frame"
ROWS_AT_ONCE = 200_000


def key_rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Copy a conformed relation to the temporary table KEYED; gives the number of rows.

    `row_key` counts from 0 over the whole submission, because a row number may come once per sheet.
    """
    connection.execute(
        f"create or replace temp table {KEYED} as select "
        "row_number() over (order by file, sheet nulls first, row_number) - 1 as row_key, * "
        f"from {relation}"
    )
    return connection.execute(f"select count(*) from {KEYED}").fetchall()[0][0]


def _canonical(field: Field) -> str:
    name, text = sql_name(field.name), sql_name(f"{field.name}__text")
    if field.type not in READABLE_AS and not field.options and not field.codes:
        return text
    typed = f"if({name}, 'Yes', 'No')" if field.type == "boolean" else f"{name}::varchar"
    absent = f"when upper({text}) in ('NA', 'N/A') then 'NA' " if field.type == "integer" else ""
    unreadable = sql_text(UNREADABLE)
    return (
        f"case when {text} is null then null when {name} is not null then {typed} {absent}"
        f"else {unreadable} || {text} end"
    )


def _fine(check: Check) -> str:
    return f"coalesce(not ({check.fails_when}), true)"


def check_frame_sql(
    table: Table,
    rules: list[Check],
    missing_columns: frozenset[str] = frozenset(),
    relation: str = KEYED,
) -> str:
    """The SELECT of a table's check frame: row key, fields, a column for each rule in SQL.

    Columns that are absent from the file are absent from the frame.
    """
    columns = []
    for field in table.fields:
        if field.name in missing_columns:
            continue
        columns.append(f"{_canonical(field)} as {sql_name(field.name)}")
        if field.type in MEASURED:
            columns.append(f"{sql_name(field.name)} as {sql_name(field.name + '__value')}")
    columns += [f"{_fine(rule)} as {sql_name(rule.id)}" for rule in rules]
    return f"select {', '.join(['row_key', *columns])} from {relation} order by row_key"


def require_sound_rules(
    connection: duckdb.DuckDBPyConnection, table: Table, rules: list[Check]
) -> None:
    """Raise StandardFault if the SQL of a rule cannot be bound to the table's conformed columns."""
    columns = ", ".join(
        f"null::varchar as {sql_name(f.name + '__text')}, "
        f"null::{SQL_TYPES.get(f.type, 'varchar')} as {sql_name(f.name)}"
        for f in table.fields
    )
    for rule in rules:
        try:
            connection.execute(f"select {_fine(rule)}::boolean from (select {columns}) where false")
        except duckdb.Error as error:
            raise StandardFault(
                f"{standard_file(table)}, table {table.name}, check {rule.id}: "
                f"{str(error).splitlines()[0]}"
            ) from error


def _runs(connection: duckdb.DuckDBPyConnection, rule: Check) -> bool:
    try:
        # Every row is computed; a rule may look at the other rows, so it stands in the select.
        connection.execute(
            f"select count(*) filter (not fine) from (select {_fine(rule)} as fine from {KEYED})"
        )
    except duckdb.Error:
        return False
    return True


def check_frames(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    rules: list[Check],
    missing_columns: frozenset[str],
) -> Iterator[tuple[int, pd.DataFrame]]:
    """The check frame of the rows in KEYED in parts: the row key of its first row, and the part.

    The rules look at all rows; a part of them at a time is handed on, so that memory stays bounded.

    A sound rule may still stumble over a value (a cast, an overflow). It gets no column then, so
    that its expectation ends as an error, and what DuckDB said, which names the value, is dropped.
    """
    try:
        _keep_frame(connection, table, rules, missing_columns)
    except duckdb.Error:
        running = [rule for rule in rules if _runs(connection, rule)]
        _keep_frame(connection, table, running, missing_columns)
    try:
        rows = connection.execute(f"select count(*) from {FRAME}").fetchall()[0][0]
        for first in range(0, rows, ROWS_AT_ONCE):
            part = connection.execute(
                f"select * exclude (row_key) from {FRAME} "
                f"where row_key >= {first} and row_key < {first + ROWS_AT_ONCE} order by row_key"
            )
            yield first, part.df()
    finally:
        connection.execute(f"drop table if exists {FRAME}")


def _keep_frame(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    rules: list[Check],
    missing_columns: frozenset[str],
) -> None:
    frame = check_frame_sql(table, rules, missing_columns)
    connection.execute(f"create or replace temp table {FRAME} as {frame}")
