"""What the hub may know of submissions, checks and alarms: counts, no file name, no value."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.alarms import Alarm
from pipeline.intake.manifest import Entry
from pipeline.standards.check import CheckResult
from pipeline.warehouse import from_parquet, workspace, write_parquet

SUBMISSION = {
    "la_code": "varchar",
    "submission_id": "varchar",
    "dataset": "varchar",
    "table_name": "varchar",
    "standard_version": "varchar",
    "period": "varchar",
    "received_at": "timestamp",
    "rows_read": "bigint",
    "rows_kept": "bigint",
    "rows_quarantined": "bigint",
    "rows_superseded": "bigint",
    "status": "varchar",
    "reason_code": "varchar",
    "stop_count": "bigint",
    "fix_count": "bigint",
    "warn_count": "bigint",
    "info_count": "bigint",
}

CHECK_RESULT = {
    "la_code": "varchar",
    "submission_id": "varchar",
    "table_name": "varchar",
    "check_id": "varchar",
    "severity": "varchar",
    "field": "varchar",
    "message": "varchar",
    "rows_tested": "bigint",
    "rows_failed": "bigint",
    "outcome": "varchar",
    "checked_at": "timestamp",
}

ALARM = {
    "la_code": "varchar",
    "kind": "varchar",
    "dataset": "varchar",
    "table_name": "varchar",
    "period": "varchar",
    "message": "varchar",
    "how_to_fix": "varchar",
    "rows": "bigint",
    "rows_before": "bigint",
}


def submission_file(hub: Path, la_code: str) -> Path:
    return hub / "submission" / f"la_code={la_code}" / "part.parquet"


def check_result_file(
    hub: Path, la_code: str, submission_id: str, table_name: str, part: str = ""
) -> Path:
    name = f"{submission_id}_{table_name}{part}.parquet"
    return hub / "check_result" / f"la_code={la_code}" / name


def alarm_file(hub: Path, la_code: str) -> Path:
    return hub / "alarm" / f"la_code={la_code}" / "part.parquet"


def _write(
    connection: duckdb.DuckDBPyConnection, rows: list[dict], types: dict[str, str], path: Path
) -> None:
    connection.register("rows_found", pd.DataFrame(rows, columns=list(types)))
    casts = ", ".join(f"{name}::{sql_type} as {name}" for name, sql_type in types.items())
    write_parquet(connection, f"select {casts} from rows_found", path)
    connection.unregister("rows_found")


def share_submissions(hub: Path, la_code: str, entries: Iterable[Entry]) -> None:
    """Replace what the hub knows of an LA's submissions."""
    rows = [
        {
            **{name: getattr(e, name) for name in SUBMISSION if hasattr(e, name)},
            "standard_version": e.table_name if e.dataset == "placements" else e.period,
            "reason_code": e.reason_code or None,
        }
        for e in entries
    ]
    with workspace() as connection:
        _write(connection, rows, SUBMISSION, submission_file(hub, la_code))


def share_check_results(
    hub: Path, la_code: str, checked: Iterable[tuple[Entry, list[CheckResult]]], part: str = ""
) -> None:
    """Add the results of one run's checks; those of other submissions, and parts, stay."""
    with workspace() as connection:
        for entry, results in checked:
            rows = [{n: asdict(r)[n] for n in CHECK_RESULT} for r in results]
            path = check_result_file(hub, la_code, entry.submission_id, entry.table_name, part)
            _write(connection, rows, CHECK_RESULT, path)


def share_alarms(hub: Path, la_code: str, alarms: list[Alarm]) -> None:
    """Replace what the hub knows of an LA's alarms; the same alarms leave its file as it was."""
    path = alarm_file(hub, la_code)
    if path.exists() and read_alarms(hub, la_code) == alarms:
        return
    with workspace() as connection:
        _write(connection, [asdict(a) for a in alarms], ALARM, path)


def read_alarms(hub: Path, la_code: str) -> list[Alarm]:
    """An LA's alarms of the last run, in their order."""
    path = alarm_file(hub, la_code)
    with workspace() as connection:
        rows = connection.execute(parquet_sql([path] if path.exists() else [], ALARM)).fetchall()
    return [Alarm(*row) for row in rows]


def empty_sql(types: dict[str, str]) -> str:
    """A typed relation without rows."""
    columns = ", ".join(f"null::{sql_type} as {name}" for name, sql_type in types.items())
    return f"select {columns} limit 0"


def parquet_sql(files: list[Path], types: dict[str, str]) -> str:
    """All rows of Parquet files as the given columns; empty where there are no files."""
    if not files:
        return empty_sql(types)
    casts = ", ".join(f"{name}::{sql_type} as {name}" for name, sql_type in types.items())
    return f"select {casts} from {from_parquet(files)}"
