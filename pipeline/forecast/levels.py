"""How far a flow of children (entries, leavings) stands above what is expected of it.

A regional shock moves every authority, a local one only its own, and what authorities are used to
changes for good: yearly starts differ the more, the more years lie between. A level is a mean,
which wanders and may rise steadily, plus an autoregression of the first order, seen through the
noise of counting. How large and how lasting shocks are is not known for certain either: several
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
WANDER_SD = (0.0, 0.004, 0.008, 0.015, 0.025, 0.04)  # by how much a mean moves in a month
SHARED_WANDER_SD = (0.004, 0.008, 0.015)  # of a single series, which can hardly tell by itself
LEAST_SERIES = 4  # from so many on they tell by themselves how far their means differ
LEAST_FACTOR = 0.05
MEAN, SHOCK, SLOPE = range(3)  # of a state


@dataclass(frozen=True)
class Level:
    """Where levels stand at the end of their series, by candidates; shares of what is expected.

    candidates: shape (candidates, 4), persistence and three standard deviations: of the shock, of
    means between series, of their wandering a month. weights: how likely each is. state:
    (candidates, series, 3), mean, shock and slope (of the mean, a month) of a series. covariance:
    (candidates, series, 3, 3).
    """

    candidates: np.ndarray
    weights: np.ndarray
    state: np.ndarray
    covariance: np.ndarray


def fit(
    counts: np.ndarray,
    expected: np.ndarray,
    dispersion: float,
    own_means: bool = False,
    slope_sd: float = 0.0,
) -> Level:
    """Weigh the candidates by all series together; both arrays have shape (series, months).

    dispersion: variance of a count over its mean. own_means: what is expected follows from the
    series themselves, so that they cannot tell how far their means differ. slope_sd: how steadily a
    mean may rise or fall in a month, before it is seen. A month in which nothing is expected tells
    nothing.
    """
    means = MEAN_SD[-1:] if own_means or len(counts) < LEAST_SERIES else MEAN_SD
    wander = SHARED_WANDER_SD if len(counts) == 1 else WANDER_SD
    candidates = np.array(list(itertools.product(PERSISTENCE, SHOCK_SD, means, wander)))
    likelihood, state, covariance = _filtered(counts, expected, dispersion, candidates, slope_sd)
    weights = np.exp(likelihood - likelihood.max())
    return Level(candidates, weights / weights.sum(), state, covariance)


def _filtered(
    counts: np.ndarray,
    expected: np.ndarray,
    dispersion: float,
    candidates: np.ndarray,
    slope_sd: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-likelihood of each candidate over all series, and states after the last month."""
    persistence, shock_sd, mean_sd, wander_sd = candidates.T
    state = np.zeros((len(candidates), len(counts), 3))
    covariance = np.zeros((*state.shape, 3))
    for place, sd in ((MEAN, mean_sd), (SHOCK, shock_sd), (SLOPE, slope_sd)):
        covariance[..., place, place] = np.broadcast_to(sd, len(candidates))[:, None] ** 2
    step = _step(persistence)
    fresh = np.zeros((len(candidates), 1, 3, 3))
    fresh[:, 0, MEAN, MEAN] = wander_sd**2
    fresh[:, 0, SHOCK, SHOCK] = shock_sd**2 * (1 - persistence**2)
    likelihood = np.zeros(len(candidates))
    for count, due in zip(counts.T, expected.T, strict=True):
        state = np.einsum("cij,csj->csi", step, state)
        covariance = np.einsum("cij,csjk,clk->csil", step, covariance, step) + fresh
        told = due > 0
        share = np.divide(count, due, out=np.ones_like(due, dtype=float), where=told)
        level = state[..., MEAN] + state[..., SHOCK]
        # The level itself makes counts larger or smaller, and their noise with them.
        noise = dispersion * np.maximum(1 + level, 0.2) / np.where(told, due, 1.0)
        towards = covariance[..., MEAN] + covariance[..., SHOCK]
        variance = towards[..., MEAN] + towards[..., SHOCK] + noise
        surprise = np.where(told, share - 1 - level, 0.0)
        weight = told / variance
        state = state + towards * (weight * surprise)[..., None]
        covariance = (
            covariance - towards[..., :, None] * towards[..., None, :] * (weight[..., None, None])
        )
        likelihood -= 0.5 * (told * (np.log(variance) + surprise**2 / variance)).sum(axis=1)
    return likelihood, state, covariance


def _step(persistence: np.ndarray) -> np.ndarray:
    """How a state becomes that of the next month; shape (candidates, 3, 3)."""
    step = np.zeros((len(persistence), 3, 3))
    step[:, MEAN, MEAN] = step[:, MEAN, SLOPE] = step[:, SLOPE, SLOPE] = 1
    step[:, SHOCK, SHOCK] = persistence
    return step


def simulate(level: Level, months: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Factors on what is expected in the months to come; shape (draws, series, months)."""
    which = rng.choice(len(level.weights), size=draws, p=level.weights)
    state, covariance = level.state[which], level.covariance[which]
    persistence, shock_sd, _, wander_sd = (c[:, None] for c in level.candidates[which].T)
    root = np.linalg.cholesky(covariance + 1e-12 * np.eye(3))
    start = state + np.einsum("dsij,dsj->dsi", root, rng.standard_normal(state.shape))
    mean, shock, slope = start[..., MEAN], start[..., SHOCK], start[..., SLOPE]
    fresh = shock_sd * np.sqrt(1 - persistence**2)
    steps = rng.standard_normal((2, months, *mean.shape))
    factors = np.empty((*mean.shape, months))
    for month in range(months):
        mean = mean + slope + wander_sd * steps[0, month]
        shock = persistence * shock + fresh * steps[1, month]
        factors[..., month] = np.maximum(1 + mean + shock, LEAST_FACTOR)
    return factors
