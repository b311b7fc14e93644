"""How far a flow of children (entries, leavings) stands above what is expected of it.

Flows wander about their means for months: a regional shock moves every authority, a local one only
its own. A level is a mean, which may drift, plus an autoregression of the first order, seen through
the noise of counting. How large and how lasting shocks are is not known for certain either: several
candidates are weighed by their likelihood, and each draw follows one of them. Source: the local
level model and the Kalman filter, Durbin and Koopman, Time Series Analysis by State Space Methods
(2012), chapters 2 and 4.
"""

import itertools
from dataclasses import dataclass

import numpy as np

PERSISTENCE = (0.8, 0.9, 0.95, 0.98)  # of a shock per month: half gone in 3, 7, 14 and 34 months
SHOCK_SD = (0.0, 0.03, 0.06, 0.09, 0.12, 0.16, 0.25)  # as shares of what is expected
MEAN_SD = (0.05, 0.1, 0.2, 0.5)  # how far the means of series differ
WANDER_SD = (0.0, 0.004, 0.008)  # by how much a mean moves in a month
LEAST_SERIES = 4  # from so many on they tell by themselves how far their means differ
LEAST_FACTOR = 0.05


@dataclass(frozen=True)
class Level:
    """Where levels stand at the end of their series, by candidates; shares of what is expected.

    candidates: shape (candidates, 4), persistence and three standard deviations: of the shock, of
    means between series, of their wandering a month. weights: how likely each is. state:
    (candidates, series, 2), mean and shock of a series. covariance: (candidates, series, 2, 2).
    """

    candidates: np.ndarray
    weights: np.ndarray
    state: np.ndarray
    covariance: np.ndarray


def fit(
    counts: np.ndarray, expected: np.ndarray, dispersion: float, own_means: bool = False
) -> Level:
    """Weigh the candidates by all series together; both arrays have shape (series, months).

    dispersion: variance of a count over its mean. own_means: what is expected follows from the
    series themselves, so that they cannot tell how far their means differ. A month in which nothing
    is expected tells nothing.
    """
    means = MEAN_SD[-1:] if own_means or len(counts) < LEAST_SERIES else MEAN_SD
    candidates = np.array(list(itertools.product(PERSISTENCE, SHOCK_SD, means, WANDER_SD)))
    likelihood, state, covariance = _filtered(counts, expected, dispersion, candidates)
    weights = np.exp(likelihood - likelihood.max())
    return Level(candidates, weights / weights.sum(), state, covariance)


def _filtered(
    counts: np.ndarray, expected: np.ndarray, dispersion: float, candidates: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-likelihood of each candidate over all series, and states after the last month."""
    persistence, shock_sd, mean_sd, wander_sd = (column[:, None] for column in candidates.T)
    shape = (len(candidates), len(counts))
    mean, shock, v_both = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    v_mean, v_shock = mean_sd**2 + mean, shock_sd**2 + shock
    likelihood = np.zeros(len(candidates))
    for count, due in zip(counts.T, expected.T, strict=True):
        shock = shock * persistence
        v_both = v_both * persistence
        v_shock = v_shock * persistence**2 + shock_sd**2 * (1 - persistence**2)
        v_mean = v_mean + wander_sd**2
        told = due > 0
        share = np.divide(count, due, out=np.ones_like(due, dtype=float), where=told)
        level = mean + shock
        # The level itself makes counts larger or smaller, and their noise with them.
        noise = dispersion * np.maximum(1 + level, 0.2) / np.where(told, due, 1.0)
        to_mean, to_shock = v_mean + v_both, v_both + v_shock
        variance = to_mean + to_shock + noise
        surprise = np.where(told, share - 1 - level, 0.0)
        weight = told / variance
        mean, shock = mean + to_mean * weight * surprise, shock + to_shock * weight * surprise
        v_mean = v_mean - to_mean**2 * weight
        v_both = v_both - to_mean * to_shock * weight
        v_shock = v_shock - to_shock**2 * weight
        likelihood -= 0.5 * (told * (np.log(variance) + surprise**2 / variance)).sum(axis=1)
    columns = [np.stack([v_mean, v_both], axis=-1), np.stack([v_both, v_shock], axis=-1)]
    return likelihood, np.stack([mean, shock], axis=-1), np.stack(columns, axis=-1)


def simulate(level: Level, months: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Factors on what is expected in the months to come; shape (draws, series, months)."""
    which = rng.choice(len(level.weights), size=draws, p=level.weights)
    state, covariance = level.state[which], level.covariance[which]
    persistence, shock_sd, _, wander_sd = (c[:, None] for c in level.candidates[which].T)
    root = np.linalg.cholesky(covariance + 1e-12 * np.eye(2))
    start = state + np.einsum("dsij,dsj->dsi", root, rng.standard_normal(state.shape))
    mean, shock = start[..., 0], start[..., 1]
    fresh = shock_sd * np.sqrt(1 - persistence**2)
    steps = rng.standard_normal((2, months, *mean.shape))
    factors = np.empty((*mean.shape, months))
    for month in range(months):
        mean = mean + wander_sd * steps[0, month]
        shock = persistence * shock + fresh * steps[1, month]
        factors[..., month] = np.maximum(1 + mean + shock, LEAST_FACTOR)
    return factors
