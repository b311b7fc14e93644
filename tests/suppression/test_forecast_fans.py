"""Fans do not tell a withheld count that stands beside its total and all other parts.

The reader takes the parts' fans from the total's in the first month to come and averages over the
quantiles, each of which is rounded elsewhere.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest

from pipeline.forecast import demand, run
from pipeline.forecast.demand import FAN
from pipeline.forecast.region import frame_of
from tests.forecast.histories import built, history

SEEDS = range(1, 21)
WITHHELD = (1, 7)
OF = frame_of(())
Cell = tuple[str, str, str]  # area, age band, type


def families(las: list[str]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Totals, and what they add up."""
    bands, types, areas = OF.band_names, OF.types, ["region", *las]
    for area in areas:
        for band in ("all", *bands):
            yield (area, band, "all"), [(area, band, kind) for kind in types]
        for kind in ("all", *types):
            yield (area, "all", kind), [(area, band, kind) for band in bands]
    for band in ("all", *bands):
        for kind in ("all", *types):
            yield ("region", band, kind), [(la, band, kind) for la in las]


def guesses(seed: int) -> list[tuple[int, float]]:
    """Of each withheld count of 1 to 7 whose total and other parts are shown: it, and the fans'."""
    given = history(4, 2024, seed, 30, 120)
    with built(given, past_origins=0) as connection:
        run.make_forecast(connection)
        fans = connection.execute(
            "from forecast.demand where kind = 'forecast' "
            "qualify month_end = min(month_end) over ()"
        ).df()
        exact = connection.execute(
            "from staging.int_demand_shown qualify month_number = max(month_number) over ()"
        ).df()
    key = ["la_code", "age_band", "placement_type"]
    exact = exact.rename(columns={"forecast_type": "placement_type"})
    fan, there = (
        frame.fillna({"la_code": "region"}).set_index(key)[columns]
        for frame, columns in ((fans, list(FAN)), (exact, "exact_children"))
    )
    middle = fan.astype(float).mean(axis=1, skipna=False)
    found = []
    for total, parts in families(list(given.years)):
        hidden = [part for part in parts if pd.isna(middle[part])]
        if len(hidden) == 1 and not pd.isna(middle[total]):
            (one,) = hidden
            if WITHHELD[0] <= there[one] <= WITHHELD[1]:
                others = sum(middle[part] for part in parts if part != one)
                found.append((int(there[one]), float(middle[total] - others)))
    return found


def share_right(as_shown: Callable | None, patch: pytest.MonkeyPatch) -> tuple[float, float, int]:
    """How many counts the reader gets right, how its figures go with them, of how many counts."""
    if as_shown:
        patch.setattr(demand, "as_shown", as_shown)
    counts, told = np.array([pair for seed in SEEDS for pair in guesses(seed)]).T
    right = np.clip(np.round(told), *WITHHELD) == counts
    return float(right.mean()), float(np.corrcoef(counts, told)[0, 1]), len(counts)


@pytest.mark.faults
def test_a_withheld_count_is_no_better_guessed_than_without_fans(monkeypatch):
    right, follows, count = share_right(None, monkeypatch)
    assert count > 100
    assert right < 0.25  # the commonest count, always, is right as often
    assert follows < 0.4  # by the published counts alone 0.32


@pytest.mark.faults
def test_fans_that_begin_at_exact_numbers_would_tell(monkeypatch):
    right, follows, _ = share_right(lambda series, stock: stock[:, 1:], monkeypatch)
    assert right > 0.45
    assert follows > 0.8
