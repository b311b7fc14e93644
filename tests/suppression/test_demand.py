"""Nor does a small count follow from the history of children in care: areas, bands, types at once.

`int_demand_shown` shows the children of a month's end by authority and for the region, by age band
and in all, by type and in all: sums that cross in three directions.
"""

from itertools import product

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.rendered import model
from tests.suppression.attack import Puzzle, range_of

AREAS, BANDS, TYPES = ["LA1", "LA2", "LA3"], ["under 10", "10 and over"], ["foster", "other"]
ALL, REGION = "all", "Region"
SMALL = range(1, 6)
Cell = tuple[str, str, str]  # area, age band, type


def exact_cells(random: np.random.Generator) -> dict[Cell, int]:
    """Random children in care, and all their sums."""
    size = (len(AREAS), len(BANDS), len(TYPES))
    stock = random.poisson(random.choice([1, 3, 9], size))
    cells = {}
    for area, band, kind in product([*AREAS, REGION], [*BANDS, ALL], [*TYPES, ALL]):
        found = stock[
            AREAS.index(area) if area != REGION else slice(None),
            BANDS.index(band) if band != ALL else slice(None),
            TYPES.index(kind) if kind != ALL else slice(None),
        ]
        cells[area, band, kind] = int(found.sum())
    return cells


def publish(cells: dict[Cell, int]) -> dict[Cell, int | None]:
    """What the model shows of children so many; None is withheld."""
    children = [
        {"la_code": area, "month_number": 24303, "age_band": band, "forecast_type": kind}
        for (area, band, kind), count in cells.items()
        if area != REGION and band != ALL and kind != ALL
        for _ in range(count)
    ]
    with duckdb.connect() as connection:
        connection.register("int_care_month", pd.DataFrame(children))
        connection.execute(
            "create table local_authority as select unnest($areas) as la_code, "
            "la_code as la_name, true as is_synthetic",
            {"areas": AREAS},
        )
        connection.execute(
            "create table int_forecast_area as select la_code, true as is_in_region_sum "
            "from local_authority"
        )
        connection.execute(
            "create table int_covered_month as select la_code, 24303 as month_number, "
            "date '2025-03-31' as month_end from local_authority"
        )
        for table, column, names in (
            ("forecast_age_band", "age_band", BANDS),
            ("forecast_type", "forecast_type", TYPES),
        ):
            connection.execute(
                f"create table {table} as select unnest($names) as {column}", {"names": names}
            )
        shown = connection.execute(model("marts/forecast/int_demand_shown.sql")).df()
    assert {
        (r["area_name"], r["age_band"], r["forecast_type"]): r["exact_children"]
        for r in shown.to_dict("records")
    } == cells
    return {
        (r["area_name"], r["age_band"], r["forecast_type"]): None
        if pd.isna(r["children"])
        else int(r["children"])
        for r in shown.to_dict("records")
    }


def puzzle_of(shown: dict[Cell, int | None]) -> Puzzle:
    """All that the rows tell of each other."""
    puzzle = Puzzle(
        {cell: range_of(value, cell[0] == REGION or ALL in cell) for cell, value in shown.items()}
    )
    for area, band, kind in shown:
        if area == REGION:
            puzzle.adds_up((area, band, kind), [(a, band, kind) for a in AREAS])
        if band == ALL:
            puzzle.adds_up((area, band, kind), [(area, b, kind) for b in BANDS])
        if kind == ALL:
            puzzle.adds_up((area, band, kind), [(area, band, k) for k in TYPES])
    return puzzle


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_small_count_of_children_in_care_follows_from_the_others(seed: int):
    exact = exact_cells(np.random.default_rng(seed))
    shown = publish(exact)
    small = {cell: n for cell, n in exact.items() if n in SMALL}
    assert small
    assert all(shown[cell] is None for cell in small)
    reader = puzzle_of(shown).reader()
    assert [cell for cell, n in small.items() if reader.recovers(cell, n)] == []
