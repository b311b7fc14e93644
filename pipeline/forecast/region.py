"""The region as arrays: its authorities, age bands, states and types, and its children by month."""

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from pipeline.forecast.categories import age_bands, forecast_types, states
from pipeline.forecast.cohort import ADULT


@dataclass(frozen=True)
class Frame:
    """What the axes of the forecast's arrays stand for.

    A state is a placement type of the Common Core, in which children live; several states are one
    type, which is what is shown.
    """

    las: tuple[str, ...]  # ONS codes of the authorities that are forecast
    bands: tuple[tuple[str, int, int], ...]  # name, first month of age, month after the last
    states: tuple[str, ...]
    types: tuple[str, ...]
    type_of: np.ndarray  # number of the type of each state

    @property
    def band_names(self) -> tuple[str, ...]:
        return tuple(name for name, *_ in self.bands)

    @property
    def band_of(self) -> np.ndarray:
        """Number of the band of each age in months, shape (216,)."""
        starts = [start for _, start, _ in self.bands[1:]]
        return np.searchsorted(starts, np.arange(ADULT), side="right")

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What a month may do: leave care, or a state."""
        return ("left", *self.states)

    def number(self, axis: tuple[str, ...], names: pd.Series) -> np.ndarray:
        """Numbers of names along an axis; raises KeyError for a name that is not on it."""
        numbers = names.map({name: n for n, name in enumerate(axis)})
        if numbers.isna().any():
            raise KeyError(f"not one of {axis}")
        return numbers.to_numpy(np.int64)


def frame_of(las: tuple[str, ...]) -> Frame:
    """The frame of these authorities, with bands and types as the seeds have them."""
    of = states()
    types = forecast_types()
    return Frame(
        las, age_bands(), tuple(of), types, np.array([types.index(t) for t in of.values()])
    )


def filled(shape: tuple[int, ...], index: tuple[np.ndarray, ...], values: pd.Series) -> np.ndarray:
    """An array of floats with the sums of values at these places, and zero elsewhere."""
    flat = np.ravel_multi_index(index, shape)
    size = int(np.prod(shape))
    summed = np.bincount(flat, weights=values.astype(float), minlength=size)
    return summed.astype(float).reshape(shape)  # of no values at all numpy makes whole numbers


def read_stock(
    connection: duckdb.DuckDBPyConnection, frame: Frame, first: int, last: int
) -> np.ndarray:
    """Children in care at the ends of the months first to last; shape (las, months, bands, types).

    NaN in months that an authority's returns do not cover.
    """
    rows = connection.execute(
        "select la_code, month_number, age_band, placement_type, count(*) as children "
        "from staging.int_care_month where month_number between $first and $last group by all",
        {"first": first, "last": last},
    ).df()
    rows = rows[rows["la_code"].isin(frame.las)]
    shape = (len(frame.las), last - first + 1, len(frame.bands), len(frame.types))
    index = (
        frame.number(frame.las, rows["la_code"]),
        rows["month_number"].to_numpy() - first,
        frame.number(frame.band_names, rows["age_band"]),
        frame.type_of[frame.number(frame.states, rows["placement_type"])],
    )
    stock = filled(shape, index, rows["children"])
    covered = connection.execute(
        "select la_code, month_number from staging.int_covered_month "
        "where month_number between $first and $last",
        {"first": first, "last": last},
    ).df()
    covered = covered[covered["la_code"].isin(frame.las)]
    known = np.zeros(shape[:2], dtype=bool)
    known[frame.number(frame.las, covered["la_code"]), covered["month_number"] - first] = True
    stock[~known] = np.nan
    return stock


def read_children(
    connection: duckdb.DuckDBPyConnection, frame: Frame, month: int
) -> tuple[tuple[np.ndarray, ...], ...]:
    """Of each authority the children in care at the end of a month: ages, states, months in care.

    In an order that does not depend on the database: equal histories give equal draws.
    """
    rows = connection.execute(
        "select la_code, age_months, placement_type, months_in_care from staging.int_care_month "
        "where month_number = $month order by all",
        {"month": month},
    ).df()
    found = []
    for la in frame.las:
        mine = rows[rows["la_code"] == la]
        found.append(
            (
                mine["age_months"].to_numpy(np.int16),
                frame.number(frame.states, mine["placement_type"]).astype(np.int8),
                mine["months_in_care"].to_numpy(np.int16),
            )
        )
    return tuple(found)
