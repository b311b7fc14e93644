"""What one LA's edition shows of the others: nothing, unless region.yml allows it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.region import Authority, Region
from pipeline.reports.editions import OF_OWN_CHILDREN, EditionFault, opened, rows_for
from pipeline.settings import Settings

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


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Two published files, of which one is exact: 3 children there are none here."""
    found = Settings(tmp_path, REGION, tmp_path / "landing", tmp_path / "none.csv")
    found.warehouse.parent.mkdir()
    for file, own, other, region in (
        (found.warehouse, 3, 4, 7),
        (found.shareable, "null", "null", 10),
    ):
        with duckdb.connect(str(file)) as connection:
            for mart in ("cost.spend", "cost.provider_premium"):
                connection.execute(f"""
                    create schema if not exists cost;
                    create table {mart} as select la_code, children::bigint as children, authorities
                    from (values ('{ALPHA}', {own}, 1), ('{BETA}', {other}, 1), (null, {region}, 3))
                    as rows(la_code, children, authorities)
                """)
    return found


def shown(settings: Settings, mart: str, reader: str | None, for_outside: bool = False, **allowed):
    """Children of a mart by authority, as an edition shows them."""
    settings = replace(settings, region=replace(REGION, **allowed))
    with opened(settings, reader, for_outside) as (connection, rows):
        return dict(connection.execute(f"select la_code, children from {rows(mart)}").fetchall())


OPEN = {"las_see_each_other": True, "exact_marts_inside": True}
AS_OUTSIDE = {ALPHA: None, BETA: None, None: 10}


def test_an_la_has_its_own_figures_exactly_and_those_of_others_as_they_are_outside(settings):
    assert shown(settings, "cost.spend", ALPHA, **OPEN) == {ALPHA: 3, BETA: None, None: 10}
    closed = OPEN | {"las_see_each_other": False}
    assert shown(settings, "cost.spend", BETA, **closed) == {BETA: 4, None: 10}


def test_what_rests_on_others_children_too_an_la_has_as_it_is_outside(settings):
    assert "cost.provider_premium" not in OF_OWN_CHILDREN
    assert shown(settings, "cost.provider_premium", ALPHA, **OPEN) == AS_OUTSIDE


def test_the_region_s_report_is_exact_inside_alone_and_never_outside(settings):
    assert shown(settings, "cost.spend", None, **OPEN) == {ALPHA: 3, BETA: 4, None: 7}
    assert shown(settings, "cost.spend", None, for_outside=True, **OPEN) == AS_OUTSIDE


def test_where_the_agreement_says_nothing_no_edition_is_exact(settings):
    seen = {"las_see_each_other": True}
    for reader in (None, ALPHA):
        assert shown(settings, "cost.spend", reader, **seen) == AS_OUTSIDE


def test_where_las_may_not_see_each_other_the_region_s_report_does_not_tell_what_is_left(settings):
    """Alpha would take its 3 from 7."""
    assert shown(settings, "cost.spend", None, exact_marts_inside=True) == {None: 10}
