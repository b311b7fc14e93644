"""How near forecasts come to what happened, and how often their intervals hold it.

A forecast or what happened is an array [las, bands, types] of children at one month-end; draws have
one more axis, first. WAPE is the sum of absolute errors over the sum of what happened, pooled over
the cells of a level.
"""

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

# Band, first month of age, month after the last.
BANDS = (("under 1", 0, 12), ("1 to 4", 12, 60), ("5 to 9", 60, 120), ("10 to 15", 120, 192),
         ("16 and over", 192, 216))  # fmt: skip
TYPES = ("foster", "residential", "supported", "other")

LEVELS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "LA x band x type": lambda cells: cells,
    "LA x type": lambda cells: cells.sum(axis=-2),
    "LA": lambda cells: cells.sum(axis=(-2, -1)),
    "region x type": lambda cells: cells.sum(axis=(-3, -2)),
    "region": lambda cells: cells.sum(axis=(-3, -2, -1)),
}


def month_number(date: dt.date) -> int:
    return 12 * date.year + date.month


def month_ends(first: int, last: int) -> np.ndarray:
    """Last days of these months (12 x year + month), both included."""
    since_1970 = np.arange(first, last + 1) - 12 * 1970 - 1
    return (since_1970 + 1).astype("datetime64[M]").astype("datetime64[D]") - 1


def counted(episodes: pd.DataFrame, las: Sequence[str], first: int, last: int) -> np.ndarray:
    """[las, bands, types, months] of children in care at the ends of the months first to last.

    In care on a day: started by then and not ended by then. Types other than the first three are
    `other`; children of 18 are in no band and not counted.
    """
    day = month_ends(first, last)
    start = episodes.start_date.to_numpy().astype("datetime64[D]")
    end = episodes.end_date.fillna(pd.Timestamp.max).to_numpy().astype("datetime64[D]")
    begins = np.searchsorted(day, start)  # the first month-end on which it has started
    stops = np.searchsorted(day, end)  # the first on which it has ended
    months = np.maximum(stops - begins, 0)
    row = np.repeat(np.arange(len(episodes)), months)
    month = np.arange(len(row)) - np.repeat(months.cumsum() - months, months) + begins[row]
    born = episodes.birth_date.to_numpy().astype("datetime64[M]").astype(int) + 12 * 1970 + 1
    age = month + first - born[row]
    band = np.searchsorted([until for _, _, until in BANDS], age, side="right")
    la = pd.Index(las).get_indexer(episodes.la_code)[row]
    kind = pd.Index(TYPES).get_indexer(episodes.placement_type)
    kind = np.where(kind < 0, TYPES.index("other"), kind)[row]
    kept = (band < len(BANDS)) & (la >= 0)
    shape = (len(las), len(BANDS), len(TYPES), len(day))
    cells = np.ravel_multi_index([a[kept] for a in (la, band, kind, month)], shape)
    return np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape)


def wape(forecast: np.ndarray, happened: np.ndarray, level: str) -> float:
    """Of one region and month, as a share."""
    at = LEVELS[level]
    return float(np.abs(at(forecast) - at(happened)).sum() / at(happened).sum())


def places(draws: np.ndarray, happened: np.ndarray, level: str, rng: np.random.Generator):
    """Where in the draws each cell fell, 0 to 1 (randomised among draws that equal it).

    Uniform if the draws are right. Cells that were empty and of which every draw says so are left
    out: everyone is right there.
    """
    at = LEVELS[level]
    drawn = at(draws).reshape(len(draws), -1)
    true = at(happened).reshape(-1)
    below, same = (drawn < true).mean(axis=0), (drawn == true).mean(axis=0)
    told = (true > 0) | (drawn > 0).any(axis=0)
    # The edge of what was drawn counts as half a draw, so that nothing falls at exactly 0 or 1.
    half = 0.5 / len(draws)
    return np.clip(below + rng.random(len(true)) * same, half, 1 - half)[told]


def covered(placed: np.ndarray, level: float) -> float:
    """Share of cells that fell into the central interval of this level."""
    return float((np.abs(placed - 0.5) <= level / 2).mean())


def within(draws: np.ndarray, happened: np.ndarray, level: str, share: float) -> np.ndarray:
    """Whether each cell lies in the interval as it is shown, bounds included; as in `places`."""
    at = LEVELS[level]
    drawn, true = at(draws).reshape(len(draws), -1), at(happened).reshape(-1)
    low, high = np.quantile(drawn, [0.5 - share / 2, 0.5 + share / 2], axis=0)
    told = (true > 0) | (drawn > 0).any(axis=0)
    return ((low <= true) & (true <= high))[told]
