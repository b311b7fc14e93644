"""Spend, its drivers and the year from which the forecast goes on are one figure, to the rounding.

Each reads `foundation.fct_placement_month`; here they meet again, in a made-up region of which
every table is built, exact where the tables are not rounded.
"""

from collections.abc import Iterator

import duckdb
import pytest

from pipeline.forecast.run import make_forecast
from pipeline.synthetic.cli_command import plan_for
from tests.known_region import build_region
from tests.small_region import Tools

LAS, CHILDREN, SEED = 3, 80, 12
YEAR = "2025/26"
AUTHORITY_UNIT, REGION_UNIT = 10_000, 100_000


@pytest.fixture(scope="module")
def warehouse(
    tools: Tools, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    file = tmp_path_factory.mktemp("one_home") / "region.duckdb"
    plan = plan_for(LAS, CHILDREN, SEED, 0.0, truth=True)
    build_region(plan, tools.project, tools.postcodes, file)
    with duckdb.connect(str(file)) as connection:
        make_forecast(connection)
        yield connection


def exact(warehouse: duckdb.DuckDBPyConnection, of_type: str = "all") -> dict[str, float]:
    """Pounds of the year by area, to the penny."""
    breakdown = "total" if of_type == "all" else "placement type"
    found = warehouse.execute(
        "select area_code, total_gbp from staging.int_spend "
        "where period = $year and breakdown = $breakdown and placement_type = $of_type",
        {"year": YEAR, "breakdown": breakdown, "of_type": of_type},
    )
    return dict(found.fetchall())


def test_drivers_split_the_spend_to_the_penny(warehouse: duckdb.DuckDBPyConnection):
    for of_type in ("all", "foster", "residential"):
        found = warehouse.execute(
            "select area_code, spend_after_gbp from staging.int_cost_drivers "
            "where comparison = 'financial years' and after_to = '2026Q1' and placement_type = $1",
            [of_type],
        )
        assert dict(found.fetchall()) == exact(warehouse, of_type)


def test_the_forecast_goes_on_from_the_same_nights_and_pounds(
    warehouse: duckdb.DuckDBPyConnection,
):
    """Its twelve months of history end where the year does."""
    found = warehouse.execute(
        "select coalesce(la_code, 'region'), sum(total_gbp) from staging.int_care_night "
        "where month_number between 12 * 2025 + 4 and 12 * 2026 + 3 "
        "group by grouping sets ((la_code), ())"
    )
    assert dict(found.fetchall()) == exact(warehouse)


def test_the_forecast_s_year_before_is_the_spend_of_the_report(
    warehouse: duckdb.DuckDBPyConnection,
):
    found = warehouse.execute(
        "select distinct la_code, before_period, spend_before_gbp from forecast.drivers "
        "where spend_before_gbp is not null"
    ).fetchall()
    spent = exact(warehouse)
    assert len(found) == LAS + 1
    for la_code, period, gbp in found:
        assert period == "2025-04 to 2026-03"
        unit = REGION_UNIT if la_code is None else AUTHORITY_UNIT
        assert abs(float(spent[la_code or "region"]) - gbp) <= unit / 2


def test_published_spend_is_the_exact_one_to_the_rounding(warehouse: duckdb.DuckDBPyConnection):
    spent = exact(warehouse)
    for mart, column, where in (
        ("cost.spend", "total_gbp", f"period = '{YEAR}' and breakdown = 'total'"),
        ("cost.cost_drivers", "spend_after_gbp", "comparison = 'financial years' "
         "and after_to = '2026Q1' and placement_type = 'all'"),
    ):  # fmt: skip
        found = warehouse.execute(f"select la_code, {column} from {mart} where {where}").fetchall()
        assert len(found) == LAS + 1
        for la_code, gbp in found:
            unit = REGION_UNIT if la_code is None else AUTHORITY_UNIT
            assert abs(spent[la_code or "region"] - gbp) <= unit / 2


def test_nights_add_up_to_children_in_care(warehouse: duckdb.DuckDBPyConnection):
    """Nights of the year are those of children at its month-ends, but for stays within a month."""
    (nights,) = warehouse.execute(
        "select sum(nights) from staging.int_spend "
        "where period = $1 and breakdown = 'total' and area_code = 'region'", [YEAR],
    ).fetchone()  # fmt: skip
    (children,) = warehouse.execute(
        "select count(*) / 12 from staging.int_care_month "
        "where month_number between 12 * 2025 + 4 and 12 * 2026 + 3"
    ).fetchone()
    assert nights == pytest.approx(365 * children, rel=0.02)
