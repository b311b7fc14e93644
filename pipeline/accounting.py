"""Check an LA's submissions and account for every row: kept, quarantined or superseded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.intake.clean import conformed_sql, create_macros, key_sql
from pipeline.intake.manifest import Entry, load_manifest, quarantine, raw_path, save_manifest
from pipeline.intake.scratch import scratch
from pipeline.intake.withdraw import as_withdrawn, withdrawn
from pipeline.standards.check import FAILURE_COLUMNS, CheckOutcome, check_submission
from pipeline.standards.load import Table, load_standards
from pipeline.warehouse import from_parquet, sql_name, workspace, write_parquet


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


def rule_failures_path(la_zone: Path, submission_id: str, table_name: str) -> Path:
    """What DfE's rules found in a submission as a part of its whole return."""
    return failures_path(la_zone, submission_id, f"{table_name}.rules")


def row_status_path(la_zone: Path, table_name: str, period: str) -> Path:
    """Which rows of a table and period are kept, quarantined or superseded."""
    return la_zone / "row_status" / f"table={table_name}" / f"period={period}.parquet"


def create_conformed(
    connection: duckdb.DuckDBPyConnection,
    la_zone: Path,
    entries: Iterable[Entry],
    relation: str,
    keys_only: bool = False,
) -> Table:
    """Create `relation`: the conformed rows of accepted entries of one table and period."""
    entries = list(entries)
    table = load_standards()[entries[0].table_name]
    if keys_only:  # a table has far more columns than tell its rows apart
        table = replace(table, fields=tuple(f for f in table.fields if f.name in table.key))
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
        "file": entry.file,
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
                "severity": entry.severity,
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
                "how_to_fix": "Check that this is what you meant; if not, mend the file and send "
                "it again.",
            }
        )
    return found


def _write_failures(connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame, path: Path) -> None:
    types = {"row_number": "bigint"}
    casts = ", ".join(f"{c}::{types.get(c, 'varchar')} as {c}" for c in FAILURE_COLUMNS)
    connection.register("failures_found", frame)
    write_parquet(connection, f"select {casts} from failures_found", path)
    connection.unregister("failures_found")


def _as_recorded(la_zone: Path) -> list[Entry]:
    """The manifest with what was withdrawn, or is no longer, marked so: to be checked anew."""
    found = withdrawn(la_zone)
    return [as_withdrawn(e, found) for e in load_manifest(la_zone)]


def waits(la_zone: Path) -> bool:
    """Whether an LA has submissions that were not checked, or withdrawn, since the last check."""
    return any(e.checked_by != e.read_by for e in _as_recorded(la_zone))


def check_la(
    la_code: str,
    la_zone: Path,
    now: datetime | None = None,
    judge: Callable[[duckdb.DuckDBPyConnection, list[Entry]], None] | None = None,
    report: Callable[[Checked], None] | None = None,
) -> Checked:
    """Check what was not checked yet, then account for all rows of the LA.

    Writes failures and row statuses into the LA zone, has `judge` look at whole returns and
    `report` tell who needs to know, and last of all writes the counts into the manifest: what
    breaks off before that is done again.
    """
    now = now or datetime.now(UTC).replace(tzinfo=None)
    entries = _as_recorded(la_zone)
    outcomes: list[tuple[Entry, CheckOutcome]] = []
    with scratch(la_zone) as room, workspace(spill=room / "spill") as connection:
        create_macros(connection)
        for entry in entries:
            path = failures_path(la_zone, entry.submission_id, entry.table_name)
            if entry.checked_by == entry.read_by and path.exists():
                continue
            failures: list[pd.DataFrame] = []
            if entry.has_rows:
                entry = _as_accepted(entry)
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
                failures = [outcome.failures]
                if _stopped_rows(outcome.failures) == entry.rows_read:
                    entry = _as_stopped(entry)
            about_file = pd.DataFrame(_file_failures(entry), columns=list(FAILURE_COLUMNS))
            frame = pd.concat([about_file, *failures], ignore_index=True)
            _write_failures(connection, frame, path)
        entries = [replace(e, checked_by=e.read_by) for e in entries]
        entries = _account(connection, la_zone, entries)
        if judge:
            judge(connection, entries)
        entries = _with_severities(connection, la_zone, entries)
    checked = Checked(la_code, entries, outcomes)
    if report:
        report(checked)
    save_manifest(la_zone, entries)
    return checked


def _as_accepted(entry: Entry) -> Entry:
    return replace(entry, status="accepted", reason_code="", reason="", how_to_fix="")


def _as_stopped(entry: Entry) -> Entry:
    """An entry whose rows are all stopped, as quarantined whole."""
    return quarantine(
        entry,
        "every_row_stopped",
        "Every row of the file had to be stopped.",
        "See the reasons of the rows; often a column was moved or left blank.",
    )


def _stopped_rows(failures: pd.DataFrame) -> int:
    """How many rows have a `stop`."""
    is_stop = (failures["severity"] == "stop") & failures["row_number"].notna()
    return len(failures.loc[is_stop, ["sheet", "row_number"]].drop_duplicates())


def _account(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, entries: list[Entry]
) -> list[Entry]:
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.has_rows:
            groups.setdefault((entry.table_name, entry.period), []).append(entry)
    counted: dict[tuple[str, str], tuple[int, int, int, int]] = {}
    for (table_name, period), group in groups.items():
        status = row_status_path(la_zone, table_name, period)
        _write_row_status(connection, la_zone, group, status)
        rows = connection.execute(
            "select submission_id, count(*) filter (status = 'kept'), "
            "count(*) filter (status = 'quarantined'), count(*) filter (status = 'superseded'), "
            f"count(*) filter (is_stopped) from {from_parquet([status])} group by submission_id"
        ).fetchall()
        counted |= {(table_name, r[0]): r[1:] for r in rows}
    return [_counted(e, counted) for e in entries]


def _write_row_status(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, group: list[Entry], path: Path
) -> None:
    """The latest received row with the same key is kept; a row that is stopped replaces none.

    A stopped row leaves quarantine once a good row of its key, or good rows of a file of the same
    name, are received after it.
    """
    table = create_conformed(connection, la_zone, group, "conformed", keys_only=True)
    failures = from_parquet(failures_path(la_zone, e.submission_id, e.table_name) for e in group)
    order = pd.DataFrame(
        [(e.submission_id, e.file, n) for n, e in enumerate(group)],
        columns=["submission_id", "sent_as", "received"],
    )
    connection.register("receipt", order)
    write_parquet(
        connection,
        "with stopped as (select distinct submission_id, sheet, row_number "
        f"from {failures} where severity = 'stop' and row_number is not null), "
        "rows as (select conformed.submission_id, conformed.sheet, conformed.row_number, "
        f"receipt.received, receipt.sent_as, {key_sql(table)} as key, "
        "stopped.submission_id is not null as is_stopped "
        "from conformed join receipt using (submission_id) "
        "left join stopped using (submission_id, sheet, row_number)), "
        "compared as (select *, row_number() over (partition by is_stopped, key "
        "order by received desc, sheet desc, row_number desc) = 1 as is_last, "
        "greatest(max(received) filter (not is_stopped) over (partition by key), "
        "max(received) filter (not is_stopped) over (partition by sent_as)) as last_good "
        "from rows) "
        "select submission_id, sheet, row_number, is_stopped, case "
        "when is_stopped and coalesce(last_good > received, false) then 'superseded' "
        "when is_stopped then 'quarantined' when is_last then 'kept' "
        "else 'superseded' end as status from compared",
        path,
    )
    connection.unregister("receipt")


def _counted(entry: Entry, counted: dict[tuple[str, str], tuple[int, int, int, int]]) -> Entry:
    """The entry with the fate of its rows, and of itself where all of them are stopped."""
    if not entry.has_rows:
        return entry
    kept, quarantined, superseded, is_stopped = counted[(entry.table_name, entry.submission_id)]
    entry = _as_accepted(entry)
    if is_stopped == entry.rows_read:
        entry = _as_stopped(entry)
        if not quarantined:  # all of them were sent again since
            entry = replace(entry, status="superseded")
    return replace(entry, rows_kept=kept, rows_quarantined=quarantined, rows_superseded=superseded)


def _replaced(entries: list[Entry]) -> set[tuple[str, str]]:
    """Entries whose file was sent again since: with good rows of the same table and period, or,
    where they were withdrawn, with whatever it was."""
    last = {(e.file, e.table_name, e.period): e for e in entries if e.status == "accepted"}
    held = {e.path: e.sha256 for e in entries if e.sha256}
    return {
        (e.submission_id, e.table_name)
        for e in entries
        if (e.has_rows and last.get((e.file, e.table_name, e.period), e) != e)
        or (e.reason_code == "withdrawn" and held[e.path] != e.sha256)
    }


def current_failures_sql(la_zone: Path, entries: Iterable[Entry]) -> str:
    """SQL for what an LA ought to know now, in FAILURE_COLUMNS: each thing once.

    Of rows that are kept or quarantined all failures; of files those that are not superseded, and
    whose name did not bring good rows of the same table and period since.
    """
    entries = [e for e in entries if not e.ended]
    with_rows = [e for e in entries if e.has_rows and e.rows_superseded < e.rows_read]
    replaced = _replaced(entries)
    whole = [
        e
        for e in entries
        if (e in with_rows or not e.has_rows) and (e.submission_id, e.table_name) not in replaced
    ]
    columns = ", ".join(FAILURE_COLUMNS)
    parts = []
    if files := _failure_files(la_zone, whole):
        parts.append(f"select {columns} from {from_parquet(files)} where row_number is null")
    if files := _failure_files(la_zone, with_rows):
        periods = sorted({(e.table_name, e.period) for e in with_rows})
        status = from_parquet(row_status_path(la_zone, *p) for p in periods)
        parts.append(
            f"select {columns} from {from_parquet(files)} semi join "
            f"(select submission_id, sheet, row_number from {status} where status <> 'superseded') "
            "using (submission_id, sheet, row_number) where row_number is not null"
        )
    types = {"row_number": "bigint"}
    none = ", ".join(f"null::{types.get(c, 'varchar')} as {c}" for c in FAILURE_COLUMNS)
    return " union all ".join(parts) or f"select {none} limit 0"


def _failure_files(la_zone: Path, entries: Iterable[Entry]) -> list[Path]:
    places = (failures_path, rule_failures_path)
    found = {p(la_zone, e.submission_id, e.table_name) for e in entries for p in places}
    return sorted(f for f in found if f.exists())


def _with_severities(
    connection: duckdb.DuckDBPyConnection, la_zone: Path, entries: list[Entry]
) -> list[Entry]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for submission, table, severity, n in connection.execute(
        "select submission_id, coalesce(table_name, ''), severity, count(*) "
        f"from ({current_failures_sql(la_zone, entries)}) group by all"
    ).fetchall():
        found.setdefault((submission, table), {})[severity] = n
    told = [{} if e.ended else found.get((e.submission_id, e.table_name), {}) for e in entries]
    severities = ("stop", "fix", "warn", "info")
    return [
        replace(e, **{f"{s}_count": by_severity.get(s, 0) for s in severities})
        for e, by_severity in zip(entries, told, strict=True)
    ]
