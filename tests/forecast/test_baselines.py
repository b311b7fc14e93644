"""What the forecast must beat, on series worked by hand."""

import numpy as np
import pytest

from pipeline.forecast.baselines import (
    DAMPING,
    SLOPE_WEIGHTS,
    WEIGHTS,
    constant_rates,
    damped_trend,
    drift,
    last_value,
)


def test_the_last_value_stays():
    assert last_value(np.array([[1, 2, 7], [3, 3, 3]]), 2).tolist() == [[7, 7], [3, 3]]


def test_drift_goes_on_along_the_line_through_first_and_last():
    rising, falling = np.arange(10, 40), np.r_[np.full(27, 9), 6, 4, 2]
    found = drift(np.stack([rising, falling]), 30)
    # 29 months from 9 to 2.
    assert found[0, :3].tolist() == [40, 41, 42]
    assert found[1, 0] == pytest.approx(2 - 7 / 29)
    assert found[1, -1] == 0


def test_drift_of_one_month_is_the_last_value():
    assert drift(np.array([[5.0]]), 2).tolist() == [[5, 5]]


def by_hand(series, alpha, beta, damping, months):
    """One series in plain Python; its squared errors, and what follows."""
    level, slope, squares = float(series[0]), 0.0, 0.0
    for value in series[1:]:
        ahead = level + damping * slope
        squares += (value - ahead) ** 2
        level, slope = (
            ahead + alpha * (value - ahead),
            damping * slope + alpha * beta * (value - ahead),
        )
    found, passed = [], 0.0
    for month in range(1, months + 1):
        passed += damping**month
        found.append(max(level + slope * passed, 0))
    return squares, found


def test_a_damped_trend_is_that_of_the_weights_that_fit_best():
    rng = np.random.default_rng(1)
    series = np.abs(50 + np.cumsum(rng.normal(0.5, 2, (5, 40)), axis=1))
    found = damped_trend(series, 6)
    for one, ahead in zip(series, found, strict=True):
        tried = [by_hand(one, a, b, d, 6) for a in WEIGHTS for b in SLOPE_WEIGHTS for d in DAMPING]
        best = min(tried, key=lambda pair: pair[0])
        assert ahead == pytest.approx(best[1])


def test_a_flat_series_goes_on_flat_and_none_goes_below_nobody():
    assert damped_trend(np.full((1, 30), 8.0), 3).tolist() == [[8, 8, 8]]
    assert (damped_trend(np.linspace(30, 0, 40)[None], 24) >= 0).all()


def test_constant_rates_by_hand():
    """Two bands of which the first lasts ten months, two types, one authority."""
    stock = np.array([[[100, 20], [50, 10]]])
    moved = np.zeros((1, 2, 2, 3))
    moved[0, 0, 0] = [0.1, 0.8, 0.1]  # of the younger in the first type a tenth leave, a tenth move
    moved[0, 0, 1] = [0.0, 0.0, 1.0]
    moved[0, 1, 0] = [0.2, 0.8, 0.0]
    moved[0, 1, 1] = [0.0, 0.5, 0.5]
    entries = np.array([[[3.0, 0.0], [0.0, 1.0]]])
    found = constant_rates(stock, moved, entries, np.array([10, 5]), 1)[..., 0]
    # Of the younger 80 and 30 stay, of whom 8 and 3 grow up; of the elder 45 and 5, less 9 and 1.
    assert found[0].tolist() == [[80 - 8 + 3, 30 - 3], [45 - 9 + 8, 5 - 1 + 3 + 1]]


def test_constant_rates_conserve_children_but_for_who_comes_leaves_and_grows_up():
    rng = np.random.default_rng(2)
    stock = rng.uniform(0, 50, (3, 4, 5))
    stays = rng.uniform(0.1, 1, (3, 4, 5, 5))
    moved = np.concatenate([np.zeros((3, 4, 5, 1)), stays / stays.sum(-1, keepdims=True)], axis=-1)
    lengths = np.array([12.0, 60, 72, np.inf])  # nobody grows out of the last band
    entries = rng.uniform(0, 2, (3, 4, 5))
    found = constant_rates(stock, moved, entries, lengths, 12)
    total = stock.sum() + entries.sum() * np.arange(1, 13)
    assert found.sum(axis=(0, 1, 2)) == pytest.approx(total)
