"""CSV files that a spreadsheet may open: written straight from DuckDB, without formulas."""

from pathlib import Path

import duckdb

from pipeline.reports.sheets import FORMULA
from pipeline.warehouse import sql_text


def inert(column: str) -> str:
    """SQL for a text that a spreadsheet takes for no formula: one gets an apostrophe before it."""
    return f"if(regexp_matches({column}, '{FORMULA}'), '''' || {column}, {column})"


def write_csv(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write a query as a CSV file with headings, by rename."""
    beside = path.with_name(f".{path.name}.next")
    connection.execute(f"copy ({query}) to {sql_text(str(beside))} (format csv, header)")
    beside.replace(path)
