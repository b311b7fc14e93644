"""Levels against plain Gaussian computation, and on series of known persistence."""

import numpy as np
import pytest

from pipeline.forecast.levels import LEAST_FACTOR, Level, _filtered, fit, simulate

CANDIDATE = np.array([[0.9, 0.12, 0.2, 0.008]])


def dense(share, due, dispersion, slope_sd):
    """Mean and covariance of (mean, shock) after the last month, and the log-likelihood.

    All months at once, as one Gaussian: linear in the states, with the noise of a level of none.
    """
    persistence, shock, mean, wander = CANDIDATE[0]
    months = len(share)
    steps = np.arange(1, months + 1)
    of_mean = mean**2 + wander**2 * np.minimum(steps[:, None], steps)
    of_mean += slope_sd**2 * np.outer(steps, steps)
    of_shock = shock**2 * persistence ** np.abs(steps[:, None] - steps)
    seen = due > 0
    noise = np.diag(dispersion / due[seen])
    whole = (of_mean + of_shock)[np.ix_(seen, seen)] + noise
    off = share[seen] - 1
    towards = np.stack([of_mean[-1, seen], of_shock[-1, seen]])
    state = towards @ np.linalg.solve(whole, off)
    prior = np.diag([of_mean[-1, -1], of_shock[-1, -1]])
    left = prior - towards @ np.linalg.solve(whole, towards.T)
    likelihood = -0.5 * (np.linalg.slogdet(whole)[1] + off @ np.linalg.solve(whole, off))
    return state, left, likelihood


@pytest.mark.parametrize("slope_sd", [0.0, 0.01])
@pytest.mark.parametrize("gap", [(), (2, 3)])
def test_the_filter_is_the_gaussian_of_all_months(gap, slope_sd):
    """Counts so near to what is expected that the noise is that of a level of none."""
    rng = np.random.default_rng(1)
    due = rng.uniform(50, 100, 8)
    due[list(gap)] = 0
    share = 1 + rng.normal(0, 1e-5, 8)
    likelihood, state, covariance = _filtered(
        (share * due)[None], due[None], 1.3, CANDIDATE, slope_sd
    )
    expected = dense(share, due, 1.3, slope_sd)
    assert state[0, 0, :2] == pytest.approx(expected[0], rel=1e-3)
    assert covariance[0, 0, :2, :2] == pytest.approx(expected[1], rel=1e-3)
    assert likelihood[0] == pytest.approx(expected[2], rel=1e-4)


def test_lasting_shocks_are_told_from_passing_ones():
    rng = np.random.default_rng(2)
    found = {}
    for persistence in (0.8, 0.98):
        shock = rng.normal(0, 0.2, (12, 150))
        for month in range(1, 150):
            fresh = np.sqrt(1 - persistence**2) * shock[:, month]
            shock[:, month] = persistence * shock[:, month - 1] + fresh
        due = np.full(shock.shape, 60.0)
        level = fit(rng.poisson(due * np.maximum(1 + shock, 0.05)).astype(float), due, 1.0)
        found[persistence] = level.weights @ level.candidates[:, 0]
        assert level.weights @ level.candidates[:, 1] == pytest.approx(0.2, abs=0.06)
    assert found[0.8] < 0.87
    assert found[0.98] > 0.92


def test_without_shocks_none_are_seen():
    rng = np.random.default_rng(3)
    due = np.full((8, 120), 40.0)
    level = fit(rng.poisson(due).astype(float), due, 1.0)
    assert level.weights @ level.candidates[:, 1] < 0.04
    assert np.abs(level.weights @ level.state[..., :2].sum(axis=-1)).max() < 0.1


def test_where_nothing_is_known_all_candidates_are_alike():
    level = fit(np.zeros((2, 0)), np.zeros((2, 0)), 1.0)
    assert level.weights == pytest.approx(1 / len(level.weights))
    assert (level.state == 0).all()


def test_simulated_factors_have_the_mean_and_spread_of_the_candidate():
    level = Level(
        np.array([[0.9, 0.1, 0.1, 0.0]]), np.ones(1), np.array([[[0.05, 0.2, 0.01]]]),
        np.zeros((1, 1, 3, 3)),
    )  # fmt: skip
    drawn = simulate(level, 12, 20_000, np.random.default_rng(4))[:, 0]
    after = 1 + 0.05 + 0.01 * np.arange(1, 13) + 0.2 * 0.9 ** np.arange(1, 13)
    assert drawn.mean(axis=0) == pytest.approx(after, abs=0.004)
    spread = 0.1 * np.sqrt(1 - 0.9 ** (2 * np.arange(1, 13)))
    assert drawn.std(axis=0) == pytest.approx(spread, rel=0.03)


def test_no_factor_falls_to_nothing():
    level = Level(
        np.array([[0.9, 0.1, 0.1, 0.0]]), np.ones(1), np.array([[[-5.0, 0.0, 0.0]]]),
        np.zeros((1, 1, 3, 3)),
    )  # fmt: skip
    assert (simulate(level, 3, 10, np.random.default_rng(5)) == LEAST_FACTOR).all()


def test_a_mean_that_wanders_is_followed_and_one_that_stays_is_not():
    """Where it stands now, not what it was on average: what no average knows."""
    rng = np.random.default_rng(6)
    due = np.full((12, 96), 60.0)
    walk = 1 + rng.normal(0, 0.03, due.shape).cumsum(axis=1)
    level = fit(rng.poisson(due * np.maximum(walk, 0.2)).astype(float), due, 1.0)
    assert level.weights @ level.candidates[:, 3] == pytest.approx(0.03, abs=0.012)
    now = 1 + (level.weights[:, None] * level.state[..., :2].sum(axis=-1)).sum(axis=0)
    off = np.abs(now - walk[:, -1]).mean()
    assert off < 0.6 * np.abs(walk.mean(axis=1) - walk[:, -1]).mean()
    still = fit(rng.poisson(due).astype(float), due, 1.0)
    assert still.weights @ still.candidates[:, 3] < 0.005


def test_a_steady_growth_is_seen_where_it_may_be():
    grows = 1 + 0.02 / 12 * np.arange(-95, 1)[None]
    due = np.full((1, 96), 900.0)
    rng = np.random.default_rng(7)
    for slope_sd, least, most in ((0.0, 0, 0), (0.02 / 12, 0.005 / 12, 0.03 / 12)):
        level = fit(rng.poisson(due * grows).astype(float), due, 1.0, True, slope_sd)
        assert least <= level.weights @ level.state[:, 0, 2] <= most
