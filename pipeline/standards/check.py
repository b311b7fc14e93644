"""Check one submission against its standard: results without values, failures with them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb
import pandas as pd

from expectations.suites import build_suite
from pipeline.standards.frame import KEYED, check_frames, key_rows, require_sound_rules
from pipeline.standards.load import Table
from pipeline.standards.rules import Check, checks_of, column_checks, testable_checks
from pipeline.standards.validation import Verdict, joined, run_suite, validation_record
from pipeline.warehouse import sql_name

FAILURE_COLUMNS = (
    "submission_id",
    "check_id",
    "severity",
    "file",
    "sheet",
    "row_number",
    "child",
    "field",
    "value",
    "message",
    "how_to_fix",
    "table_name",
)

FAILURE_TYPES = {c: "Int64" if c == "row_number" else "str" for c in FAILURE_COLUMNS}


@dataclass(frozen=True)
class CheckResult:
    """What one check found in one submission: a row of `hub.check_result`, without any value.

    A check of rows tests every row of the table; a check of a column tests one file. Where a check
    is not applicable or ends in an error, nothing was tested and both counts are 0.
    """

    la_code: str
    submission_id: str
    table_name: str
    check_id: str
    severity: str
    field: str
    message: str
    rows_tested: int
    rows_failed: int
    outcome: str  # pass, fail, not applicable, error
    checked_at: datetime  # UTC, without a zone


@dataclass(frozen=True)
class CheckOutcome:
    """All that was found: `failures` holds values and stays in the LA zone, the rest does not."""

    results: list[CheckResult]
    failures: pd.DataFrame  # FAILURE_COLUMNS; one row per failing row and check
    validation: dict  # for Data Docs, see pipeline.standards.validation


def _failing_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, failed: list[tuple[Check, list[int]]]
) -> pd.DataFrame:
    """Where the failing rows come from, and the cleaned text of the fields that fail in them."""
    keys = pd.DataFrame({"row_key": sorted({k for _, positions in failed for k in positions})})
    fields = dict.fromkeys(f for check, _ in failed for f in check.fields)
    texts = "".join(f", {sql_name(f + '__text')}" for f in fields)
    child, child_text = sql_name(table.child), sql_name(table.child + "__text")
    connection.register("failing_keys", keys)
    try:
        return connection.execute(
            "select row_key, file, sheet, row_number, "
            f"coalesce({child}::varchar, {child_text}) as child{texts} "
            f"from {KEYED} semi join failing_keys using (row_key) order by row_key"
        ).df()
    finally:
        connection.unregister("failing_keys")


def _values(table: Table, check: Check, rows: pd.DataFrame) -> pd.Series:
    if check.kind != "row":
        return rows[f"{check.fields[0]}__text"]
    parts = [f"{table.field(f).header}: " + rows[f"{f}__text"].fillna("") for f in check.fields]
    return parts[0].str.cat(parts[1:], sep="; ")


def _failures(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    submission_id: str,
    failed: list[tuple[Check, list[int]]],
) -> pd.DataFrame:
    """One row per failing row and check, ordered by row (the whole file first), then check."""
    if not failed:
        return pd.DataFrame(columns=list(FAILURE_COLUMNS)).astype(FAILURE_TYPES)
    rows = _failing_rows(connection, table, [(c, p) for c, p in failed if c.kind != "column"])
    file = connection.execute(f"select min(file) from {KEYED}").fetchall()[0][0]
    whole_file = pd.DataFrame({"row_key": [-1], "file": [file]})
    parts = []
    for check, positions in failed:
        if check.kind == "column":
            part = whole_file.assign(sheet=None, row_number=None, child=None, value=None)
        else:
            hit = rows.iloc[rows["row_key"].searchsorted(positions)]
            part = hit[["row_key", "file", "sheet", "row_number", "child"]].assign(
                value=_values(table, check, hit)
            )
        parts.append(
            part.assign(
                check_id=check.id,
                severity=check.severity,
                field=check.field,
                message=check.message,
                how_to_fix=check.how_to_fix,
            )
        )
    found = pd.concat([p.astype(object) for p in parts], ignore_index=True)
    found = found.sort_values("row_key", kind="stable", ignore_index=True)
    found = found.assign(submission_id=submission_id, table_name=table.name)
    return found[list(FAILURE_COLUMNS)].astype(FAILURE_TYPES)


def _counts(check: Check, verdict: Verdict | None, rows: int) -> tuple[int, int]:
    """Rows tested and rows failed."""
    if verdict is None or verdict.outcome == "error":
        return 0, 0
    if check.kind == "column":
        return 1, int(verdict.outcome == "fail")
    return rows, len(verdict.positions)


def check_submission(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    table: Table,
    year: int | None,
    missing_columns: frozenset[str],
    la_code: str,
    submission_id: str,
    today: date,
) -> CheckOutcome:
    """Check the conformed rows of one submission and table.

    `relation` is what `pipeline.intake.clean.conformed_sql` gives, on a connection that has its
    macros; `year` the collection year (None for placement returns); `missing_columns` the fields
    whose column is not in the file. An empty relation makes every check not applicable, for Great
    Expectations would let all of them pass. Raises StandardFault where the standard itself is at
    fault.
    """
    checks = [*column_checks(table, missing_columns), *checks_of(table, year)]
    rules = [c for c in testable_checks(table, year, missing_columns) if c.fails_when]
    require_sound_rules(connection, table, [c for c in checks if c.fails_when])
    suite = build_suite(table, year, missing_columns, today)
    try:
        rows = key_rows(connection, relation)
        verdicts = {}
        if rows:
            frames = check_frames(connection, table, rules, missing_columns)
            parts = [(first, run_suite(suite, frame)) for first, frame in frames]
            verdicts = {v.check_id: v for v in joined(parts)}
        failed = [
            (c, verdicts[c.id].positions)
            for c in checks
            if c.id in verdicts and verdicts[c.id].outcome == "fail"
        ]
        failures = _failures(connection, table, submission_id, failed)
    finally:
        connection.execute(f"drop table if exists {KEYED}")

    checked_at = datetime.now(UTC).replace(tzinfo=None)
    results = [
        CheckResult(
            la_code,
            submission_id,
            table.name,
            check.id,
            check.severity,
            check.field,
            check.message,
            *_counts(check, verdicts.get(check.id), rows),
            verdicts[check.id].outcome if check.id in verdicts else "not applicable",
            checked_at,
        )
        for check in checks
    ]
    unused = [c.id for c in checks if c.id not in verdicts]
    record = validation_record(suite.name, list(verdicts.values()), unused)
    return CheckOutcome(results, failures, record)
