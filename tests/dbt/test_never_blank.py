"""The test of all columns of a table that may not be blank, on a table with blanks."""

import re

import duckdb
import pytest
from jinja2 import Template

from pipeline.settings import DBT_PROJECT

COLUMNS = ["id", "name", "weeks"]


@pytest.fixture(scope="module")
def sql() -> str:
    """The test's own SQL, as dbt renders it."""
    file = DBT_PROJECT / "tests" / "generic" / "never_blank.sql"
    body = re.search(r"{% test never_blank\(model, columns\) %}(.*){% endtest %}",
                     file.read_text(encoding="utf-8"), re.DOTALL)  # fmt: skip
    assert body
    return Template(body.group(1)).render(model="rows", columns=COLUMNS)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("('a', 'A', 1, null), ('b', '', 0, 2)", []),
        ("('a', null, 1, null), ('b', 'B', null, 2), ('c', null, 3, 3)",
         [("name", 2), ("weeks", 1)]),
        ("(null, null, null, 1)", [("id", 1), ("name", 1), ("weeks", 1)]),
    ],
)  # fmt: skip
def test_each_column_with_a_blank_is_found_with_its_rows(sql, rows, found):
    with duckdb.connect() as connection:
        connection.execute(
            f"create table rows as from (values {rows}) as t (id, name, weeks, note)"
        )
        assert sorted(connection.execute(sql).fetchall()) == found


def test_a_table_without_rows_has_no_blank(sql):
    with duckdb.connect() as connection:
        connection.execute("create table rows (id varchar, name varchar, weeks integer)")
        assert connection.execute(sql).fetchall() == []
