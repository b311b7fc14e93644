"""From the simulator through files and the models' SQL to the panel, nothing is lost or added."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.forecast.accuracy import BANDS, TYPES, counted, month_number
from tests.forecast.care_months import build
from tests.forecast.returns import write
from tests.forecast.simulator import TUNING_SEEDS, known_on, simulate

KNOWN_FROM, ORIGIN = dt.date(2022, 4, 1), dt.date(2025, 3, 31)


@pytest.mark.parametrize("is_repaired", [False, True])
def test_the_panel_counts_the_simulated_children(is_repaired: bool, tmp_path: Path) -> None:
    made = simulate(TUNING_SEEDS[0], las=3, first=dt.date(2020, 4, 1), last=dt.date(2026, 3, 31))
    rows = known_on(made.episodes, ORIGIN)
    rows = rows[~(rows.end_date <= pd.Timestamp(KNOWN_FROM))]
    rows["child_id"] = rows.la_code + "-" + rows.child_id
    for la_code, of_la in rows.groupby("la_code"):
        write(of_la, tmp_path / str(la_code), KNOWN_FROM, ORIGIN)
    first, last = month_number(KNOWN_FROM), month_number(ORIGIN)
    codes = made.las.la_code.tolist()
    found = (
        build(tmp_path, ORIGIN, is_repaired)
        .execute(
            "select la_code, age_band, forecast_type, month_number, count(*) as children "
            "from int_care_month group by all"
        )
        .df()
    )
    cells = np.zeros((len(codes), len(BANDS), len(TYPES), last - first + 1), int)
    cells[
        pd.Index(codes).get_indexer(found.la_code),
        pd.Index([name for name, _, _ in BANDS]).get_indexer(found.age_band),
        pd.Index(TYPES).get_indexer(found.forecast_type),
        found.month_number - first,
    ] = found.children
    # As on the origin what is known of the months before is the same as in hindsight.
    assert np.array_equal(cells, counted(made.episodes, codes, first, last))
    assert cells.sum() > 10_000
