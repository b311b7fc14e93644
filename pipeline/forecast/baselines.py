"""What a forecast must beat: simple ways to go on from a series, and rates without memory."""

import numpy as np

REFERENCE_MONTHS = 12
WEIGHTS = np.arange(0.1, 1.0, 0.2)
SLOPE_WEIGHTS = np.array([0.01, 0.05, 0.1, 0.2])
DAMPING = (0.8, 0.9, 0.98)


def last_value(series: np.ndarray, months: int) -> np.ndarray:
    """As it is. series: (n, months known); gives (n, months)."""
    return np.repeat(series[:, -1:], months, axis=1)


def drift(series: np.ndarray, months: int) -> np.ndarray:
    """On along the line through the first month known and the last."""
    step = (series[:, -1] - series[:, 0]) / max(series.shape[1] - 1, 1)
    return np.maximum(series[:, -1:] + step[:, None] * np.arange(1, months + 1), 0)


def damped_trend(series: np.ndarray, months: int) -> np.ndarray:
    """Exponential smoothing with a damped trend, ETS(A, Ad, N), of each series as it fits best.

    Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd ed.), chapter 8.
    """
    grid = np.stack(np.meshgrid(WEIGHTS, SLOPE_WEIGHTS, DAMPING), axis=-1).reshape(-1, 3)
    alpha, beta, damping = (column[:, None] for column in grid.T)
    level = np.repeat(series[None, :, 0], len(grid), axis=0).astype(float)
    slope, squares = np.zeros_like(level), np.zeros_like(level)
    for value in series.T[1:]:
        ahead = level + damping * slope
        off = value - ahead
        squares += off**2
        level, slope = ahead + alpha * off, damping * slope + alpha * beta * off
    best = np.argmin(squares, axis=0)
    each = np.arange(series.shape[0])
    passed = np.cumsum(grid[best, 2][:, None] ** np.arange(1, months + 1), axis=1)
    return np.maximum(level[best, each][:, None] + slope[best, each][:, None] * passed, 0)


def constant_rates(
    stock: np.ndarray, moved: np.ndarray, entries: np.ndarray, lengths: np.ndarray, months: int
) -> np.ndarray:
    """Every authority's own rates of the last year, as they were: the method of cs-demand-model.

    stock: [la, band, type] at the origin. moved: [la, band, type, outcome] mean monthly chance to
    leave (0) or be in a type. entries: [la, band, type] a month. lengths: months of each band, of
    whose children one in so many grows into the next each month. Gives [la, band, type, month].
    """
    now = stock.astype(float)
    found = []
    for _ in range(months):
        stays = np.einsum("lbt,lbtx->lbx", now, moved[..., 1:])
        older = stays / lengths[None, :, None]
        now = stays - older + entries
        now[:, 1:] += older[:, :-1]
        found.append(now)
    return np.stack(found, axis=-1)
