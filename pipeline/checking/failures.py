"""What was found in the files that were checked, as one table: `failures.csv`."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import pandas as pd

from pipeline.intake.manifest import Entry
from pipeline.reports.csv_file import inert
from pipeline.standards.load import Table
from pipeline.standards.ssda903.found import FOUND
from pipeline.standards.ssda903.rule import Rule
from pipeline.standards.ssda903.tables import DERIVED
from pipeline.warehouse import sql_name

COLUMNS = ("code", "table", "row", "child", "fields", "message", "how_to_fix")
TOLD = "told"  # COLUMNS and severity
_TYPES = {c: "bigint" if c == "row" else "varchar" for c in (*COLUMNS, "severity")}


@dataclass(frozen=True)
class Counted:
    """How often something was found; it holds no value of a file."""

    code: str
    severity: str
    count: int
    message: str

    @property
    def must_be_mended(self) -> bool:
        return self.severity in ("stop", "fix")


def open_told(connection: duckdb.DuckDBPyConnection) -> None:
    """Make TOLD, empty."""
    columns = ", ".join(f"{sql_name(c)} {t}" for c, t in _TYPES.items())
    connection.execute(f"create or replace temp table {TOLD} ({columns})")


def _add(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> None:
    connection.register("more", frame)
    columns = ", ".join(f"{sql_name(c)}::{t}" for c, t in _TYPES.items())
    connection.execute(f"insert into {TOLD} select {columns} from more")
    connection.unregister("more")


def _about_file(entry: Entry, **said: str) -> dict:
    """A line about a whole file: without a row, its message begins with the file."""
    return dict.fromkeys(_TYPES) | said | {"message": f"{entry.file}: {said['message']}"}


def add_file(connection: duckdb.DuckDBPyConnection, entry: Entry, table: Table | None) -> None:
    """Add why a file, or a table of it, was not taken, and which columns of it are missing."""
    lines = []
    of_table = table.header_name if table else ""
    if entry.status != "accepted":
        lines.append(
            _about_file(
                entry,
                code=f"file.{entry.reason_code}",
                severity=entry.severity,
                table=of_table,
                message=entry.reason,
                how_to_fix=entry.how_to_fix,
            )
        )
    elif table and table.dataset == "ssda903":
        worked_out = DERIVED.get(table.name, {})  # which CSV files do not have
        for name in filter(None, entry.missing_columns.split(",")):
            if name in worked_out:
                continue
            field = table.field(name)
            lines.append(
                _about_file(
                    entry,
                    code=f"{table.name}.{name}.column",
                    severity=field.missing_severity if field.required == "always" else "warn",
                    table=of_table,
                    fields=field.header,
                    message=f'The column "{field.header}" is not in the file; it counts as blank.',
                    how_to_fix=f'Add a column headed "{field.header}", blank where there is '
                    "nothing to say.",
                )
            )
    if lines:
        _add(connection, pd.DataFrame(lines))


def add_rules(connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> None:
    """Add the rows that fail DfE's rules; `keep_found` must have run."""
    told = [(r.code, r.severity, ", ".join(r.fields), r.message, r.how_to_fix) for r in rules]
    frame = pd.DataFrame(told, columns=["code", "severity", "fields", "message", "how_to_fix"])
    connection.register("rules", frame)
    connection.execute(
        f'insert into {TOLD} by name select code, table_name as "table", data_row as "row", '
        f"child, fields, message, how_to_fix, severity from {FOUND} join rules using (code)"
    )
    connection.unregister("rules")


def add_checks(
    connection: duckdb.DuckDBPyConnection, table: Table, failures: pd.DataFrame, relation: str
) -> None:
    """Add what the placement standard's checks found in one file.

    `relation` is what was checked; its rows are numbered from 0 in the order of the file.
    """
    connection.register("failures", failures)
    connection.execute(
        f"insert into {TOLD} by name select failures.check_id as code, "
        f'? as "table", numbered.data_row as "row", failures.child, failures.field as fields, '
        "case when failures.row_number is null then failures.file || ': ' else '' end || message "
        "as message, failures.how_to_fix, failures.severity from failures left join "
        "(select sheet, row_number, row_number() over "
        "(order by file, sheet nulls first, row_number) - 1 as data_row "
        f"from {relation}) as numbered on numbered.sheet is not distinct from failures.sheet "
        "and numbered.row_number = failures.row_number",
        [table.name],
    )
    connection.unregister("failures")


def failures_sql() -> str:
    """COLUMNS of all that was found: whole files first, then by table, row and code."""
    columns = ", ".join(
        f"{inert(c)} as {c}" if c in ("child", "message") else sql_name(c) for c in COLUMNS
    )
    return (
        f'select {columns} from {TOLD} order by "row" is not null, "table" nulls first, "row", '
        "code, message"
    )


def counted(connection: duckdb.DuckDBPyConnection) -> list[Counted]:
    """How often each thing was found, the gravest and the most frequent first."""
    rows = connection.execute(
        f"select code, severity, count(*) as n, message from {TOLD} "
        "group by code, severity, message order by "
        "list_position(['stop', 'fix', 'warn', 'info'], severity), n desc, code, message"
    ).fetchall()
    return [Counted(*row) for row in rows]
