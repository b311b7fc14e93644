"""Check an LA's submissions and account for every row: kept, quarantined or superseded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.intake.clean import conformed_sql, create_macros, key_sql
from pipeline.intake.manifest import Entry, load_manifest, quarantine, raw_path, save_manifest
from pipeline.standards.check import FAILURE_COLUMNS, CheckOutcome, check_submission
from pipeline.standards.load import Table, load_standards
from pipeline.warehouse import from_parquet, sql_name, workspace, write_parquet

# Nothing is wrong where nothing was sent.
HARMLESS = {"empty": "info", "no_rows": "info", "duplicate": "info", "hidden_sheet": "warn"}


@dataclass(frozen=True)
class Checked:
    """The outcome of checking one LA: its manifest, and what was checked in this run."""

    la_code: str
    entries: list[Entry]
    outcomes: list[tuple[Entry, CheckOutcome]]


def failures_path(la_zone: Path, submission_id: str, table_name: str) -> Path:
    return (
        la_zone / "failures" / f"submission_id={submission_id}" / f"{table_name or 'file'}.parquet"
    )


def row_status_path(la_zone: Path, table_name: str, period: str) -> Path:
    """Which rows of a table and period are kept, quarantined or superseded."""
    return la_zone / "row_status" / f"table={table_name}" / f"period={period}.parquet"


def create_conformed(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, entries: Iterable[Entry], relation: str
) -> Table:
    """Create `relation`: the conformed rows of accepted entries of one table and period."""
    entries = list(entries)
    table = load_standards()[entries[0].table_name]
    raw = from_parquet(raw_path(la_zone, e) for e in entries)
    stored = {c[0] for c in connection.execute(f"describe select * from {raw}").fetchall()}
    # What an older standard did not know was not kept then: it is blank.
    columns = ", ".join(
        sql_name(f.name) if f.name in stored else f"null::varchar as {sql_name(f.name)}"
        for f in table.fields
    )
    raw_rows = f"(select submission_id, file, sheet, row_number, {columns} from {raw})"
    connection.execute(
        f"create or replace temp table {relation} as "
        f"{conformed_sql(table, entries[0].year, raw_rows)}"
    )
    return table


def _file_failures(entry: Entry) -> list[dict]:
    """What the intake found: about the file as a whole, so without a row."""
    about = {
        "submission_id": entry.submission_id,
        "file": entry.path,
        "sheet": "",
        "row_number": None,
        "child": None,
        "field": "",
        "value": None,
        "table_name": entry.table_name,
    }
    found = []
    if entry.status != "accepted":
        found.append(
            about
            | {
                "check_id": f"file.{entry.reason_code}",
                "severity": HARMLESS.get(entry.reason_code, "stop"),
                "message": entry.reason,
                "how_to_fix": entry.how_to_fix,
            }
        )
    if entry.note:
        found.append(
            about
            | {
                "check_id": "file.note",
                "severity": "warn",
                "message": entry.note,
                "how_to_fix": "Check that this is what you meant; rename the file or its column.",
            }
        )
    return found


def _write_failures(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame, path: Path) -> None:
    types = {"row_number": "bigint"}
    casts = ", ".join(f"{c}::{types.get(c, 'varchar')} as {c}" for c in FAILURE_COLUMNS)
    connection.register("failures_found", frame)
    write_parquet(connection, f"select {casts} from failures_found", path)
    connection.unregister("failures_found")


def check_la(
    la_code: str,
    la_zone: Path,
    now: datetime | None = None,
    report: Callable[[Checked], None] | None = None,
) -> Checked:
    """Check what was not checked yet, then account for all rows of the LA.

    Writes failures and row statuses into the LA zone, has `report` tell who needs to know, and
    last of all writes the counts into the manifest: what breaks off before that is done again.
    """
    now = now or datetime.now(UTC).replace(tzinfo=None)
    entries = load_manifest(la_zone)
    outcomes: list[tuple[Entry, CheckOutcome]] = []
    with workspace() as connection:
        create_macros(connection)
        for entry in entries:
            path = failures_path(la_zone, entry.submission_id, entry.table_name)
            if entry.checked_by == entry.read_by and path.exists():
                continue
            frame = pd.DataFrame(_file_failures(entry), columns=list(FAILURE_COLUMNS))
            if entry.status == "accepted":
                table = create_conformed(connection, la_zone, [entry], "conformed")
                outcome = check_submission(
                    connection,
                    "conformed",
                    table,
                    entry.year,
                    frozenset(filter(None, entry.missing_columns.split(","))),
                    la_code,
                    entry.submission_id,
                    now.date(),
                )
                outcomes.append((entry, outcome))
                frame = pd.concat([frame, outcome.failures], ignore_index=True)
            _write_failures(connection, frame, path)
        entries = [replace(e, checked_by=e.read_by) for e in entries]
        entries = _account(connection, la_zone, entries)
    checked = Checked(la_code, entries, outcomes)
    if report:
        report(checked)
    save_manifest(la_zone, entries)
    return checked


def _account(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, entries: list[Entry]
) -> list[Entry]:
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.status == "accepted":
            groups.setdefault((entry.table_name, entry.period), []).append(entry)
    counted: dict[tuple[str, str], tuple[int, int, int]] = {}
    for (table_name, period), group in groups.items():
        status = row_status_path(la_zone, table_name, period)
        _write_row_status(connection, la_zone, group, status)
        rows = connection.execute(
            "select submission_id, count(*) filter (status = 'kept'), "
            "count(*) filter (status = 'quarantined'), count(*) filter (status = 'superseded') "
            f"from {from_parquet([status])} group by submission_id"
        ).fetchall()
        counted |= {(table_name, r[0]): r[1:] for r in rows}
    severities = _severities(connection, la_zone)
    return [_counted(e, counted, severities) for e in entries]


def _write_row_status(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, group: list[Entry], path: Path
) -> None:
    """The latest received row with the same key is kept; a row that is stopped replaces none."""
    table = create_conformed(connection, la_zone, group, "conformed")
    failures = from_parquet(failures_path(la_zone, e.submission_id, e.table_name) for e in group)
    order = pd.DataFrame(
        [(e.submission_id, n) for n, e in enumerate(group)], columns=["submission_id", "received"]
    )
    connection.register("receipt", order)
    write_parquet(
        connection,
        "with stopped as (select distinct submission_id, sheet, row_number "
        f"from {failures} where severity = 'stop' and row_number is not null), "
        "rows as (select conformed.submission_id, conformed.sheet, conformed.row_number, "
        f"receipt.received, {key_sql(table)} as key, "
        "stopped.submission_id is not null as is_stopped "
        "from conformed join receipt using (submission_id) "
        "left join stopped using (submission_id, sheet, row_number)) "
        "select submission_id, sheet, row_number, case when is_stopped then 'quarantined' "
        "when row_number() over (partition by is_stopped, key "
        "order by received desc, sheet desc, row_number desc) = 1 then 'kept' "
        "else 'superseded' end as status from rows",
        path,
    )
    connection.unregister("receipt")


def _severities(
    connection: duckdb.DuckDBPyConnection, la_zone: Path
) -> dict[tuple[str, str], dict[str, int]]:
    files = sorted(la_zone.glob("failures/*/*.parquet"))
    if not files:
        return {}
    found: dict[tuple[str, str], dict[str, int]] = {}
    for submission, table, severity, n in connection.execute(
        "select submission_id, coalesce(table_name, ''), severity, count(*) "
        f"from {from_parquet(files)} group by all"
    ).fetchall():
        found.setdefault((table, submission), {})[severity] = n
    return found


def _counted(
    entry: Entry,
    counted: dict[tuple[str, str], tuple[int, int, int]],
    severities: dict[tuple[str, str], dict[str, int]],
) -> Entry:
    by_severity = severities.get((entry.table_name, entry.submission_id), {})
    entry = replace(
        entry, **{f"{s}_count": by_severity.get(s, 0) for s in ("stop", "fix", "warn", "info")}
    )
    if entry.status != "accepted":
        return entry
    kept, quarantined, superseded = counted[(entry.table_name, entry.submission_id)]
    if quarantined == entry.rows_read:
        return quarantine(
            entry,
            "every_row_stopped",
            "Every row of the file had to be stopped.",
            "See the reasons of the rows; often a column was moved or left blank.",
        )
    return replace(entry, rows_kept=kept, rows_quarantined=quarantined, rows_superseded=superseded)
