"""The models of the forecast in a region made by the generator, as dbt compiled them."""

import datetime as dt
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from pipeline.reference import Postcodes, write_places
from pipeline.synthetic.cli_command import plan_for
from pipeline.warehouse import workspace, write_parquet
from tests.known_region import Project, build_region

AS_OF = dt.date(2025, 9, 30)
MODELS = ("int_demand_shown", "int_care_night", "int_forecast_rate_la", "int_entry_spread")


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Postcodes:
    """A table of postcodes without any: the forecast asks for no place."""
    folder = tmp_path_factory.mktemp("postcodes")
    made = Postcodes(folder / "postcodes.parquet", folder / "districts.parquet")
    with workspace() as connection:
        none = "'' as postcode, 0 as easting, 0 as northing, '' as la_code"
        write_places(connection, f"select {none} limit 0", made.postcodes)
        district = "select 'TA1' as district, 'E06000066' as la_code"
        write_parquet(connection, district, made.districts)
    return made


def test_the_stock_of_a_region_is_a_plain_count(
    project: Project, nowhere: Postcodes, tmp_path: Path
):
    out = tmp_path / "region.duckdb"
    plan = plan_for(las=3, children=40, seed=5, error_rate=0.01)
    build_region(plan, project, nowhere, out, only=MODELS, as_of=AS_OF)
    with duckdb.connect(str(out), read_only=True) as region:
        covered = region.execute(
            "select la_code, month_end from staging.int_covered_month"
        ).fetchall()
        episodes = region.execute(
            "select episode.la_code, child_id, birth_month, start_date, end_date "
            "from common_core.episode inner join common_core.child on child_id = child.id "
            "where not is_short_break"
        ).fetchall()
        found = region.execute(
            "select la_code, month_end, exact_children from staging.int_demand_shown "
            "where la_code is not null and age_band = 'all' and forecast_type = 'all'"
        ).fetchall()
        last = region.execute("select max(month_end) from staging.int_covered_month").fetchall()
        rates = region.execute(
            "select count(*), min(rate_used), max(rate_used), count(distinct origin_month) "
            "from staging.int_forecast_rate_la"
        ).fetchall()[0]
        priced = region.execute(
            "select sum(nights), sum(nights_with_price), sum(known_gbp) from staging.int_care_night"
        ).fetchall()[0]
    plain: Counter = Counter(dict.fromkeys(covered, 0))
    for la, day in covered:
        there = {
            child
            for of, child, born, start, end in episodes
            if of == la
            and start <= day
            and (end is None or end > day)
            and born
            and 12 * (day.year - born.year) + day.month - born.month < 12 * 18
        }
        plain[la, day] = len(there)
    assert {(la, day): count for la, day, count in found} == dict(plain)
    assert sum(plain.values()) > 500
    assert last == [(AS_OF,)]
    nights, nights_with_price, known_gbp = priced
    assert 0 < nights_with_price < nights
    assert known_gbp > 0
    cells, least, most, origins = rates
    # Age bands, types, and what comes next: another type, or to leave.
    assert cells == origins * 3 * 5 * 6 * 6
    assert 0 <= least < most <= 1
