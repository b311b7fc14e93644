"""Totals held against England's own: what the last value and the country's growth do, and better.

The origins are every 31 March from 2015, when there are five years of history, to as many years
before 2024 as are forecast.
"""

import numpy as np
import pytest

from pipeline.forecast.totals import authorities_ahead
from tests.forecast.england import (
    in_care,
    lag_variances,
    reverting,
    started,
)

FIRST_ORIGIN = 5  # years of history before it


def error(forecast, ahead: int) -> float:
    """Mean over origins of the sum of errors over the sum of children, in per cent."""
    children = in_care()
    errors = []
    for origin in range(FIRST_ORIGIN, children.shape[1] - ahead):
        came = children[:, origin + ahead]
        told = forecast(children[:, : origin + 1], ahead)
        errors.append(np.abs(told - came).sum() / came.sum())
    return 100 * float(np.mean(errors))


def test_the_figures_are_those_that_were_published() -> None:
    """146 authorities; 83,630 children in England in 2024, most of them in these."""
    children = in_care()
    assert children.shape == (146, 15)
    assert 78_000 < children[:, -1].sum() < 83_630
    assert error(lambda known, ahead: known[:, -1], 1) == pytest.approx(5.65, abs=0.005)
    assert error(lambda known, ahead: known[:, -1], 2) == pytest.approx(8.87, abs=0.005)


@pytest.mark.parametrize(("ahead", "published"), [(1, 5.46), (2, 8.31)])
def test_totals_are_no_worse_than_the_country_s_growth(ahead: int, published: float) -> None:
    def country(known: np.ndarray, ahead: int) -> np.ndarray:
        return known[:, -1] * (known[:, -1].sum() / known[:, -2].sum()) ** ahead

    def ours(known: np.ndarray, ahead: int) -> np.ndarray:
        return authorities_ahead(known, 1, np.array([ahead]))[:, 0]

    assert error(country, ahead) == pytest.approx(published, abs=0.005)
    assert error(ours, ahead) <= published


def test_no_mean_to_come_back_to() -> None:
    """Starts differ the more, the more years lie between; growth hardly tells the next one."""
    variances = lag_variances(started())
    assert 0.015 < variances[0] < 0.025
    assert (np.diff(variances[:5]) > 0).all()
    assert variances[4] == pytest.approx(0.074, abs=0.003)
    assert abs(reverting(in_care())) < 0.15
