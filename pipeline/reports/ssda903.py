"""The two reports on an SSDA903 return that councils know: errors by code, and by child.

They name children and values: whoever writes them keeps them where the return itself may be.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipeline.reports.csv_file import inert, write_csv
from pipeline.reports.plain_workbook import PlainTable, write_workbook
from pipeline.standards.ssda903.found import FOUND
from pipeline.standards.ssda903.rule import Rule
from pipeline.warehouse import sql_text

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

ERRORS_CSV, CHILDREN_CSV, WORKBOOK = (
    "error_summary.csv",
    "child_summary.csv",
    "ssda903_report.xlsx",
)
REPORTS = (ERRORS_CSV, CHILDREN_CSV, WORKBOOK)


def _rules_sql(rules: Iterable[Rule]) -> str:
    told = [("", "", ""), *((r.code, r.message, ", ".join(r.fields)) for r in rules)]
    rows = ", ".join(f"({', '.join(map(sql_text, row))})" for row in told)
    return f"(select * from (values {rows}) as rule (code, message, fields))"


def _error_summary(rules: list[Rule]) -> PlainTable:
    query = (
        'select code as "Code", count(*) as "Error Count", message as "Error Description", '
        f'fields as "Affected Fields" from {FOUND} join {_rules_sql(rules)} using (code) '
        "group by all order by code"
    )
    return PlainTable("Error Summary", query, ERROR_SUMMARY, NUMBERS)


def _child_summary(rules: list[Rule]) -> PlainTable:
    query = (
        f'select {inert("child")} as "Child", table_name as "Affected Table", '
        'data_row as "Error Row", code as "Error Code", message as "Error Description", '
        "nullif(fields, '') as \"Error Fields\", nullif(affected, '') as \"Affected Values\", "
        "nullif(hints, '') as \"Locator Hints\", "
        "case when child is not null then count(*) over (partition by child) end "
        'as "Errors for Child", count(*) over (partition by code) as "Errors of Type" '
        f"from {FOUND} join {_rules_sql(rules)} using (code) "
        "order by child nulls last, table_name, code, data_row"
    )
    return PlainTable("Child Summary", query, CHILD_SUMMARY, NUMBERS)


def write_reports(
    connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule], folder: Path
) -> list[Path]:
    """Write both reports, as CSV and as the sheets of one workbook; gives the files.

    `keep_found` must have run. A return without errors gives reports without rows.
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
