"""The two files that a run of the sample leaves: exact for inside, and one fit to be shared."""

import re
from collections.abc import Iterator

import duckdb
import pytest

from pipeline.publish import INSIDE, MARTS, OF_SINGLE_CHILDREN, OUTSIDE
from pipeline.withheld import TO_KEEP_ANOTHER_UNKNOWN, TOO_FEW, withheld_words

# What has an id of its own in the Common Core, under which it might be found again.
WITH_IDS = ("child", "referral", "placement", "episode", "needs", "risks", "finance", "form")


@pytest.fixture(scope="module")
def files(sample_home) -> Iterator[duckdb.DuckDBPyConnection]:
    """Both files, as `inside` and `outside`."""
    with duckdb.connect() as connection:
        for name, file in (("inside", "warehouse"), ("outside", "shareable")):
            path = sample_home / "warehouse" / f"common_core_{file}.duckdb"
            connection.execute(f"attach '{path}' as {name} (read_only)")
        yield connection


def tables(files: duckdb.DuckDBPyConnection, product: str) -> set[tuple[str, str]]:
    return set(
        files.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = ?", [product]
        ).fetchall()
    )


def columns(files: duckdb.DuckDBPyConnection, product: str) -> dict[tuple[str, str, str], str]:
    """The type of each column, by schema, table and name."""
    rows = files.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ?",
        [product],
    ).fetchall()
    return {tuple(key): kind for *key, kind in rows}


def test_outside_has_the_marts_and_no_table_of_children(files):
    inside, outside = tables(files, "inside"), tables(files, "outside")
    assert {schema for schema, _ in inside} == set(INSIDE)
    assert {schema for schema, _ in outside} == set(OUTSIDE)
    assert outside == {t for t in inside if t[0] in OUTSIDE} - OF_SINGLE_CHILDREN
    assert inside >= OF_SINGLE_CHILDREN


def test_marts_of_both_have_the_same_columns_and_rows(files):
    """But the homes of an owner, which outside are told together."""
    inside, outside = columns(files, "inside"), columns(files, "outside")
    assert {k: v for k, v in inside.items() if k in outside} == outside
    for schema, table in tables(files, "outside"):
        here, there = (
            files.execute(f"select count(*) from {product}.{schema}.{table}").fetchall()[0][0]
            for product in ("inside", "outside")
        )
        assert here == there or (table == "provider_premium" and here > there), f"{schema}.{table}"


def test_no_id_of_the_common_core_is_outside(files):
    ids = {
        value
        for table in WITH_IDS
        for (value,) in files.execute(f"select id from inside.common_core.{table}").fetchall()
    }
    ids |= {v for (v,) in files.execute("select id from inside.common_core.child").fetchall()}
    assert len(ids) > 10_000
    for schema, table in tables(files, "outside"):
        rows = files.execute(f"from outside.{schema}.{table}").fetchall()
        words = {word for row in rows for cell in row for word in re.findall(r"\w{8,}", str(cell))}
        assert words & ids == set(), f"{schema}.{table}"


def withheld(files: duckdb.DuckDBPyConnection, product: str) -> dict[str, set[str]]:
    """What each mart with a column `withheld` says there: names and words together."""
    found = {}
    for schema, table, column in columns(files, product):
        if column == "withheld":
            rows = files.execute(f"select distinct withheld from {product}.{schema}.{table}")
            found[f"{schema}.{table}"] = {text for (text,) in rows.fetchall()}
    return found


def test_inside_no_mart_withholds_anything(files):
    assert len(withheld(files, "inside")) > 10
    assert {mart for mart, said in withheld(files, "inside").items() if said - {""}} == set()
    for schema, table, column in columns(files, "inside"):
        if column == "is_suppressed":
            hidden = f"select count(*) from inside.{schema}.{table} where is_suppressed"
            assert files.execute(hidden).fetchall() == [(0,)], f"{schema}.{table}"


def test_what_outside_names_as_withheld_is_null_there_and_known_inside(files):
    """Every figure that outside shows is shown inside; and each that it names is there, exactly."""
    for mart, said in withheld(files, "outside").items():
        names = {name for text in said for name in withheld_words(text)}
        words = {word for text in said for word in withheld_words(text).values()}
        assert words <= {TOO_FEW, TO_KEEP_ANOTHER_UNKNOWN}, mart
        for name in names:
            shown = files.execute(
                f"select count({name}) from outside.{mart} "
                "where list_has_any(string_split(withheld, '; '), "
                f"['{name}: {TOO_FEW}', '{name}: {TO_KEEP_ANOTHER_UNKNOWN}'])"
            ).fetchall()
            assert shown == [(0,)], f"{mart}.{name}"
            inside, outside = (
                files.execute(f"select count({name}) from {product}.{mart}").fetchall()[0][0]
                for product in ("inside", "outside")
            )
            assert inside > outside, f"{mart}.{name}"


def test_numbers_inside_are_exact(files):
    """Of all counts that outside rounds, about a fifth would end in 0 or 5 by chance."""
    counts = files.execute(
        "select searches from inside.sufficiency.unmet_need where searches > 20 union all "
        "select children from inside.forecast.demand where children > 20 union all "
        "select placements_started from inside.sufficiency.placement_measures "
        "where placements_started > 20"
    ).fetchall()
    assert len(counts) > 300
    assert 0.1 < sum(n % 5 == 0 for (n,) in counts) / len(counts) < 0.4
    for mart, count in (("sufficiency.unmet_need", "searches"), ("forecast.demand", "children")):
        odd = f"select count(*) from outside.{mart} where {count} % 5 <> 0"
        assert files.execute(odd).fetchall() == [(0,)]
        small = f"select count(*) from inside.{mart} where {count} between 1 and 7"
        assert files.execute(small).fetchall()[0][0] > 0


def test_each_file_says_for_whom_it_is(files):
    for product in ("inside", "outside"):
        said = f"select edition, is_exact from {product}.quality.published"
        assert files.execute(said).fetchall() == [(product, product == "inside")]


def test_the_report_inside_is_marked_and_the_one_for_outside_is_not(sample_home):
    reports = sample_home / "reports"
    inside, outside = (
        (reports / name / "index.html").read_text(encoding="utf-8")
        for name in ("region", "shareable")
    )
    marked = "For use inside the partnership."
    assert marked in inside
    assert marked not in outside
    assert "it may be passed on" in outside
    assert "it may be passed on" not in inside
    assert set(MARTS) <= set(OUTSIDE)
