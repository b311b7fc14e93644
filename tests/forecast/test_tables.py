"""The published tables of the forecast: made as they are described, and described as they are."""

import duckdb
import pytest

from pipeline.forecast.tables import SCHEMA, TABLES, Table, create_tables

UNITS = ("_gbp", "_gbp_per_week", "_gbp_per_year", "_gbp_per_month", "_per_month", "_months")


@pytest.fixture
def made():
    with duckdb.connect() as connection:
        create_tables(connection)
        yield connection


def test_every_table_and_column_is_made_with_its_description(made):
    tables = made.execute(
        "select table_name, comment from duckdb_tables() where schema_name = $schema",
        {"schema": SCHEMA},
    ).fetchall()
    assert dict(tables) == {table.name: table.description for table in TABLES}
    columns = made.execute(
        "select table_name, column_name, comment, is_nullable from duckdb_columns() "
        "where schema_name = $schema order by table_name, column_index",
        {"schema": SCHEMA},
    ).fetchall()
    assert columns == [
        (table.name, column.name, column.description, column.may_be_null)
        for table in sorted(TABLES, key=lambda table: table.name)
        for column in table.columns
    ]


def test_the_tables_are_those_of_the_issue():
    assert [table.name for table in TABLES] == [
        "demand", "spend", "rates", "drivers", "backtest", "scenario", "new_beds", "business_case",
        "business_case_summary", "standing",
    ]  # fmt: skip


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_says_what_its_rows_and_columns_are(table: Table):
    assert table.description.startswith("One row per ")
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)
    for column in table.columns:
        assert column.description.endswith("."), column.name
        assert len(column.description) > 15, column.name
        if "gbp" in column.name:
            assert column.name.endswith(UNITS)
            assert "Pounds" in column.description


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_may_not_be_published_as_it_is_may_be_null(table: Table):
    """Counts and money of children are withheld where few: such a column must take a null."""
    guarded = {"authorities", "horizon_months", "origins", "months_known", "year"}
    for column in table.columns:
        is_figure = column.sql_type in ("bigint", "decimal(16, 2)") and column.name not in guarded
        assert column.may_be_null or not is_figure, column.name


def test_a_build_of_before_is_emptied(made):
    made.execute(
        "insert into forecast.standing values (null, 'Region', 4, 'fit', 'All is well.', '', null, "
        "null, true)"
    )
    create_tables(made)
    assert made.execute("select count(*) from forecast.standing").fetchall()[0][0] == 0
