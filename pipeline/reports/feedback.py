"""What an LA must mend, as a workbook and as a CSV file: both belong to the LA zone."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.accounting import current_failures_sql
from pipeline.alarms import Alarm
from pipeline.hub import code_version
from pipeline.intake.manifest import Entry
from pipeline.region import Authority
from pipeline.reports.feedback_workbook import MOST_PROBLEMS, MOST_ROWS, Contents, Problem, save
from pipeline.reports.sheets import FORMULA, NOT_IN_XML
from pipeline.warehouse import workspace

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
SENT = ("file", "sheet", "child", "field", "value", "message", "how_to_fix")
CHUNK = 10_000  # rows fetched at once


@dataclass(frozen=True)
class About:
    """Whom a feedback is for and what it is made from. Its folder belongs to the LA zone."""

    folder: Path
    la_zone: Path
    authority: Authority
    is_synthetic: bool
    entries: tuple[Entry, ...]
    alarms: tuple[Alarm, ...]

    @property
    def workbook(self) -> Path:
        return self.folder / "feedback.xlsx"

    @property
    def csv(self) -> Path:
        return self.folder / "feedback.csv"

    @property
    def stamp(self) -> Path:
        """What the files were last made from."""
        return self.folder / "made_from.txt"

    @property
    def made_from(self) -> str:
        parts = (self.authority.name, self.is_synthetic, self.entries, self.alarms, code_version())
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def keep_feedback(about: About, now: datetime | None = None) -> bool:
    """Write the feedback where anything changed since it was written; gives whether it was.

    An LA that sent nothing, and of which nothing is asked, has none. Raises PermissionError where
    a file is open in a program that does not let go of it.
    """
    files = (about.workbook, about.csv)
    if not about.entries and not about.alarms:
        for file in (*files, about.stamp):
            file.unlink(missing_ok=True)
        return False
    made_from = about.made_from
    is_there = all(f.exists() for f in (*files, about.stamp))
    if is_there and about.stamp.read_text(encoding="ascii") == made_from:
        return False
    about.folder.mkdir(parents=True, exist_ok=True)
    write_feedback(about, now or datetime.now(UTC).replace(tzinfo=None))
    about.stamp.write_text(made_from, encoding="ascii")
    return True


def write_feedback(about: About, now: datetime) -> int:
    """Write `feedback.csv` with every row that fails, and `feedback.xlsx`; gives their number.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    with workspace() as connection:
        _create_failures(connection, about)
        rows = _ordered_rows(connection)
        shown: list[tuple] = []
        number = 0
        beside = about.csv.with_name(f".{about.csv.name}.next")
        # With the mark, Excel knows that it is UTF-8.
        with beside.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            for chunk in rows:
                # The last column is the table, for the workbook's names of fields.
                writer.writerows(row[:-1] for row in chunk)
                shown += chunk[: max(0, MOST_ROWS - len(shown))]
                number += len(chunk)
        problems = _problems(connection)
        severities = dict(
            connection.execute("select severity, count(*) from failures group by all").fetchall()
        )
    beside.replace(about.csv)
    save(
        about.workbook,
        Contents(
            about.authority.name,
            about.is_synthetic,
            now,
            about.entries,
            about.alarms,
            problems,
            shown,
            number,
            severities,
        ),
    )
    return number


def _create_failures(connection: duckdb.DuckDBPyConnection, about: About) -> None:
    """Create `failures`: each current failure, inert, with the rows of its file that are in use."""
    files = pd.DataFrame(
        [(e.submission_id, e.table_name, e.rows_read - e.rows_superseded) for e in about.entries],
        columns=["submission_id", "of_table", "file_rows"],
    ).drop_duplicates(["submission_id", "of_table"])
    connection.register("files", files)
    stripped = ", ".join(f"regexp_replace({c}, '{NOT_IN_XML}', '', 'g') as {c}" for c in SENT)
    inert = ", ".join(
        f"case when regexp_matches({c}, '{FORMULA}') then '''' || {c} else {c} end as {c}"
        for c in SENT
    )
    connection.execute(
        f"create temp table failures as select failures.* replace ({inert}), files.file_rows "
        f"from (select * replace ({stripped}) "
        f"from ({current_failures_sql(about.la_zone, about.entries)})) as failures "
        "left join files on files.submission_id = failures.submission_id "
        "and files.of_table = coalesce(failures.table_name, '')"
    )


def _ordered_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[list[tuple]]:
    """COLUMNS and the table of every failure, the gravest first."""
    found = connection.execute(
        f"select {', '.join(COLUMNS)}, coalesce(table_name, '') from failures order by "
        "list_position(['stop', 'fix', 'warn', 'info'], severity), file, sheet nulls first, "
        "row_number nulls first, check_id"
    )
    while chunk := found.fetchmany(CHUNK):
        yield chunk


def _problems(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Failures of the same kind together: what one fix mends most of comes first.

    What must be mended stands before what may be right, and a whole file before rows.
    """
    rows = connection.execute(
        "with by_file as (select severity, coalesce(table_name, '') as of_table, check_id, field, "
        "message, how_to_fix, file, bool_or(row_number is null) as is_whole, "
        "case when bool_or(row_number is null) then any_value(file_rows) else count(*) end as n, "
        "any_value(file_rows) as file_rows, "
        "(list(distinct row_number order by row_number) filter (row_number is not null))[:6] "
        "as examples from failures group by all), "
        "kinds as (select severity, of_table, check_id, field, message, how_to_fix, "
        "bool_or(is_whole) as is_whole, sum(n)::bigint as n, sum(file_rows)::bigint, "
        "count(*) as files, list((file, examples) order by n desc, file)[:3] "
        "from by_file group by all) "
        "from kinds order by case severity when 'warn' then 2 when 'info' then 3 else 1 end, "
        "not (is_whole and severity = 'stop'), n desc, severity desc, check_id, message "
        f"limit {MOST_PROBLEMS}"
    ).fetchall()
    return [Problem(*row[:-1], [tuple(place) for place in row[-1]]) for row in rows]
