"""How many children come into an authority's care each year: as published, and never the same.

The logarithm of the yearly starts walks at random and is shaken each year beside, so that two years
differ the more the further they lie apart: the variance of the difference, beyond counting noise,
is about 0.020 for neighbouring years and 0.074 for years six apart, as published. It passes through
the published level in the year to 31 March 2024, and rises a little, as England's does.
"""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.synthetic.places import Area

PUBLISHED = 2024  # the collection year of the published level
STOCK_ON = dt.date(PUBLISHED, 3, 31)
WALK, SHAKE = 0.104, 0.068  # standard deviations of the logarithm, of a year
WALKS_FOR = 10  # years before and after the published one; beyond them the level stays
GROWTH = 0.01  # a year
CHILDREN_FOR_EACH_START = 83_630 / 33_000  # England, 31 March 2024


@dataclass(frozen=True)
class Demand:
    """What is expected of an authority: children on STOCK_ON, starts by collection year."""

    children: float
    starts: Mapping[int, float]


def demand_of(area: Area, children: int | None, years: range, rng: np.random.Generator) -> Demand:
    """Of its real size; with `children`, as if it looked after so many on STOCK_ON."""
    stock = children or area.children
    level = children / CHILDREN_FOR_EACH_START if children else area.starts
    steps = rng.normal(0, WALK, 2 * WALKS_FOR + 1)
    # The walk is 0 in the published year, whichever way one walks from it.
    walk = np.cumsum(steps) - np.cumsum(steps)[WALKS_FOR]
    shakes = rng.normal(0, SHAKE, len(years))
    starts = {}
    for year, shake in zip(years, shakes, strict=True):
        off = max(-WALKS_FOR, min(WALKS_FOR, year - PUBLISHED))
        starts[year] = level * math.exp(float(walk[off + WALKS_FOR] + shake) + GROWTH * off)
    return Demand(stock, starts)
