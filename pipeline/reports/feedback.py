"""What an LA must mend, as a file that Excel opens: it stays in the LA zone."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.accounting import failures_path
from pipeline.intake.manifest import Entry
from pipeline.warehouse import sql_text, workspace

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
    listed = ", ".join(sql_text(str(f)) for f in files)
    inert = ", ".join(
        f"case when regexp_matches({c}, '^[=+@\\t\\r-]') then '''' || {c} else {c} end as {c}"
        for c in COLUMNS
        if c not in ("severity", "row_number", "check_id")
    )
    path = feedback_path(la_zone)
    beside = path.with_name(f".{path.name}.next")
    with workspace() as connection:
        rows = connection.execute(
            f"copy (select {', '.join(COLUMNS)} from (select severity, row_number, check_id, "
            f"{inert} from read_parquet([{listed}], hive_partitioning = false)) order by "
            "list_position(['stop', 'fix', 'warn', 'info'], severity), file, sheet, row_number, "
            f"check_id) to {sql_text(str(beside))} (format csv, header true)"
        ).fetchall()[0][0]
    beside.replace(path)
    return rows
