"""What an LA must mend, as a file that Excel opens: it stays in the LA zone."""

import csv
from collections.abc import Iterable
from pathlib import Path

from pipeline.accounting import failures_path
from pipeline.intake.manifest import Entry
from pipeline.warehouse import from_parquet, workspace

COLUMNS = (
    "severity",
    "file",
    "sheet",
    "row_number",
    "child",
    "field",
    "value",
    "message",
    "how_to_fix",
    "check_id",
)


def feedback_path(la_zone: Path) -> Path:
    return la_zone / "feedback.csv"


def write_feedback(la_zone: Path, entries: Iterable[Entry]) -> int:
    """Write every failure of the manifest's submissions, gravest first; gives their number.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    files = [
        path
        for e in entries
        if (path := failures_path(la_zone, e.submission_id, e.table_name)).exists()
    ]
    if not files:
        return 0
    inert = ", ".join(
        f"case when regexp_matches({c}, '^[=+@\\t\\r-]') then '''' || {c} else {c} end as {c}"
        for c in COLUMNS
        if c not in ("severity", "row_number", "check_id")
    )
    with workspace() as connection:
        rows = connection.execute(
            f"select {', '.join(COLUMNS)} from (select severity, row_number, check_id, {inert} "
            f"from {from_parquet(files)}) order by "
            "list_position(['stop', 'fix', 'warn', 'info'], severity), file, sheet nulls first, "
            "row_number nulls first, check_id"
        ).fetchall()
    path = feedback_path(la_zone)
    beside = path.with_name(f".{path.name}.next")
    # With the mark, Excel knows that it is UTF-8.
    with beside.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *rows])
    beside.replace(path)
    return len(rows)
