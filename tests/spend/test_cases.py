"""Spend of invented children, each worked by hand.

`tiny/cornwall`: ten children in one foster home each from 1 April 2024 on, at £700 a week as the
first return says, and in each quarter one more for seven nights: 365 x 10 + 4 x 7 = 3,678 nights
a year at £100. `same_carer`: the same, but five of the ten move on 1 January 2025 with the same
carer (RNE T, U6 to U4), of which no return tells a price. `tiny/devon`: eleven children, of whom a
price is known for seven: B01 from 15 May 2025 £650 a week, B02 from 20 June £700, B04 from 12
October £840, B06 from 1 August £4,900 in residential care, B07 from 7 July £700, B09 from 10 April
£600 and from the quarter that tells another price £660, B10 from 1 May to 20 November £770.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.settings import Settings
from tests.small_region import (
    Files,
    Tools,
    bring_to_hub,
    build,
    failing,
    files_of,
    rows,
    small_region,
)

HERE = Path(__file__).parent
CORNWALL, DEVON = "E06000052", "E10000008"
Build = Callable[[str, dict[str, Files]], Settings]


@pytest.fixture(scope="module")
def built(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Build:
    def make(name: str, files: dict[str, Files]) -> Settings:
        settings = small_region(tmp_path_factory.mktemp(name), files)
        bring_to_hub(settings, tools.postcodes)
        build(settings, tools.project)
        return settings

    return make


@pytest.fixture(scope="module")
def tiny(built: Build) -> Settings:
    return built("tiny", files_of(HERE / "tiny"))


def years(settings: Settings, la_code: str) -> dict[str, tuple[int, Decimal, Decimal]]:
    """Nights, known and total pounds by financial year, of years with a night."""
    found = rows(
        settings,
        "select period, nights, known_gbp, total_gbp from staging.int_spend "
        f"where area_code = '{la_code}' and period_type = 'financial year' and breakdown = 'total'",
    )
    return {period: (nights, known, total) for period, nights, known, total in found}


def test_ten_children_at_one_price_cost_the_same_each_year(tiny: Settings):
    assert years(tiny, CORNWALL) == {
        year: (3_678, Decimal(367_800), Decimal(367_800)) for year in ("2024/25", "2025/26")
    }


def test_nothing_changed_and_no_driver_says_so(tiny: Settings):
    found = rows(
        tiny,
        "select before_from, change_gbp, volume_gbp, mix_gbp, price_gbp, length_of_stay_gbp "
        "from staging.int_cost_drivers where area_code = 'E06000052' and placement_type = 'all' "
        "and comparison = 'financial years' and before_from = '2024Q2'",
    )
    assert found == [("2024Q2", *(Decimal(0),) * 5)]


def test_a_quarter_costs_its_days(tiny: Settings):
    found = rows(
        tiny,
        "select period, total_gbp from staging.int_spend where area_code = 'E06000052' "
        "and period_type = 'quarter' and breakdown = 'total' order by period",
    )
    days = {"2024Q2": 91, "2024Q3": 92, "2024Q4": 92, "2025Q1": 90,
            "2025Q2": 91, "2025Q3": 92, "2025Q4": 92, "2026Q1": 90}  # fmt: skip
    assert dict(found) == {quarter: 1_000 * count + 700 for quarter, count in days.items()}


def test_a_move_with_the_same_carer_keeps_the_price(built: Build):
    settings = built("same_carer", files_of(HERE / "same_carer"))
    assert years(settings, CORNWALL) == {
        year: (3_678, Decimal(367_800), Decimal(367_800)) for year in ("2024/25", "2025/26")
    }
    bases = rows(
        settings,
        "select price_basis, count(*) from foundation.placement_price group by all order by all",
    )
    assert bases == [("agreed", 18), ("same carer", 5)]


def test_known_prices_to_the_penny(tiny: Settings):
    """B01 321 nights: 29,807.14. B02 285 x 100. B04 171 x 120. B06 243 x 700. B07 268 x 100. B09
    174 nights at 600: 14,914.29, and 182 at 660: 17,160. B10 203 x 110."""
    _, known, _ = years(tiny, DEVON)["2025/26"]
    assert known == Decimal("330131.43")


def test_nights_without_a_price_are_estimated_from_the_others(tiny: Settings):
    """B03 and B05 all year, B08 until 25 October lived in children's homes: 937 nights. One such
    price is known in Devon, £4,900 a week. B08 then, and B11 all year, with foster carers: 523
    nights; there the prices are £600 to £840."""
    found = rows(
        tiny,
        "select placement_type, sum(nights - nights_with_price), 7 * sum(estimated_gbp) / "
        "sum(nights - nights_with_price) from foundation.fct_placement_month "
        f"where la_code = '{DEVON}' and financial_year = '2025/26' group by all order by all",
    )
    (foster, foster_nights, foster_week), (home, home_nights, home_week) = found
    assert (foster, int(foster_nights), home, int(home_nights)) == (
        "foster", 523, "residential", 937,
    )  # fmt: skip
    assert 600 < foster_week < 840
    assert 4_000 < home_week < 5_300


def test_grown_up_people_whose_episodes_are_open_cost_nothing(built: Build):
    """40 people born 1996 to 2001, in foster care since 2008 to 2013, of whom no end is told."""
    files = {CORNWALL: dict(files_of(HERE / "tiny")[CORNWALL])}
    for number in range(40):
        child, year = f"SYN0039{number:04d}", 1996 + number % 6
        for table, row in (
            ("header", f"{child},F,{number % 28 + 1:02d}/03/{year},WBRI,UN1,,,"),
            ("episodes", f"{child},01/06/{year + 12},S,C2,N1,U6,PR1,,,,TR26 3LN,TQ8 8WY,"),
        ):
            path = f"ssda903/2026/{table}.csv"
            files[CORNWALL][path] = bytes(files[CORNWALL][path]) + row.encode() + b"\r\n"
    settings = built("grown_up", files)
    children = rows(settings, "select count(*) from common_core.child")
    assert children == [(18 + 40,)]
    assert years(settings, CORNWALL)["2025/26"] == (3_678, Decimal(367_800), Decimal(367_800))
    assert set(years(settings, CORNWALL)) == {"2024/25", "2025/26"}


def test_no_test_that_blocks_fails(tiny: Settings, tools: Tools):
    assert failing(tiny, tools.tests) == []
