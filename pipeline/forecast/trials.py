"""The forecast made again as of past quarters, of what was known then, beside simpler methods."""

import duckdb
import numpy as np

from pipeline.forecast.backtest import LEVELS, Trial
from pipeline.forecast.baselines import constant_rates, damped_trend, drift, last_value
from pipeline.forecast.blend import tilt
from pipeline.forecast.project import project
from pipeline.forecast.rates import read_rates
from pipeline.forecast.region import Frame, filled, frame_of, read_children, read_stock
from pipeline.forecast.standing import LEAST_MONTHS
from pipeline.progress import tell

DRAWS = 100
MONTHS = 24
SERIES_MONTHS = 120  # what simpler methods look back
YEAR = 12
SERIES = {"last value": last_value, "drift": drift, "ets": damped_trend}


def past_origins(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Months as of which forecasts are tried, the earliest first."""
    rows = connection.execute(
        "select month_number from staging.int_forecast_origin where not is_latest order by all"
    ).fetchall()
    return [month for (month,) in rows]


def trials(connection: duckdb.DuckDBPyConnection, last: int, seed: int) -> list[Trial]:
    """A trial for each past origin, of the authorities whose months before and after are known."""
    found = []
    origins = past_origins(connection)
    for number, origin in enumerate(origins, start=1):
        tell(f"Forecast: past quarter {number} of {len(origins)}")
        las = _known(connection, origin, last)
        if las:
            found.append(_trial(connection, frame_of(las), origin, last, seed))
    return found


def _known(connection: duckdb.DuckDBPyConnection, origin: int, last: int) -> tuple[str, ...]:
    """Authorities with a year of history up to the origin and every month after it."""
    ahead = min(MONTHS, last - origin)
    rows = connection.execute(
        "select la_code from staging.int_covered_month group by la_code "
        "having count(*) filter (where month_number between $origin - $least + 1 and $origin) "
        "= $least and count(*) filter (where month_number between $origin + 1 "
        "and $origin + $ahead) = $ahead order by la_code",
        {"origin": origin, "least": LEAST_MONTHS, "ahead": ahead},
    ).fetchall()
    return tuple(la for (la,) in rows)


def _trial(
    connection: duckdb.DuckDBPyConnection, frame: Frame, origin: int, last: int, seed: int
) -> Trial:
    ahead = min(MONTHS, last - origin)
    rates = read_rates(connection, frame, origin)
    children = read_children(connection, frame, origin)
    stock = read_stock(connection, frame, origin - SERIES_MONTHS + 1, last)
    before = whole(stock[:, :SERIES_MONTHS])
    came = np.moveaxis(stock[:, SERIES_MONTHS : SERIES_MONTHS + ahead], 1, -1)
    tilted = tilt(frame, rates, children, origin, before, ahead, seed)
    made = project(frame, rates, children, origin, ahead, DRAWS, seed, tilted=tilted)
    points = {}
    for level, cells in LEVELS.items():
        series = np.stack([cells(before[:, month]) for month in range(before.shape[1])], axis=1)
        for method, forecast in SERIES.items():
            points[method, level] = forecast(series, ahead)
    rated = _constant_rates(connection, frame, before[:, -1], origin, ahead)
    for level, cells in LEVELS.items():
        months = [cells(rated[..., month]) for month in range(ahead)]
        points["constant rates", level] = np.stack(months, axis=1)
    return Trial(origin, np.moveaxis(made.stock[:, :, 1:], 2, -1), points, came)


def whole(stock: np.ndarray) -> np.ndarray:
    """The months, up to the last, of which every authority is known."""
    gaps = np.flatnonzero(np.isnan(stock).any(axis=(0, 2, 3)))
    return stock[:, gaps[-1] + 1 :] if len(gaps) else stock


def _constant_rates(
    connection: duckdb.DuckDBPyConnection,
    frame: Frame,
    stock: np.ndarray,
    origin: int,
    months: int,
) -> np.ndarray:
    window = {"origin": origin, "months": YEAR}
    rows = connection.execute(
        "select la_code, age_band, placement_type, next_type, sum(children) as children "
        "from staging.int_care_transition where next_type <> 'turned 18' "
        "and month_number >= $origin - $months and month_number < $origin group by all",
        window,
    ).df()
    rows = rows[rows["la_code"].isin(frame.las)]
    type_of = np.array([0, *(frame.type_of + 1)])
    shape = (len(frame.las), len(frame.bands), len(frame.types))
    cell = (
        frame.number(frame.las, rows["la_code"]),
        frame.number(frame.band_names, rows["age_band"]),
        frame.type_of[frame.number(frame.states, rows["placement_type"])],
    )
    outcome = type_of[frame.number(frame.outcomes, rows["next_type"])]
    moved = filled((*shape, len(frame.types) + 1), (*cell, outcome), rows["children"])
    there = moved.sum(axis=-1, keepdims=True)
    # A cell in which nobody was keeps whoever comes.
    stays = np.zeros_like(moved)
    for kind in range(len(frame.types)):
        stays[:, :, kind, kind + 1] = 1
    moved = np.where(there > 0, moved / np.maximum(there, 1), stays)
    rows = connection.execute(
        "select la_code, age_band, placement_type, sum(children) as children "
        "from staging.int_care_entry where month_number > $origin - $months "
        "and month_number <= $origin group by all",
        window,
    ).df()
    rows = rows[rows["la_code"].isin(frame.las)]
    cell = (
        frame.number(frame.las, rows["la_code"]),
        frame.number(frame.band_names, rows["age_band"]),
        frame.type_of[frame.number(frame.states, rows["placement_type"])],
    )
    entries = filled(shape, cell, rows["children"]) / YEAR
    lengths = np.array([end - start for _, start, end in frame.bands])
    return constant_rates(stock, moved, entries, lengths, months)
