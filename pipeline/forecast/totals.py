"""Totals to come from totals that were: what a series of counts says of its own future.

What England's authorities teach (`tests/forecast/test_england.py` holds this to them): the number
of children in an authority's care hardly reverts to anything, its own growth of a year tells a
tenth of the next one's, and what the country grew by tells most of what it will. The country's
growth over the years and that of its last year are both worth something.
"""

import numpy as np

LAST_YEAR = 0.3  # of the region's growth is what its last year says; the rest its whole history
OWN = 0.1  # of what an authority grew by beyond the region in the last year goes on
PRIOR_YEARS = 2.0  # of no growth, to which that of a history is drawn
PRIOR_YEARS_OF_TYPE = 0.5  # types grow and shrink for longer than totals: residential care for ten
MOST = 0.15  # growth a year, as a logarithm: a larger one is of files that are not whole


def authorities_ahead(series: np.ndarray, per_year: int, ahead: np.ndarray) -> np.ndarray:
    """Children of each authority so many periods ahead; shape (authorities, ahead).

    series: [authority, period] children, oldest first; per_year: periods in a year. An authority
    grows as all of them together, and a little as itself.
    """
    back = min(per_year, series.shape[1] - 1)
    lately = series[:, -1 - back :]
    region = LAST_YEAR * _growth(_whole(lately), per_year)
    region = region + (1 - LAST_YEAR) * _growth(_whole(series), per_year)
    own = _growth(lately, per_year) - _growth(_whole(lately), per_year)
    return _on(series, _drawn(region, series, per_year, PRIOR_YEARS) + OWN * own, per_year, ahead)


def types_ahead(series: np.ndarray, per_year: int, ahead: np.ndarray) -> np.ndarray:
    """Children of each type so many periods ahead: each grows as it grew; shape (types, ahead)."""
    growth = _drawn(_growth(series, per_year), series, per_year, PRIOR_YEARS_OF_TYPE)
    return _on(series, growth, per_year, ahead)


def _whole(series: np.ndarray) -> np.ndarray:
    return series.sum(axis=0, keepdims=True)


def _growth(series: np.ndarray, per_year: int) -> np.ndarray:
    """From the first period to the last, logarithm a year; of one period none."""
    ends = np.log(np.maximum(series[:, [0, -1]], 1.0))
    years = max(series.shape[1] - 1, 1) / per_year
    return np.clip((ends[:, 1] - ends[:, 0]) / years, -MOST, MOST)


def _drawn(growth: np.ndarray, series: np.ndarray, per_year: int, prior: float) -> np.ndarray:
    """Towards none, the more the shorter the history."""
    years = (series.shape[1] - 1) / per_year
    return growth * years / (years + prior)


def _on(series: np.ndarray, growth: np.ndarray, per_year: int, ahead: np.ndarray) -> np.ndarray:
    return series[:, -1:] * np.exp(growth[:, None] * np.asarray(ahead) / per_year)
