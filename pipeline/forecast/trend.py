"""A steady drift of a flow against what is expected of it, such as ever more residential care."""

from dataclasses import dataclass

import numpy as np

SLOPE_SD = 0.06 / 12  # a drift by more than 6% a year is unlikely before it is seen
HALF_LIFE = 96.0  # months after which what was seen counts half
STEPS = 12  # of Newton's method, which needs five or six


@dataclass(frozen=True)
class Trend:
    """Natural logarithm of a flow over what is expected: at the origin, and its slope a month."""

    at_origin: float
    slope: float
    slope_sd: float


def trend(
    events: np.ndarray, expected: np.ndarray, months: np.ndarray, slope_sd: float = SLOPE_SD
) -> Trend:
    """Poisson regression on time; the slope is drawn towards none.

    events, expected: shape (months,). months: 0 at the origin, negative before. slope_sd: of slopes
    before any is seen. Where nothing is expected there is no trend.
    """
    told = expected > 0
    if not (expected[told].sum() > 0 and events[told].sum() > 0):
        return Trend(0.0, 0.0, slope_sd)
    weights = 0.5 ** (-months[told] / HALF_LIFE)
    events, expected, months = events[told], expected[told], months[told]
    prior = 1 / slope_sd**2
    level, slope = np.log((weights * events).sum() / (weights * expected).sum()), 0.0
    for _ in range(STEPS):
        mean = weights * expected * np.exp(level + slope * months)
        off = weights * events - mean
        gradient = np.array([off.sum(), (off * months).sum() - prior * slope])
        cross = (mean * months).sum()
        curve = np.array([[mean.sum(), cross], [cross, (mean * months**2).sum() + prior]])
        step = np.clip(np.linalg.solve(curve, gradient), -1, 1)
        level, slope = level + step[0], slope + step[1]
    return Trend(float(level), float(slope), float(np.sqrt(np.linalg.inv(curve)[1, 1])))
