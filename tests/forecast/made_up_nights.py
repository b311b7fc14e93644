"""Nights, prices and draws of children, made up so that what they cost is known by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.forecast.nights import GROUPS, Nights
from pipeline.forecast.prices import PriceDraws, Prices, Rises

TYPES = ("foster", "residential", "supported", "other")
ORIGIN = 12 * 2026 + 3  # March 2026

# By authority, months before the origin, type and group: nights, those with a price, pounds of
# these, and pounds of all nights.
Cells = Mapping[tuple[str, int, str, str], tuple[float, float, float, float]]


@dataclass(frozen=True)
class MadeUpDraws:
    """Children at month-ends, shape (draws, las, months, bands, types)."""

    las: tuple[str, ...]
    types: tuple[str, ...]
    origin: int
    stock: np.ndarray


def nights_of(
    cells: Cells, las: tuple[str, ...] = ("A", "B"), months: int = 24, origin: int = ORIGIN
) -> Nights:
    """Nights of so many covered months, in which nobody is in care but for the cells."""
    shape = (len(las), months, len(TYPES))
    filled = np.zeros((4, *shape, len(GROUPS)))
    for (la, ago, of_type, group), figures in cells.items():
        where = las.index(la), months - 1 - ago, TYPES.index(of_type), GROUPS.index(group)
        filled[(slice(None), *where)] = figures
    return Nights(las, TYPES, origin, *filled, np.zeros(shape), np.ones(shape[:2], bool))


def prices_of(
    per_night: np.ndarray,
    share: np.ndarray,
    las: tuple[str, ...] = ("A", "B"),
    ratio: float = 1.0,
    rise: float = 0.0,
    origin: int = ORIGIN,
) -> Prices:
    """Prices that are known for sure. Both arrays become (las, types, groups)."""
    shape = (len(las), len(TYPES), len(GROUPS))
    sure = Rises(
        rise, 0.0, np.full(len(TYPES), rise), np.full(len(TYPES), 1e-9), np.zeros(shape[:2])
    )
    wide = (np.broadcast_to(a, shape).astype(float) for a in (per_night, share))
    return Prices(las, TYPES, origin, *wide, np.full(len(TYPES), ratio), sure, {})


def no_surprise(prices: Prices, draws: int) -> PriceDraws:
    """Prices that rise as is most likely, in all draws."""
    rise = prices.rises.of_types(np.full(draws, prices.rises.general))
    return PriceDraws(rise, np.zeros((draws, len(prices.las), len(prices.types))))


def children_of(
    stock: np.ndarray, las: tuple[str, ...] = ("A", "B"), origin: int = ORIGIN
) -> MadeUpDraws:
    """Draws of children of one age band; stock has the shape (draws, las, months, types)."""
    return MadeUpDraws(las, TYPES, origin, stock[:, :, :, None, :].astype(np.int32))
