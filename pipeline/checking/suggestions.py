"""What could be filled in, for somebody to accept: `suggestions.csv`, written and read again."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.checking.given import CannotCheck
from pipeline.intake.headings import bare
from pipeline.intake.read import Unreadable, read_sheets
from pipeline.reports.csv_file import inert, write_csv
from pipeline.reports.sheets import FORMULA
from pipeline.standards.ssda903.suggest import OR, SUGGESTED
from pipeline.warehouse import sql_text

READ = ("table", "row", "child", "field", "sent", "suggested", "accept")  # of what comes back
YES, NO = ("YES", "Y", "TRUE", "1", "X"), ("NO", "N", "FALSE", "0")
_READ_BACK = {
    "of_table": "varchar",
    "of_row": "bigint",
    "child": "varchar",
    "of_field": "varchar",
    "sent": "varchar",
    "suggested": "varchar",
    "accept": "varchar",
}


@dataclass(frozen=True)
class Accepted:
    """A cell that somebody wants to be changed as it was suggested."""

    table: str  # DfE's name
    data_row: int
    field: str
    before: str | None  # as the rules read it: upper case, blanks None
    after: str
    why: str


def write_suggestions(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write SUGGESTED; a mark in the file that is there stays with the same suggestion."""
    if path.exists():
        _read_back(connection, path)
    else:
        columns = ", ".join(f"null::{t} as {c}" for c, t in _READ_BACK.items())
        connection.execute(f"create or replace temp table read_back as select {columns} limit 0")
    options = f"array_to_string(options, '{OR}')"
    write_csv(
        connection,
        f'select table_name as "table", data_row as "row", {inert("now.child")} as child, field, '
        f"{inert('now.sent')} as sent, {inert(options)} as suggested, certainty, why, "
        f"any_value(lower(accept)) as accept from {SUGGESTED} as now "
        "left join read_back on of_table = table_name and of_row = data_row and of_field = field "
        # A spreadsheet takes the zeros before a number away.
        "and ltrim(read_back.child, '0') is not distinct from ltrim(now.child, '0') "
        f"and read_back.sent is not distinct from now.sent and read_back.suggested = {options} "
        "group by all order by table_name, data_row, field",
        path,
    )


def _read_back(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make `read_back` of a list of suggestions; raises CannotCheck where it is none."""
    try:
        sheets = read_sheets(connection, path, "accepted")
    except Unreadable as fault:
        raise CannotCheck(f"{path.name}: {fault.reason} {fault.how_to_fix}") from fault
    found: dict[str, int] = {}
    if sheets:
        headings = connection.execute(
            f"select * exclude (row_number) from {sheets[0].relation} where row_number = 1"
        ).fetchone()
        found = {bare(h): i for i, h in enumerate(headings or ()) if h}
    lacking = [name for name in READ if name not in found]
    if lacking:
        raise CannotCheck(
            f"{path.name} is no list of suggestions: {', '.join(lacking)} "
            f"{'is' if len(lacking) == 1 else 'are'} not among its columns. Give the "
            "suggestions.csv that a check wrote, with its first row unchanged, or move it away."
        )
    cells = {
        name: f"regexp_replace(clean_text(c{found[name]}), '^''({FORMULA[1:]})', '\\1')"
        for name in READ
    }
    parts = (
        cells["table"],
        f"try_cast({cells['row']} as bigint)",
        f"upper({cells['child']})",
        f"upper({cells['field']})",
        f"upper({cells['sent']})",
        cells["suggested"],
        f"upper({cells['accept']})",
    )
    columns = ", ".join(f"{sql} as {c}" for c, sql in zip(_READ_BACK, parts, strict=True))
    connection.execute(
        f"create or replace temp table read_back as select {columns} "
        f"from {sheets[0].relation} where row_number > 1"
    )


def read_accepted(
    connection: duckdb.DuckDBPyConnection, path: Path
) -> tuple[list[Accepted], dict[str, int]]:
    """What somebody accepted of SUGGESTED, and how many marks cannot be followed, by reason.

    Nothing is taken on trust: only a cell for which this check suggests the same is changed.
    """
    _read_back(connection, path)
    yes, no = (", ".join(map(sql_text, words)) for words in (YES, NO))
    rows = connection.execute(
        "with marked as (select distinct of_table, of_row, of_field, sent, suggested, "
        f"accept in ({yes}) as is_yes from read_back where accept not in ({no})), "
        "compared as (select marked.*, now.options, now.why, now.sent as sent_now, "
        "now.table_name is not null as is_known, "
        "count(*) over (partition by of_table, of_row, of_field) as times "
        f"from marked left join {SUGGESTED} as now on now.table_name = marked.of_table "
        "and now.data_row = marked.of_row and now.field = marked.of_field) "
        "select of_table, of_row, of_field, sent_now, suggested, why, case "
        "when not is_yes then 'the column accept says neither yes nor no' "
        "when of_field = 'PL_LA' then 'PL_LA is worked out by DfE and is no column of the return' "
        "when not is_known then 'this check suggests nothing for that cell' "
        "when sent is distinct from sent_now then 'the file says something else now' "
        "when times > 1 then 'several values were accepted for one cell' "
        f"when not list_contains(options, suggested) and contains(suggested, '{OR}') "
        "then 'several values were left to choose from: leave one of them' "
        "when not coalesce(list_contains(options, suggested), false) "
        "then 'it is none of the values that were suggested' "
        "end as refused from compared order by of_table, of_row, of_field"
    ).fetchall()
    refused: dict[str, int] = {}
    accepted = []
    for *cell, reason in rows:
        if reason:
            refused[reason] = refused.get(reason, 0) + 1
        else:
            accepted.append(Accepted(*cell))
    return accepted, refused
