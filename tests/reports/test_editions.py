"""What one LA's edition shows of the others: nothing, unless region.yml allows it."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from pipeline.region import Authority, Region
from pipeline.reports.editions import EditionFault, rows_for

ALPHA, BETA = "E06000066", "E10000008"
REGION = Region(
    "Test", True, ALPHA, (Authority(ALPHA, "Alpha", "alpha"), Authority(BETA, "Beta", "beta"))
)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"""
            create schema sufficiency;
            create table sufficiency.measures as from (values
                ('{ALPHA}', 'own', 1), ('{BETA}', 'other', 1),
                (null, 'region of two', 2), (null, 'region of three', 3)
            ) as rows(la_code, what, authorities);
            create table sufficiency.costs as select la_code, what
            from sufficiency.measures where la_code is not null;
            create table sufficiency.nobodys as select what from sufficiency.measures;
        """)
        yield connection


def seen(warehouse, mart: str, reader: str | None, region: Region = REGION) -> set[str]:
    sql = rows_for(warehouse, mart, region, reader)
    return {w for (w,) in warehouse.execute(f"select what from ({sql})").fetchall()}


def test_an_la_sees_itself_and_a_region_that_hides_the_others(warehouse):
    assert seen(warehouse, "sufficiency.measures", ALPHA) == {"own", "region of three"}
    assert seen(warehouse, "sufficiency.measures", BETA) == {"other", "region of three"}
    assert seen(warehouse, "sufficiency.costs", ALPHA) == {"own"}


def test_the_region_s_edition_shows_no_la(warehouse):
    assert seen(warehouse, "sufficiency.measures", None) == {"region of three"}
    assert seen(warehouse, "sufficiency.costs", None) == set()


@pytest.mark.parametrize("reader", [ALPHA, None])
def test_where_all_agreed_everyone_sees_everything(warehouse, reader):
    open_region = replace(REGION, las_see_each_other=True)
    everything = {"own", "other", "region of two", "region of three"}
    assert seen(warehouse, "sufficiency.measures", reader, open_region) == everything


def test_who_is_not_of_the_region_or_a_mart_of_nobody_is_refused(warehouse):
    with pytest.raises(KeyError):
        seen(warehouse, "sufficiency.measures", "E06000001")
    with pytest.raises(EditionFault, match="la_code"):
        seen(warehouse, "sufficiency.nobodys", ALPHA)
