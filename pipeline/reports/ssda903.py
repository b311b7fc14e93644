"""The two reports on an SSDA903 return that councils know: errors by code, and by child.

They name children and values: whoever writes them keeps them where the return itself may be.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipeline.reports.plain_workbook import PlainTable, write_workbook
from pipeline.reports.sheets import FORMULA
from pipeline.standards.load import Table
from pipeline.standards.ssda903.rule import Rule
from pipeline.standards.ssda903.run import FAILED
from pipeline.standards.ssda903.tables import DERIVED, LAST, ssda903_tables, view_name
from pipeline.warehouse import sql_name, sql_text

TOLD = "rule_failure_told"  # each failing row with what the reports say of it

ERROR_SUMMARY = {
    "Code": 12,
    "Error Count": 14,
    "Error Description": 110,
    "Affected Fields": 40,
}
CHILD_SUMMARY = {
    "Child": 16,
    "Affected Table": 18,
    "Error Row": 12,
    "Error Code": 12,
    "Error Description": 80,
    "Error Fields": 30,
    "Affected Values": 50,
    "Locator Hints": 24,
    "Errors for Child": 12,
    "Errors of Type": 12,
}
NUMBERS = frozenset({"Error Count", "Error Row", "Errors for Child", "Errors of Type"})
HINTS = ("DECOM", "MIS_START", "REVIEW")  # by which an officer finds a row

ERRORS_CSV, CHILDREN_CSV, WORKBOOK = (
    "error_summary.csv",
    "child_summary.csv",
    "ssda903_report.xlsx",
)
REPORTS = (ERRORS_CSV, CHILDREN_CSV, WORKBOOK)


def tell_failures(connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> None:
    """Make TOLD from the failing rows of the rules that ran, while the session's tables are there.

    Columns: code, table_name, data_row, child, affected_values, locator_hints.
    """
    connection.execute(
        f"create or replace temp table {TOLD} (code varchar, table_name varchar, data_row bigint, "
        "child varchar, affected_values varchar, locator_hints varchar)"
    )
    fields = {rule.code: rule.fields for rule in rules}
    failed = connection.execute(f"select distinct table_name, code from {FAILED}").fetchall()
    by_table: dict[str, list[str]] = {}
    for table_name, code in sorted(failed):
        by_table.setdefault(table_name, []).append(code)
    for table_name, codes in by_table.items():
        said = _said(ssda903_tables()[table_name.removesuffix(LAST)])
        values = " ".join(
            f"when {sql_text(code)} then {_listed(said, fields[code])}" for code in codes
        )
        connection.execute(
            f"insert into {TOLD} select code, table_name, data_row, child, "
            f"case code {values} end, {_listed(said, HINTS)} "
            f"from {FAILED} left join {view_name(table_name)} using (data_row) "
            f"where table_name = {sql_text(table_name)}"
        )


def _said(table: Table) -> dict[str, str]:
    """What was sent of each column but the child, as SQL by DfE's name of the column.

    A date of a workbook is no text: it is told as the return writes dates.
    """
    said = {}
    for field in table.fields:
        if field.name == table.child:
            continue
        name = sql_name(field.name)
        if field.type == "date":
            text = sql_name(field.name + "__text")
            said[field.header] = (
                f"if(regexp_matches({text}, '^\\d{{4}}-') and {name} is not null, "
                f"strftime({name}, '%d/%m/%Y'), {text})"
            )
        else:
            said[field.header] = name
    return said | {n.upper(): f"{sql_name(n)}::varchar" for n in DERIVED.get(table.name, {})}


def _listed(said: dict[str, str], names: Iterable[str]) -> str:
    """SQL for `DECOM: 01/04/2025, DEC: ` of the named columns that the table has."""
    parts = [f"'{n}: ' || coalesce({said[n]}, '')" for n in names if n in said]
    return f"concat_ws(', ', {', '.join(parts)})" if parts else "''"


def _rules_sql(rules: Iterable[Rule]) -> str:
    rows = ", ".join(
        f"({sql_text(r.code)}, {sql_text(r.message)}, {sql_text(', '.join(r.fields))})"
        for r in rules
    )
    return f"(select * from (values ('', '', ''), {rows}) as rule (code, message, fields))"


def inert(column: str) -> str:
    """A text of the return as a spreadsheet will not take it for a formula."""
    return (
        f"case when regexp_matches({column}, '{FORMULA}') then '''' || {column} else {column} end"
    )


def _error_summary(rules: list[Rule]) -> PlainTable:
    query = (
        'select code as "Code", count(*) as "Error Count", message as "Error Description", '
        f'fields as "Affected Fields" from {TOLD} join {_rules_sql(rules)} using (code) '
        "group by all order by code"
    )
    return PlainTable("Error Summary", query, ERROR_SUMMARY, NUMBERS)


def _child_summary(rules: list[Rule]) -> PlainTable:
    query = (
        f'select {inert("child")} as "Child", table_name as "Affected Table", '
        'data_row as "Error Row", code as "Error Code", message as "Error Description", '
        f'fields as "Error Fields", affected_values as "Affected Values", '
        'locator_hints as "Locator Hints", '
        "case when child is not null then count(*) over (partition by child) end "
        'as "Errors for Child", count(*) over (partition by code) as "Errors of Type" '
        f"from {TOLD} join {_rules_sql(rules)} using (code) "
        "order by child nulls last, table_name, code, data_row"
    )
    return PlainTable("Child Summary", query, CHILD_SUMMARY, NUMBERS)


def write_reports(
    connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule], folder: Path
) -> list[Path]:
    """Write both reports, as CSV and as the sheets of one workbook; gives the files.

    `tell_failures` must have run. A return without errors gives reports without rows.
    """
    rules = list(rules)
    tables = {ERRORS_CSV: _error_summary(rules), CHILDREN_CSV: _child_summary(rules)}
    written = []
    kept = []
    for number, (name, table) in enumerate(tables.items()):
        connection.execute(f"create or replace temp table report_{number} as {table.query}")
        written.append(folder / name)
        write_csv(connection, f"select * from report_{number}", folder / name)
        kept.append(PlainTable(table.title, f"from report_{number}", table.widths, table.numbers))
    write_workbook(connection, folder / WORKBOOK, kept)
    for number in range(len(tables)):
        connection.execute(f"drop table report_{number}")
    return [*written, folder / WORKBOOK]


def write_csv(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write a query as a CSV file with headings, by rename."""
    beside = path.with_name(f".{path.name}.next")
    connection.execute(f"copy ({query}) to {sql_text(str(beside))} (format csv, header)")
    beside.replace(path)
