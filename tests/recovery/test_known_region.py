"""The short way to a region's marts gives what the whole pipeline gives."""

from pathlib import Path

import duckdb

from pipeline.settings import load_settings
from tests.conftest import SMALL_PLAN, WAREHOUSE

# Which submission a row came from, and what was received when, is only known where files are.
OF_SUBMISSIONS = {"submission_id", "received_at", "region_name"}
# Made by the forecast, which the short way leaves out.
OF_FORECAST = {"foundation.new_bed_draw"}
COMPARED = ("common_core", "foundation", "sufficiency", "cost")


def compared_tables(file: Path) -> dict[str, list[str]]:
    """The tables to compare, with what is compared of their columns, in order."""
    found: dict[str, list[str]] = {}
    with duckdb.connect(str(file), read_only=True) as connection:
        for schema, table, column, data_type in connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where not internal and table_name <> 'submission' order by all"
        ).fetchall():
            if schema in COMPARED and column not in OF_SUBMISSIONS:
                found.setdefault(f"{schema}.{table}", []).append(_compared(column, data_type))
    return {table: columns for table, columns in found.items() if table not in OF_FORECAST}


def _compared(column: str, data_type: str) -> str:
    """Sums of doubles differ in their last digits by the order in which they were added up."""
    return f"round({column}, 9)" if data_type == "DOUBLE" else column


def test_every_row_is_that_of_the_whole_pipeline(sample_region: Path, sample_home: Path):
    published = sample_home / WAREHOUSE
    tables = compared_tables(published)
    assert tables == compared_tables(sample_region)
    assert len(tables) > 12
    differing = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published}' as published (read_only)")
        connection.execute(f"attach '{sample_region}' as quick (read_only)")
        names = "select schema_name || '.' || table_name from duckdb_tables()"
        exact = {t for (t,) in connection.execute(names).fetchall() if t.startswith("inside_")}
        assert len(exact) > 10
        for table, columns in tables.items():
            listed = ", ".join(columns)
            # What is published for inside is the exact edition, where there are two.
            is_exact = f"inside_{table}" in exact
            one = f"select {listed} from published.{table}"
            other = f"select {listed} from quick.{'inside_' if is_exact else ''}{table}"
            counts = connection.execute(
                f"select (select count(*) from ({one})), (select count(*) from ({other})), "
                f"(select count(*) from ({one} except all {other}))"
            ).fetchall()[0]
            if counts[0] != counts[1] or counts[2]:
                differing[table] = counts
            assert counts[0] > 0, table
    assert differing == {}


def test_the_authorities_of_the_plan_are_those_of_the_sample():
    codes = [area.authority.code for area in SMALL_PLAN.areas]
    assert codes == [a.code for a in load_settings().region.authorities]
