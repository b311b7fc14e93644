"""Trends against the best of many tried, and on flows of known drift."""

import numpy as np
import pytest
from scipy.optimize import minimize

from pipeline.forecast.trend import HALF_LIFE, SLOPE_SD, Trend, trend

MONTHS = np.arange(-59.0, 1)


@pytest.mark.parametrize("seed", range(6))
def test_no_other_line_is_likelier(seed):
    rng = np.random.default_rng(seed)
    expected = rng.uniform(0.2, 30, 60) * rng.choice([0, 1], 60, p=[0.1, 0.9])
    events = rng.poisson(expected * np.exp(rng.normal(0, 0.3) + rng.normal(0, 0.01) * MONTHS))

    def unlikely(line):
        mean = expected * np.exp(line[0] + line[1] * MONTHS)
        seen = expected > 0
        logs = events[seen] * np.log(mean[seen]) - mean[seen]
        return (line[1] / SLOPE_SD) ** 2 / 2 - (0.5 ** (-MONTHS[seen] / HALF_LIFE) * logs).sum()

    best = minimize(unlikely, [0.0, 0.0], method="Nelder-Mead",
                    options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 4000})  # fmt: skip
    found = trend(events, expected, MONTHS)
    assert (found.at_origin, found.slope) == pytest.approx(best.x, abs=1e-5)


def test_much_evidence_shows_the_drift_and_little_leaves_none():
    """A tenth more a year."""
    slope = np.log(1.1) / 12
    flow = 2000 * np.exp(slope * MONTHS)
    much, little = trend(flow, np.full(60, 2000.0), MONTHS), trend(flow / 2000, np.ones(60), MONTHS)
    assert much.slope == pytest.approx(slope, rel=0.05)
    assert much.at_origin == pytest.approx(0, abs=0.01)
    assert 0 < little.slope < 0.3 * slope
    assert much.slope_sd < 0.1 * SLOPE_SD < little.slope_sd <= SLOPE_SD


@pytest.mark.parametrize(
    ("events", "expected"), [(np.zeros(60), np.ones(60)), (np.zeros(60), np.zeros(60))]
)
def test_where_nothing_happens_or_is_expected_there_is_no_trend(events, expected):
    assert trend(events, expected, MONTHS) == Trend(0.0, 0.0, SLOPE_SD)


def test_of_no_months_there_is_no_trend():
    assert trend(np.zeros(0), np.zeros(0), np.zeros(0)) == Trend(0.0, 0.0, SLOPE_SD)
